# SPDX-License-Identifier: GPL-2.0-or-later
"""Walk over the hunks of a diff as it stands in a mail, damaged or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

_HEADER = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@")
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}")
_MARKS = ("", " ", "+", "-", "\\")
_FILE = re.compile(r"(?:diff --git |diff -|Index: |--- \S|\+\+\+ \S|@@ -\d)")


class RawHunk(Struct, frozen=True):
    """One hunk: the index of its ``@@`` line, and of the line after its last.

    ``strange`` are the indices of lines that begin with no mark of a diff. ``exact``
    says that there are as many lines as the header promises; ``context`` that strange
    lines count as context, elsewhere they count as nothing.
    """

    at: int
    end: int
    strange: tuple[int, ...] = ()
    exact: bool = True
    context: bool = False

    @property
    def whole(self) -> bool:
        """Say whether every line is there and every line is one of a diff."""
        return self.exact and not self.strange


def hunks(lines: Sequence[str]) -> Iterator[RawHunk]:
    """Yield each hunk.

    It ends where it has its lines, or where another or another file begins. Strange
    lines count as nothing, as the rest of a wrapped line does, unless the hunk only
    comes out if they are context.
    """
    number = 0
    while number < len(lines):
        hit = _HEADER.match(lines[number])
        number += 1
        if hit:
            sizes = int(hit[1] or 1), int(hit[2] or 1)
            hunk = _hunk(lines, number, sizes, context=False)
            if hunk.strange and not hunk.exact:
                other = _hunk(lines, number, sizes, context=True)
                hunk = other if other.exact else hunk
            yield hunk
            number = hunk.end


def _hunk(
    lines: Sequence[str], start: int, sizes: tuple[int, int], *, context: bool
) -> RawHunk:
    old, new = sizes
    number = start
    strange: list[int] = []
    while (old > 0 or new > 0) and number < len(lines):
        line = lines[number]
        mark = line[:1]
        if mark not in _MARKS:
            if _FILE.match(line):
                break
            strange.append(number)
            mark = " " if context else "\\"
        elif mark == "-" and (old <= 0 or _is_signature(lines, number)):
            break
        old -= mark in ("", " ", "-")
        new -= mark in ("", " ", "+")
        number += 1
    exact = old == new == 0 and not _goes_on(lines, number)
    return RawHunk(start - 1, number, tuple(strange), exact, context)


def _is_signature(lines: Sequence[str], number: int) -> bool:
    """Say whether git's signature stands here, and not the removal of a ``-``."""
    if lines[number] != "-- " or number + 1 >= len(lines):
        return False
    return _VERSION.match(lines[number + 1]) is not None


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """Say whether one more line of a hunk follows where none should."""
    line = lines[number] if number < len(lines) else ""
    return line.startswith((" ", "+", "-")) and not line.startswith(
        ("-- ", "--", "+++ ")
    )


def broken(lines: Sequence[str]) -> int:
    """Return how many hunks are not whole."""
    return sum(not hunk.whole for hunk in hunks(lines))
