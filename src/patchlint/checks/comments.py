# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about comments in C and assembly."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import Span
from patchlint.syntax.comments import spans

_CODE = re.compile(r"[;{}\\]|->|#\s*(?:if|define)|\bif \(|\bfor \(|[=!]=")
_INTERVAL = re.compile(r"\([^()\[\]]*\]|\[[^()\[\]]*\)")
_QUOTED = re.compile(
    r"\"[^\"]*\"|(?<!\w)'[^'\n]{1,40}'(?!\w)|`[^`\n]{1,40}[`']"
    r"|(?<![\w)])[:;]-?[()](?=\s|$)"
)
_URL = re.compile(r"\b[a-z]{2,8}://[^\s<>\"]+")
# Drawings and tables: rules, box characters, a gap that no full stop explains.
_DRAWN = re.compile(
    r"-{4}|[+|]--|--[+|]|\+==|[\u2500-\u257f]|[^\s.?!:](?:[ ]{2,}|\t)\S"
)
_MARKS = re.compile(r"[ \t]*(?:/\*+|//+)?[ \t]*\**[ \t]*")
_LONGEST = 2000
_REACH = 2
_KEYED = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of a comment line: where they begin, and in which line they stand."""

    text: str
    number: int
    column: int


_Paragraph = list[_Line]


def unclosed_parenthesis(program: Program, _: Options) -> Iterator[Match]:
    """A comment paragraph opens a parenthesis for good.

    In a whole file any counts, as the engine subtracts what was there before; where
    only hunks are known, one that the patch writes.
    """
    for source in program.sources:
        if source.language:
            for paragraph, following in _paragraphs(source):
                written = any(line.number in source.changed for line in paragraph)
                if written or source.image.whole:
                    yield from _unclosed(source, paragraph, following)


def _unclosed(
    source: Source, paragraph: _Paragraph, following: _Paragraph
) -> Iterator[Match]:
    own = "\n".join(line.text for line in paragraph)
    text = "\n".join((own, *(line.text for line in following)))
    if _CODE.search(own) or any(len(line.text) > _LONGEST for line in paragraph):
        return
    bare = _blanked(_blanked(_URL.sub(_without_url, text), _QUOTED), _INTERVAL)
    seen = (at for at in _open(bare) if at < len(own) and not _is_drawn(own, at))
    opened = next(seen, None)
    if opened is None:
        return
    row = own.count("\n", 0, opened)
    line = paragraph[row]
    at = opened - (own.rfind("\n", 0, opened) + 1)
    end = line.column + len(line.text.rstrip())
    yield Match(
        where=source.at(Span(line.number, line.column + at, line.number, end)),
        message="This parenthesis is never closed; the comment looks cut off.",
        key=f"unclosed: {' '.join(own[opened:].split()[:_KEYED])}",
    )


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), text)


def _without_url(hit: re.Match[str]) -> str:
    """Blank an address, but for the parentheses it closes without opening them."""
    over = max(0, hit[0].count(")") - hit[0].count("("))
    return " " * (len(hit[0]) - over) + ")" * over


def _open(text: str) -> list[int]:
    """Return the offsets of parentheses that stay open; a ``1)`` opens nothing."""
    stack: list[int] = []
    for at, char in enumerate(text):
        if char == "(":
            stack.append(at)
        elif char == ")" and stack:
            stack.pop()
    return stack


def _is_drawn(text: str, at: int) -> bool:
    """Say whether a parenthesis belongs to a drawing or a table."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[begin : end if end >= 0 else len(text)]
    gap = _DRAWN.search(line)
    drawn = gap is not None and (gap.end() <= at - begin + 1 or gap[0][-1] in "-+|=")
    return drawn or text.startswith(("  ", "\t"), at + 1)


def _paragraphs(source: Source) -> Iterator[tuple[_Paragraph, _Paragraph]]:
    """Yield each paragraph of a comment whose end is at hand, and the next one."""
    for text, numbers in _runs(source):
        for group in _groups(text, numbers):
            *kept, last = group.paragraphs
            shown = kept if group.is_cut else group.paragraphs
            for paragraph, following in zip(shown, [*kept[1:], last, []], strict=False):
                if paragraph:
                    yield paragraph, following


def _runs(source: Source) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the text of consecutive lines, and their numbers: a whole file, or hunks.

    Giant lines are no prose; of them, only what begins or ends a comment is kept.
    """
    rows = [
        row if len(row) <= _LONGEST else re.sub(r"[^/*]+", " ", row)
        for row in source.image.text.split("\n")
    ]
    begin, numbers = 0, source.image.numbers
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield "\n".join(rows[begin:at]), numbers[begin:at]
            begin = at


@dataclass(slots=True)
class _Group:
    """Comments that may be one text; ``is_cut`` if it goes on out of sight.

    Those are comments in lines that follow each other; one behind code may go on two
    lines below, and begins a paragraph.
    """

    paragraphs: list[_Paragraph]
    last: int
    reach: int
    is_cut: bool = False

    def add(self, line: _Line) -> None:
        """Take a line in; an empty one ends the paragraph."""
        if line.text:
            self.paragraphs[-1].append(line)
        else:
            self.end_paragraph()

    def end_paragraph(self) -> None:
        """Begin another paragraph, unless the last one is still empty."""
        if self.paragraphs[-1]:
            self.paragraphs.append([])


def _groups(text: str, numbers: tuple[int, ...]) -> Iterator[_Group]:
    """Yield the comments of lines that follow each other."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    group: _Group | None = None
    for begin, end in _comments(text):
        row = bisect_right(starts, begin) - 1
        if group and row > group.last + group.reach:
            yield group
            group = None
        group = group or _Group([[]], row, 1)
        behind = bool(text[starts[row] : begin].strip())
        if behind:
            group.end_paragraph()
        while starts[row] < end:
            piece = slice(max(begin, starts[row]), min(end, starts[row + 1] - 1))
            group.add(_line(text[piece], numbers[row], piece.start - starts[row] + 1))
            row += 1
        group.last, group.reach = row - 1, _REACH if behind else 1
        lined = text.startswith("//", begin)
        closed = row < len(numbers) if lined else text.endswith("*/", begin, end)
        group.is_cut = not closed
    if group:
        yield group


def _line(text: str, number: int, column: int) -> _Line:
    """Return a line of a comment without its marks."""
    text = text.removesuffix("*/")
    mark = _MARKS.match(text)
    skipped = mark.end() if mark else 0
    return _Line(text[skipped:].rstrip(), number, column + skipped)


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of comments.

    A hunk may begin inside of one: lines with a star in front are taken for that.
    """
    begin = 0
    if text.lstrip(" \t").startswith("*"):
        end = text.find("*/")
        begin = end + 2 if end >= 0 else len(text)
        yield 0, begin
    for first, end in spans(text[begin:]):
        yield begin + first, begin + end
