# SPDX-License-Identifier: GPL-2.0-or-later
"""A mail as one run of characters without blanks, ready to be searched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

HEAD = 16
"""How many characters of a line are looked up where all of it is not there."""
_LONG = 4000


def key(line: str) -> str:
    """Return what of a line is compared: no blanks, no marks of a quote in front."""
    return "".join(line[:_LONG].split()).lstrip(">")


class Text(Struct, frozen=True):
    """A mail as one run of characters.

    ``numbers`` and ``starts`` are, for each line that is not blank, its number and the
    offset where it begins. ``whole`` and ``heads`` lead from a line, and from the
    beginning of one, to offsets.
    """

    run: str
    numbers: Sequence[int]
    starts: Sequence[int]
    whole: Mapping[str, Sequence[int]]
    heads: Mapping[str, Sequence[int]]

    def line(self, offset: int) -> int:
        """Return the number of the line a character stands in."""
        return self.numbers[bisect_right(self.starts, offset) - 1]


def text(lines: Sequence[tuple[int, str]]) -> Text:
    """Prepare the lines of a mail, given with their numbers."""
    kept = [(number, made) for number, line in lines if (made := key(line))]
    starts = list(accumulate((len(made) for _, made in kept), initial=0))[:-1]
    whole: dict[str, list[int]] = {}
    heads: dict[str, list[int]] = {}
    for (_, made), start in zip(kept, starts, strict=True):
        whole.setdefault(made, []).append(start)
        if len(made) >= HEAD:
            heads.setdefault(made[:HEAD], []).append(start)
    run = "".join(made for _, made in kept)
    return Text(run, [number for number, _ in kept], starts, whole, heads)
