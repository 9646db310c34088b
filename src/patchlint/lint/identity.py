# SPDX-License-Identifier: GPL-2.0-or-later
"""What a finding is known by from one version of a series to the next."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence

from msgspec import Struct

from patchlint.model.change import FileChange, Hunk, Kind
from patchlint.model.finding import Finding
from patchlint.model.location import InFile
from patchlint.model.message import Subject
from patchlint.model.series import Patch, Series

_FUNCTION = re.compile(r"[A-Za-z_$](?!.*:\s*$)")
_NAME = re.compile(r"([A-Za-z_]\w*)\s*\(")
_DIGITS = re.compile(r"\d+")
_WORD = 40
NOWHERE = -1
"""The place of a patch that has no partner."""


class Known(Struct, frozen=True):
    """A finding by what it is, not where: lines move, patches are renumbered.

    ``place`` is the position of its patch in the newer version. ``path`` is empty for
    the message, ``section`` names the function around the line that is quoted. ``text``
    is that line, ``word`` what is pointed at in it, where that is short.
    """

    finding: Finding
    patch: Patch | None
    place: int
    path: str
    section: str
    text: str
    word: str

    @property
    def rule(self) -> str:
        """The rule it is of."""
        return self.finding.rule

    @property
    def message(self) -> str:
        """What is said, without numbers: those of lines and patches move."""
        return _DIGITS.sub("#", self.finding.message)


Key = Callable[[Known], Hashable]

KEYS: Sequence[Key] = (
    lambda k: (k.place, k.path, k.section, k.finding.message, k.text),
    lambda k: (k.path, k.section, k.finding.message, k.text),
    lambda k: (k.place, k.finding.message, k.text),
    lambda k: (k.path, k.message, k.text),
    lambda k: (k.place, k.path, k.section, k.text),
    lambda k: (k.place, k.path, k.section, k.message) if k.path else None,
    lambda k: (k.place, k.word, k.message) if k.word and not k.path else None,
    lambda k: (
        (k.message, k.text) if k.path and len(k.text) > len("return 0;") else None
    ),
)
"""What tells that two findings of one rule are one, the surest first.

The same place comes before the same function, the same text before the same words about
another text. None stands for: this tells nothing.
"""


def known(
    findings: Sequence[Finding], series: Series, places: Mapping[int, int] | None = None
) -> tuple[Known, ...]:
    """Return what findings of a posting are known by.

    ``places`` are the positions of its patches in the newer version; without them, it
    is the newer one.
    """
    patches = {patch.message.message_id: patch for patch in series.patches}
    titles = {mail.message_id: mail.subject for mail in series.messages}
    made: list[Known] = []
    for finding in findings:
        patch = patches.get(finding.message_id)
        position = patch.position if patch else 0
        place = position
        if places is not None and patch is not None:
            place = places.get(position, NOWHERE)
        path = finding.where.path if isinstance(finding.where, InFile) else ""
        made.append(
            Known(
                finding=finding,
                patch=patch,
                place=place,
                path=path,
                section=_section(finding, patch) if path else "",
                text=_text(finding, titles, is_code=bool(path)),
                word=_word(finding),
            )
        )
    return tuple(made)


def _text(finding: Finding, titles: Mapping[str, Subject], *, is_code: bool) -> str:
    """Return the line that is quoted: a subject without what counts it."""
    subject = titles.get(finding.message_id)
    if subject and finding.anchor.span.line == subject.line:
        return subject.text
    return " ".join((finding.quote[1:] if is_code else finding.quote).split())


def _word(finding: Finding) -> str:
    span = finding.anchor.span
    if span.end_line != span.line:
        return ""
    word = finding.quote[span.column - 1 : span.end_column - 1].strip().lower()
    return word if len(word) <= _WORD else ""


def _section(finding: Finding, patch: Patch | None) -> str:
    """Return the function that git would show above a hunk that begins there."""
    number = finding.anchor.span.line
    found = locate(patch, number) if patch else None
    if found is None:
        return ""
    _, hunk = found
    for line in reversed(hunk.lines):
        is_above = line.mail <= number and line.kind is not Kind.REMOVED
        if is_above and _FUNCTION.match(line.text):
            return _named(line.text)
    return _named(hunk.heading)


def _named(line: str) -> str:
    hit = _NAME.search(line)
    return hit[1] if hit else " ".join(line.split())


def locate(patch: Patch, number: int) -> tuple[FileChange, Hunk] | None:
    """Return the hunk that a line of the mail stands in."""
    at = bisect_right(patch.changes, number, key=lambda change: change.mail)
    change = patch.changes[at - 1] if at else None
    if change is None:
        return None
    at = bisect_right(change.hunks, number, key=lambda hunk: hunk.mail)
    hunk = change.hunks[at - 1] if at else None
    is_inside = hunk and hunk.lines and number <= hunk.lines[-1].mail
    return (change, hunk) if hunk and is_inside else None
