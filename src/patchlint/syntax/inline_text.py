# SPDX-License-Identifier: GPL-2.0-or-later
"""The text of an ``asm`` statement: where its parts begin, what its strings say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from patchlint.model.location import Span
from patchlint.syntax.layout import Range

STRING = r'"(?:[^"\\\n]|\\\r?\n|\\.)*"'
CHARACTER = r"'(?:[^'\\\n]|\\.){1,8}'"
_SIGN = re.compile(rf"{STRING}|{CHARACTER}|[()\[\]{{}}:,;]")
_WORD = r"(?:\#+[ \t]*)?[A-Za-z_]\w*(?:[ \t]*\#\#[ \t]*\w+)*"
_PIECE = re.compile(
    rf"(?P<string>[LuU]?{STRING})|(?P<word>{_WORD})(?P<call>\s*\()?"
    r"|(?P<gap>(?:\s|\\\r?\n)+)|(?P<sign>.)"
)
_ESCAPE = re.compile(r"\\(?:(\r?\n)|([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "a": "\a", "b": "\b"}
_BLANK = " \t\r\n\\"
_REACH = 20000
_DEPTH = 6

Place = tuple[int, int]


class Piece(Struct, frozen=True, eq=False):
    """A string, its escapes undone, or the text of a macro with its arguments.

    ``places`` are the line and column of each character of ``text``.
    """

    text: str
    places: tuple[Place, ...]
    is_literal: bool
    arguments: tuple[tuple[Piece, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """The text of a node: ``text`` has blanks for comments, ``original`` has all."""

    text: str
    original: str
    at: Span
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = (0, *(found.end() for found in re.finditer("\n", self.text)))
        object.__setattr__(self, "starts", starts)

    def place(self, offset: int) -> Place:
        """Return the line and column of a character in the file."""
        row = bisect_right(self.starts, offset) - 1
        first = self.at.column if row == 0 else 1
        return self.at.line + row, offset - self.starts[row] + first

    def span(self, start: int, end: int) -> Span:
        """Return the place of the characters from ``start`` up to ``end``."""
        return Span(*self.place(start), *self.place(end))

    def strip(self, start: int, end: int) -> Range:
        """Take blanks and joined line ends off both ends."""
        while start < end and self.text[start] in _BLANK:
            start += 1
        while end > start and self.text[end - 1] in _BLANK:
            end -= 1
        return start, end

    def sections(self, start: int) -> tuple[list[Range], int]:
        """Cut at the colons up to the closing parenthesis; return the end behind it."""
        found, begin = [], start
        limit = min(len(self.text), start + _REACH)
        for sign, at in self._signs(start, limit):
            if sign in ":);":
                found.append((begin, at))
                begin = at + 1
            if sign == ")":
                return found, at + 1
            if sign == ";":
                return found, at
        return [*found, (begin, limit)], limit

    def parts(self, start: int, end: int) -> Iterator[Range]:
        """Cut at the commas."""
        for sign, at in self._signs(start, end):
            if sign == ",":
                yield start, at
                start = at + 1
        yield start, end

    def last_group(self, start: int, end: int) -> int:
        """Return where the parentheses open that are last; ``end`` if none are."""
        opened, depth = end, 0
        for found in _SIGN.finditer(self.text, start, end):
            sign = found.group()
            if sign in ("(", "[", "{"):
                opened = found.start() if depth == 0 else opened
                depth += 1
            elif sign in (")", "]", "}"):
                depth -= 1
        is_last = depth == 0 and self.text[opened:end][-1:] == ")"
        return opened if is_last and self.text[opened] == "(" else end

    def _signs(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        """Yield separators outside of brackets, and the bracket too many."""
        depth = 0
        for found in _SIGN.finditer(self.text, start, end):
            sign = found.group()
            if depth == 0 and sign in (":", ",", ")", ";"):
                yield sign, found.start()
            depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
            depth = max(depth, 0)


def pieces(source: Text, start: int, end: int, depth: int = 0) -> tuple[Piece, ...]:
    """Read strings and macros in the order they are joined; the rest are macros too."""
    found: list[Piece] = []
    at = start
    while at < end and (token := _PIECE.match(source.text, at, end)):
        at = token.end()
        if token["string"]:
            found.append(_string(source, token.start(), at))
        elif not token["gap"]:
            arguments: tuple[tuple[Piece, ...], ...] = ()
            if token["call"]:
                listed, at = source.sections(at)
                at = min(at, end)
                arguments = _arguments(source, listed[0][0], at - 1, depth)
            found.append(_macro(source, token.start(), at, arguments))
    return tuple(found)


def _arguments(
    source: Text, start: int, end: int, depth: int
) -> tuple[tuple[Piece, ...], ...]:
    if depth >= _DEPTH:
        return ()
    return tuple(
        pieces(source, *part, depth + 1)
        for part in source.parts(start, max(start, end))
    )


def _macro(
    source: Text, start: int, end: int, arguments: tuple[tuple[Piece, ...], ...]
) -> Piece:
    """Keep the text of a macro on one line."""
    text = re.sub(r"[\s\\]", " ", source.text[start:end])
    places = tuple(source.place(at) for at in range(start, end))
    return Piece(text, places, is_literal=False, arguments=arguments)


def _string(source: Text, start: int, end: int) -> Piece:
    signs: list[str] = []
    places: list[Place] = []
    at = source.text.index('"', start, end) + 1
    while at < end - 1:
        escape = _ESCAPE.match(source.text, at, end - 1)
        sign = _unescaped(escape) if escape else source.text[at]
        if sign:
            signs.append(sign)
            places.append(source.place(at))
        at = escape.end() if escape else at + 1
    return Piece("".join(signs), tuple(places), is_literal=True)


def _unescaped(escape: re.Match[str]) -> str:
    joined, octal, hexadecimal, sign = escape.groups()
    if joined:
        return ""
    if octal or hexadecimal:
        return chr(int(octal or hexadecimal, 8 if octal else 16))
    return _SIGNS.get(sign, sign)
