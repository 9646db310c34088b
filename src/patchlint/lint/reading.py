# SPDX-License-Identifier: GPL-2.0-or-later
"""How well the code around a place could be read."""

from __future__ import annotations

from bisect import bisect_right

from patchlint.lint.context import Source
from patchlint.model.finding import Step
from patchlint.model.location import Span
from patchlint.syntax import c
from patchlint.syntax.c import Item


def outline(source: Source) -> tuple[Item, ...]:
    """Return the top-level items of a C source, worked out once."""
    return source.facts.of(_items, source)


def unread(source: Source, line: int) -> Step | None:
    """Return the step of a proof that says what around a line could not be parsed.

    None where the function was read to its end, where there is none, and where only
    hunks are known: what they cut off is no fault of the code.
    """
    if source.language != "c" or not source.image.whole:
        return None
    functions = source.facts.of(_functions, source)
    at = bisect_right(functions, line, key=lambda item: item.span.line)
    item = functions[at - 1] if at and line <= functions[at - 1].span.end_line else None
    first = source.facts.of(c.unread, item) if item else 0
    if not item or not first:
        return None
    text = source.image.text.split("\n")[first - 1].strip()
    note = f"part of {item.name}() could not be parsed (line {first})"
    return Step(source.at(Span(first)), text, note)


def _functions(source: Source) -> tuple[Item, ...]:
    return tuple(item for item in outline(source) if item.kind == c.FUNCTION)


def _items(source: Source) -> tuple[Item, ...]:
    return c.items(source.image)
