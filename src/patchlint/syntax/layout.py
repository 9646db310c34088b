# SPDX-License-Identifier: GPL-2.0-or-later
"""Offsets in the text of an image, to places in its file."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.image import Image
from patchlint.model.location import Span

Range = tuple[int, int]


class Layout(Struct, frozen=True, eq=False):
    """A text, and where its characters stand in the file.

    ``starts`` are the offsets of its lines; ``numbers`` their numbers in the file, as
    many: the empty text after the last line end counts as a line.
    """

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the place of the characters from offset ``start`` up to ``end``."""
        row = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end, row) - 1
        return Span(
            self.numbers[row],
            start - self.starts[row] + 1,
            self.numbers[last],
            end - self.starts[last] + 1,
        )

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place; the numbers of the lines must be ascending."""
        row = bisect_left(self.numbers, line)
        return self.starts[row] + column - 1

    def runs(self) -> Iterator[Range]:
        """Yield the stretches of text whose line numbers follow each other."""
        begin = 0
        for row in range(1, len(self.starts)):
            if self.numbers[row] != self.numbers[row - 1] + 1:
                yield begin, self.starts[row]
                begin = self.starts[row]
        yield begin, len(self.text)


def layout(image: Image) -> Layout:
    """Lay out the text of an image."""
    starts = (0, *(found.end() for found in re.finditer("\n", image.text)))
    known = image.numbers[: len(starts)] or (1,)
    beyond = range(known[-1] + 1, known[-1] + 1 + len(starts) - len(known))
    return Layout(image.text, starts, (*known, *beyond))
