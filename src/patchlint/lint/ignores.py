# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint: ignore RULE -- reason``: where it stands, and what it is about.

Below the cut of a patch it counts for the mail. What is not mailed (``--range``) has
nothing below the cut; there it stands in a comment of a file, at the line, or alone
right above it. In what is mailed a comment does not count: it would enter the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.change import Kind
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.model.series import Patch, Series

_IGNORE = r"patchlint:[ \t]*ignore\b(.*)"
_BELOW = re.compile(rf"[ \t]*{_IGNORE}")
_COMMENT = re.compile(rf"(.*?)(?:/\*|//|#|;|\.\.)[ \t]*{_IGNORE}")
_LONG = 400
_MOST = 1000


class Ignore(Struct, frozen=True):
    """One line that asks for silence.

    ``line`` is that of the mail. ``covers`` are the lines of the mail that it is about,
    all of them where it is empty. Without a ``reason`` nothing is silenced.
    """

    message_id: str
    line: int
    rules: tuple[str, ...]
    reason: str
    where: Location
    covers: frozenset[int] = frozenset()
    is_comment: bool = False
    is_new: bool = True

    def covers_line(self, line: int) -> bool:
        """Say whether a line of its mail is one that this is about."""
        return not self.covers or line in self.covers


def ignores(series: Series) -> Iterator[Ignore]:
    """Yield the lines that ask for silence, in posting order, up to a thousand."""
    found = 0
    for patch in series.patches:
        for ignore in (*_below(patch), *_comments(patch)):
            found += 1
            if found > _MOST:
                return
            yield ignore


def _below(patch: Patch) -> Iterator[Ignore]:
    """Yield those between the cut and the diff."""
    message = patch.message
    for number in patch.parts.notes:
        text = message.line(number)[:_LONG]
        if "patchlint:" in text and (hit := _BELOW.fullmatch(text.rstrip())):
            where = InMessage(Span(number))
            rules, reason = _read(hit[1])
            yield Ignore(message.message_id, number, rules, reason, where)


def _comments(patch: Patch) -> Iterator[Ignore]:
    """Yield those in comments of files, where a hunk shows them on the new side."""
    for change in patch.changes:
        for hunk in change.hunks:
            lines = [line for line in hunk.lines if line.kind is not Kind.REMOVED]
            for at, line in enumerate(lines):
                if "patchlint:" not in line.text:
                    continue
                hit = _COMMENT.fullmatch(_bare(line.text[:_LONG]))
                if hit is None:
                    continue
                below = lines[at + 1].mail if at + 1 < len(lines) else 0
                covers = {line.mail} if hit[1].strip() else {line.mail, below}
                yield Ignore(
                    patch.message.message_id,
                    line.mail,
                    *_read(hit[2]),
                    InFile(change.path, Side.NEW, Span(line.new or 1)),
                    frozenset(covers),
                    is_comment=True,
                    is_new=line.kind is Kind.ADDED,
                )


def _bare(text: str) -> str:
    """Return a line without the end of its comment."""
    return text.rstrip().removesuffix("*/").rstrip()


def _read(text: str) -> tuple[tuple[str, ...], str]:
    """Return the rules that are named, and the reason."""
    rules, _, reason = text.partition("--")
    return tuple(re.findall(r"[^\s,]+", rules)), reason.strip()
