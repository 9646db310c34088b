# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about comments in C and assembly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import Span

_CODE = re.compile(r"[;{}\\]|->|#\s*(?:if|define)|\bif \(|\bfor \(|[=!]=")
_INTERVAL = re.compile(r"\([^()\[\]]*\]|\[[^()\[\]]*\)")
_QUOTED = re.compile(
    r"\"[^\"]*\"|(?<!\w)'[^'\n]{1,40}'(?!\w)|`[^`\n]{1,40}[`']"
    r"|(?<![\w)])[:;]-?[()](?=\s|$)"
)
_LINE = re.compile(
    r"[ \t]*(?P<open>/\*+)?[ \t]*(?P<star>\*(?!/))?(?P<text>.*?)(?P<end>\*/.*)?"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of a comment line: where they begin, and in which line they stand."""

    text: str
    number: int
    column: int


def unclosed_parenthesis(program: Program, _: Options) -> Iterator[Match]:
    """A comment paragraph that the patch writes opens a parenthesis for good."""
    for source in program.sources:
        if source.language:
            for paragraph in _paragraphs(source):
                if any(line.number in source.changed for line in paragraph):
                    yield from _unclosed(source, paragraph)


def _unclosed(source: Source, paragraph: list[_Line]) -> Iterator[Match]:
    text = "\n".join(line.text for line in paragraph)
    if _CODE.search(text):
        return
    opened = _open(_blanked(_blanked(text, _QUOTED), _INTERVAL))
    if not opened:
        return
    row = text.count("\n", 0, opened[0])
    line = paragraph[row]
    at = opened[0] - (text.rfind("\n", 0, opened[0]) + 1)
    end = line.column + len(line.text.rstrip())
    yield Match(
        where=source.at(Span(line.number, line.column + at, line.number, end)),
        message="This parenthesis is never closed; the comment looks cut off.",
        key=f"unclosed: {' '.join(line.text[at:].split())}",
    )


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), text)


def _open(text: str) -> list[int]:
    """Return the offsets of parentheses that stay open; a ``1)`` opens nothing."""
    stack: list[int] = []
    for at, char in enumerate(text):
        if char == "(":
            stack.append(at)
        elif char == ")" and stack:
            stack.pop()
    return stack


def _paragraphs(source: Source) -> Iterator[list[_Line]]:
    """Yield the paragraphs of block comments whose end is at hand.

    They end at an empty comment line, or where the comment ends and the next line
    begins no other. A hunk may begin inside a comment: there, lines with a star in
    front are taken for one.
    """
    current: list[_Line] = []
    inside, last = False, 0
    rows = source.image.text.split("\n")
    for row, number in zip(rows, source.image.numbers, strict=False):
        if not source.image.whole and number != last + 1:
            current, inside = [], row.lstrip(" \t").startswith("*")
        last = number
        hit = _LINE.fullmatch(row)
        if hit is None or not (inside or hit["open"]):
            if current and not inside:
                yield current
            current = []
            continue
        if hit["text"].strip():
            current.append(_Line(hit["text"], number, hit.start("text") + 1))
        elif current:
            yield current
            current = []
        inside = hit["end"] is None
    if current and not inside:
        yield current
