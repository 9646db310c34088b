# SPDX-License-Identifier: GPL-2.0-or-later
"""A commit message while it is written: what the hook says, at the lines of the file.

What git takes away (comments, what is below the scissors) is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from patchlint.adapters.git_settings import OF_MESSAGES, all_settings
from patchlint.cli.lsp.series_look import now, report_on, start_of
from patchlint.cli.lsp.told import NOTHING, Answer, Place, Remark, Swap, Task
from patchlint.cli.lsp.words import remark, troubles
from patchlint.lint.text_only import asks_of_text, posting, written_at
from patchlint.mail.commit_text import Text, cleaned, cleanup_of, comment_of
from patchlint.mail.rewrite import changed_lines
from patchlint.model.finding import Finding
from patchlint.model.location import InMessage, Location
from patchlint.model.message import Address, Message

_SUBJECT = "Subject: "
_MOST = 1 << 20
# git names the author in a comment where he is not the one who commits.
_AUTHOR = re.compile(r"^\S{1,4} Author: {1,8}([^<\n]{0,200}) <([^>\n]{0,200})>$", re.M)


def look(task: Task) -> Answer:
    """Return what is said of one message."""
    ((name, raw),) = task.texts.items()
    if len(raw) > _MOST:
        return Answer(unread=(f"more than {_MOST} characters",))
    path = Path(name)
    known = _settings(path.parent, now())
    text = cleaned(raw, cleanup_of(known, is_edited=True), comment_of(known))
    # What git has written itself is not for us to judge.
    is_merge = path.with_name("MERGE_HEAD").exists()
    if not text.lines or text.is_passing or is_merge:
        return NOTHING
    committer = Address(known.get("user.name", ""), known.get("user.email", ""))
    named = _AUTHOR.search(raw)
    author = Address(named[1], named[2]) if named else committer
    series = posting(text.lines, author, committer)
    start = start_of(task, (path.parent, *map(Path, task.folders)))
    report = report_on((series,), start, asks_of_text)
    spot = _Spot(name, text, series.head)
    remarks = tuple(spot.remark(finding) for finding in report.findings)
    return Answer(remarks, trouble=troubles(report))


@lru_cache(maxsize=16)
def _settings(folder: Path, _now: int) -> Mapping[str, str]:
    return {
        key: values[-1] for key, values in all_settings(folder, OF_MESSAGES).items()
    }


class _Spot:
    """The lines of a message, which is a mail here, as lines of the file."""

    def __init__(self, name: str, text: Text, message: Message) -> None:
        self._name = name
        self._text = text
        self._message = message

    def remark(self, finding: Finding) -> Remark:
        """Return a finding at its place."""
        trace = ((self._place(step.where), step) for step in finding.trace)
        swaps = self._swaps(finding)
        return remark(finding, self._place(finding.anchor), trace, swaps)

    def _place(self, where: Location) -> Place | None:
        if not isinstance(where, InMessage):
            return None
        at = where.span
        line = self._number(at.line)
        shift = len(_SUBJECT) if at.line == 1 else 0
        if at.end_line != at.line or at.end_column <= shift:
            return Place(self._name, line)
        return Place(self._name, line, max(at.column - shift, 1), at.end_column - shift)

    def _number(self, line: int) -> int:
        return self._text.numbers[written_at(self._text.lines, line)]

    def _swaps(self, finding: Finding) -> tuple[Swap, ...]:
        changed = changed_lines(self._message.lines, finding.edits)
        made = []
        for line, new in changed.items():
            old = self._text.lines[written_at(self._text.lines, line)]
            if line == 1:
                new = tuple(row.removeprefix(_SUBJECT) for row in new)
            made.append(Swap(self._number(line), old, new))
        return tuple(made)
