# SPDX-License-Identifier: GPL-2.0-or-later
"""The comments of one side of a file, whole or as hunks show it; and its code."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from patchlint.lint.context import Source
from patchlint.syntax.comments import spans
from patchlint.syntax.layout import layout

LONGEST = 2000
"""Characters of a line that somebody may have written."""

_MARKS = re.compile(r"[ \t]*(?:/\*+|//+)?[ \t]*\**[ \t]*")
_REACH = 2


class Line(Struct, frozen=True):
    """The words of a comment line: where they begin, and in which line they stand."""

    text: str
    number: int
    column: int


Paragraph = tuple[Line, ...]


class Comment(Struct, frozen=True):
    """One comment, or a part of one where a hunk cuts it.

    ``text`` is all of it, marks included. ``front`` and ``back`` are what stands before
    and behind it in its first and last line. ``is_cut`` if its end is not at hand.
    """

    text: str
    lines: tuple[Line, ...]
    front: str
    back: str
    is_cut: bool

    @property
    def first(self) -> int:
        """The number of its first line."""
        return self.lines[0].number

    @property
    def last(self) -> int:
        """The number of its last line."""
        return self.lines[-1].number


def comments(source: Source) -> tuple[Comment, ...]:
    """Return the comments of a source, in order."""
    return tuple(comment for run in _all_runs(source) for comment in run)


def paragraphs(source: Source) -> Iterator[tuple[Paragraph, Paragraph]]:
    """Yield each paragraph of a comment whose end is at hand, and the next one."""
    for run in _all_runs(source):
        for group in _groups(run):
            *kept, last = group.paragraphs
            shown = kept if group.is_cut else group.paragraphs
            for paragraph, following in zip(shown, [*kept[1:], last, []], strict=False):
                if paragraph:
                    yield tuple(paragraph), tuple(following)


def _all_runs(source: Source) -> tuple[tuple[Comment, ...], ...]:
    return source.facts.of(_runs_of_comments, source)


def _runs_of_comments(source: Source) -> tuple[tuple[Comment, ...], ...]:
    return tuple(tuple(_in_run(text, numbers)) for text, numbers in _runs(source))


def _runs(source: Source) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the text of consecutive lines, and their numbers: a whole file, or hunks.

    Giant lines are no prose; of them, only what begins or ends a comment is kept.
    """
    rows = [
        row if len(row) <= LONGEST else re.sub(r"[^/*]+", " ", row)
        for row in source.image.text.split("\n")
    ]
    begin, numbers = 0, source.image.numbers
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield "\n".join(rows[begin:at]), numbers[begin:at]
            begin = at


def _in_run(text: str, numbers: tuple[int, ...]) -> Iterator[Comment]:
    """Yield the comments of lines that follow each other."""
    starts = [0]
    for shown in text.split("\n"):
        starts.append(starts[-1] + len(shown) + 1)
    for begin, end in _spans(text):
        first = bisect_right(starts, begin) - 1
        last = bisect_right(starts, max(begin, end - 1)) - 1
        lines = []
        for row in range(first, last + 1):
            piece = slice(max(begin, starts[row]), min(end, starts[row + 1] - 1))
            lines.append(_line(text[piece], numbers[row], piece.start - starts[row]))
        lined = text.startswith("//", begin)
        closed = last + 1 < len(numbers) if lined else text.endswith("*/", begin, end)
        yield Comment(
            text=text[begin:end],
            lines=tuple(lines),
            front=text[max(starts[first], begin - LONGEST) : begin],
            back=text[end : min(starts[last + 1] - 1, end + LONGEST)],
            is_cut=not closed,
        )


def _line(text: str, number: int, offset: int) -> Line:
    """Return a line of a comment without its marks."""
    text = text.removesuffix("*/")
    mark = _MARKS.match(text)
    skipped = mark.end() if mark else 0
    return Line(text[skipped:].rstrip(), number, offset + 1 + skipped)


def _spans(text: str) -> Iterator[tuple[int, int]]:
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


class _Group(Struct):
    """Comments that may be one text; ``is_cut`` if it goes on out of sight.

    Those are comments in lines that follow each other; one behind code may go on two
    lines below, and begins a paragraph.
    """

    paragraphs: list[list[Line]]
    last: int
    reach: int
    is_cut: bool = False

    def add(self, line: Line) -> None:
        """Take a line in; an empty one ends the paragraph."""
        if line.text:
            self.paragraphs[-1].append(line)
        else:
            self.end_paragraph()

    def end_paragraph(self) -> None:
        """Begin another paragraph, unless the last one is still empty."""
        if self.paragraphs[-1]:
            self.paragraphs.append([])


def _groups(run: tuple[Comment, ...]) -> Iterator[_Group]:
    group: _Group | None = None
    for comment in run:
        if group and comment.first > group.last + group.reach:
            yield group
            group = None
        group = group or _Group([[]], comment.first, 1)
        behind = bool(comment.front.strip())
        if behind:
            group.end_paragraph()
        for line in comment.lines:
            group.add(line)
        group.last, group.reach = comment.last, _REACH if behind else 1
        group.is_cut = comment.is_cut
    if group:
        yield group


def code(source: Source) -> str:
    """Return the text of a source with its comments blanked; offsets and lines stay."""
    return source.facts.of(_code, source)


def _code(source: Source) -> str:
    text, parts, done = source.image.text, [], 0
    for begin, end in layout(source.image).runs():
        for first, last in _spans(text[begin:end]):
            blank = re.sub(r"[^\n]", " ", text[begin + first : begin + last])
            parts += [text[done : begin + first], blank]
            done = begin + last
    return "".join((*parts, text[done:]))


def changed_code(source: Source) -> Iterator[Line]:
    """Yield the code of each line that the patch adds, or removes on the old side."""
    rows = zip(source.image.numbers, code(source).split("\n"), strict=False)
    for number, row in rows:
        if number in source.changed and len(row) <= LONGEST:
            yield Line(row, number, 1)
