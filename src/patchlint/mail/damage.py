# SPDX-License-Identifier: GPL-2.0-or-later
"""What a mailer did to a diff: wrapped lines, lost blanks, blanks for tabs.

Pure, and of the lines of a diff alone. A defect is only claimed where the damage
explains what is seen: a hunk that comes out right once the damage is undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchlint.mail.hunks import RawHunk, hunks
from patchlint.model.defect import Defect, DefectKind

_NBSP = "\xa0"
_SHORTEST_WRAP = 60
_ENOUGH = 5
"""So many lines of context with blanks for tabs are no accident."""
_FILE = re.compile(r"\+\+\+ (?:[^/\s]+/)*(\S+)")
_TABBED = re.compile(r".*\.(?:c|h|S|dts|dtsi)|Kconfig.*|Makefile.*")

_BREAKS = "no-break spaces stand where a diff has blanks"
_COLUMN = "a line of context has lost its first blank"
_WRAPPED = "a line of the diff was wrapped by the mailer"
_TABS = "blanks stand for every tab of the code"


def find_damage(lines: Sequence[str], first: int = 1) -> tuple[Defect, ...]:
    """Return what a mailer did to a diff; ``first`` is the number of its first line.

    Each kind of damage is told once, where it begins.
    """
    found = [*hunks(lines)]
    marks: dict[tuple[DefectKind, str, bool], list[int]] = {}
    for hunk in found:
        if told := _kind(lines, hunk):
            marks.setdefault(told, []).extend(hunk.strange)
    if blanks := _blanks(lines, found):
        marks[DefectKind.MAIL_BLANKS, _TABS, False] = blanks
    return tuple(
        Defect(kind, _counted(text, len(at)), first + min(at), hides)
        for (kind, text, hides), at in marks.items()
    )


def _counted(text: str, count: int) -> str:
    return text if count == 1 else f"{text} ({count} lines)"


def _kind(lines: Sequence[str], hunk: RawHunk) -> tuple[DefectKind, str, bool] | None:
    """Return what happened to a hunk with lines that begin with no mark of a diff."""
    if not (hunk.strange and hunk.exact):
        return None
    if hunk.context:
        if any(lines[n].startswith(_NBSP) for n in hunk.strange):
            return DefectKind.MAIL_BLANKS, _BREAKS, True
        return DefectKind.MAIL_FIRST_COLUMN, _COLUMN, True
    if all(_overflows(lines[n - 1], lines[n]) for n in hunk.strange):
        return DefectKind.MAIL_WRAPPED, _WRAPPED, True
    return None


def _overflows(line: str, following: str) -> bool:
    """Say whether the first word of a line did not fit on the line before it."""
    word = following.split(maxsplit=1)
    return bool(word) and len(line) + len(word[0]) >= _SHORTEST_WRAP


def _blanks(lines: Sequence[str], found: Sequence[RawHunk]) -> list[int]:
    """Return the lines of code that have blanks for tabs, if no line has a tab.

    A tab comes out as 8 blanks, or as the blanks up to the column it reached: then 7
    are left behind the mark. Code that is indented otherwise is as its author wants it.
    """
    context: list[tuple[int, int]] = []
    for number in _code(lines, found):
        text = lines[number][1:]
        if "\t" in text[:8]:
            return []
        if lines[number][0] != "+" and text.startswith("  ") and text.strip():
            context.append((number, len(text) - len(text.lstrip(" "))))
    for rest in (0, 7):
        exact = [number for number, wide in context if wide % 8 == rest]
        if len(exact) >= _ENOUGH and len(exact) * 10 >= len(context) * 8:
            return exact
    return []


def _code(lines: Sequence[str], found: Sequence[RawHunk]) -> Iterator[int]:
    """Yield the lines of hunks in files that the kernel indents with tabs."""
    tabbed, at = False, 0
    for hunk in found:
        for number in range(at, hunk.at):
            if hit := _FILE.match(lines[number]):
                tabbed = _TABBED.fullmatch(hit[1]) is not None
        at = hunk.end
        if tabbed:
            yield from (n for n in range(hunk.at + 1, hunk.end) if lines[n])
