# SPDX-License-Identifier: GPL-2.0-or-later
"""The text of a chunk of C, and where its bytes stand in the file."""

from __future__ import annotations

from msgspec import Struct

from patchlint.model.location import Span

Point = tuple[int, int]


class Text(Struct, frozen=True, eq=False):
    """The bytes that were parsed; ``text`` is the same, "" unless it is all ASCII.

    ``line`` and ``column`` are those of the first byte. ``lines`` are the rows of a
    text that has more bytes than characters.
    """

    source: bytes
    line: int
    column: int
    text: str
    lines: tuple[bytes, ...]

    def cut(self, start: int, end: int) -> str:
        """Return the characters of the bytes from ``start`` up to ``end``."""
        return self.text[start:end] if self.text else decoded(self.source[start:end])

    def span(self, start: Point, end: Point) -> Span:
        """Rows from 0 and columns in bytes, to lines and characters from 1."""
        if self.lines:
            return Span(*self.place(start), *self.place(end))
        (row, width), (last, stop) = start, end
        return Span(
            self.line + row,
            width + (1 if row else self.column),
            self.line + last,
            stop + (1 if last else self.column),
        )

    def place(self, point: Point) -> tuple[int, int]:
        """Return the line and the column of one place."""
        row, width = point
        if self.lines:
            width = len(decoded(self.lines[row][:width]))
        return self.line + row, width + (1 if row else self.column)


def text_of(source: bytes, line: int, column: int = 1) -> Text:
    """Lay out the bytes of a text that begins at a line and column of its file."""
    if source.isascii():
        return Text(source, line, column, source.decode("ascii"), ())
    return Text(source, line, column, "", (*source.split(b"\n"), b""))


def encoded(text: str) -> bytes:
    """Return the bytes of a text, those that were no UTF-8 as they were."""
    return text.encode("utf-8", "surrogateescape")


def decoded(raw: bytes | None) -> str:
    """Return the text of bytes, those that are no UTF-8 kept as surrogates."""
    return (raw or b"").decode("utf-8", "surrogateescape")
