# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: a C prototype that a comment quotes, against the one that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.prototypes import Prototype, prototype_of
from patchlint.analysis.routines import routines
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import Span
from patchlint.syntax.comments import spans

# The edges of a comment, boxes included, become blanks: offsets stay.
_EDGE = re.compile(r"^[ \t]*[/*|#+]+|[|][ \t]*$", re.MULTILINE)
_CALL = re.compile(r"\b([A-Za-z_]\w*)[ ]?\(([^(){};]{1,400})\)")
_PARAMETER = re.compile(r"(?:[A-Za-z_]\w*[\s*]+)+[A-Za-z_]\w*(?:\[\w*\])?")


class _Quote(Struct, frozen=True):
    """A prototype in a comment; ``span`` is the name in it."""

    name: str
    text: str
    count: int
    span: Span


def quoted_prototype(
    program: Program, options: Options
) -> Iterator[Match | NotChecked]:
    """A quoted prototype has as many parameters as the routine takes."""
    types = options.pattern("types")
    for source in program.written_in("asm"):
        names = frozenset(r.name for r in routines(source) if not r.local)
        for quote in _quotes(source, names, types):
            prototype = prototype_of(program, quote.name, source.path)
            if prototype is None:
                if quote.span.line in source.changed:
                    yield NotChecked(f"the prototype of {quote.name}()")
                continue
            takes = len(prototype.parameters)
            if takes == quote.count:
                continue
            yield Match(
                where=source.at(quote.span),
                message=(
                    f"The comment quotes {quote.name}() with {_counted(quote.count)};"
                    f" it takes {takes}. Correct the quoted prototype, or drop it."
                ),
                trace=(
                    Step(source.at(quote.span), quote.text, "as the comment has it"),
                    Step(prototype.where, _spelled(prototype), "as it is declared"),
                ),
                key=f"{quote.name} quoted with {quote.count} of {takes}",
            )


def _quotes(
    source: Source, names: frozenset[str], types: re.Pattern[str]
) -> Iterator[_Quote]:
    """Yield what reads as a declaration of a routine, not as a call or as prose."""
    text = source.image.text
    for start, end in spans(text):
        plain = _EDGE.sub(lambda edge: " " * len(edge[0]), text[start:end])
        for found in _CALL.finditer(plain):
            if found[1] not in names:
                continue
            count = _parameters(" ".join(found[2].split()), types)
            if count is not None:
                span = _span(source, start + found.start(), len(found[1]))
                yield _Quote(found[1], " ".join(found[0].split()), count, span)


def _parameters(listed: str, types: re.Pattern[str]) -> int | None:
    """Return how many parameters a list declares; None if it declares none."""
    if listed == "void":
        return 0
    parts = [part.strip() for part in listed.split(",")]
    declared = all(_PARAMETER.fullmatch(part) for part in parts)
    typed = any("*" in part or types.match(part) for part in parts)
    return len(parts) if declared and typed else None


def _span(source: Source, offset: int, width: int) -> Span:
    before = source.image.text[:offset]
    line = source.image.numbers[before.count("\n")]
    column = offset - (before.rfind("\n") + 1) + 1
    return Span(line, column, line, column + width)


def _counted(count: int) -> str:
    return "1 parameter" if count == 1 else f"{count} parameters"


def _spelled(prototype: Prototype) -> str:
    listed = ", ".join(f"{p.type} {p.name}".strip() for p in prototype.parameters)
    return f"{prototype.name}({listed or 'void'})"
