# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about declarations: what one file says must be what the other says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from patchlint.analysis.c_file import arguments, calls, functions, words
from patchlint.analysis.prototypes import Prototype, prototype_of, prototypes
from patchlint.analysis.scope import scope
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Severity, Step
from patchlint.model.location import InFile
from patchlint.syntax.c import Item
from patchlint.syntax.comments import without_comments
from patchlint.syntax.layout import layout
from patchlint.syntax.node import Node

_REACH = 2000
_NUMBERED = re.compile(r"\d+$")
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\\\n]|\\(?:\n|.))*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Macro:
    """One ``DECLARE_X(type, name)`` or ``DEFINE_X(type, name)``."""

    verb: str
    suffix: str
    type: str
    name: str
    where: InFile
    text: str
    changed: bool

    def agrees(self, other: _Macro) -> bool:
        """The same section suffix and type; blanks do not count."""
        return (self.suffix, self.type) == (other.suffix, other.type)

    @property
    def shown(self) -> str:
        """The macro as it should be written."""
        return f"{self.verb}_{self.suffix}({self.type}, {self.name})"


def declare_define_mismatch(program: Program, options: Options) -> Iterator[Match]:
    """A variable is declared by one macro or type and defined by another.

    Another section alone is only a warning: not every architecture addresses by it.
    """
    found = list(_macros(program, options.words("families")))
    for declared in (macro for macro in found if macro.verb == "DECLARE"):
        defined = [m for m in found if m.verb == "DEFINE" and m.name == declared.name]
        if not defined or any(declared.agrees(macro) for macro in defined):
            continue
        other = defined[0]
        pair = (
            (declared, other)
            if declared.changed > other.changed
            else (
                other,
                declared,
            )
        )
        yield Match(
            where=pair[0].where,
            message=(
                f"{declared.name} is declared as {declared.shown} and defined as "
                f"{other.shown}. Use the same macro and type on both sides."
            ),
            trace=(
                Step(declared.where, declared.text, "declared here"),
                Step(other.where, other.text, "defined here"),
            ),
            severity=Severity.WARNING if declared.type == other.type else None,
            key=f"{declared.name} {declared.shown} {other.shown}",
        )


def _macros(program: Program, families: tuple[str, ...]) -> Iterator[_Macro]:
    pattern = re.compile(
        rf"\b(DECLARE|DEFINE)_((?:{'|'.join(families)})\w*)"
        r"\(\s*((?:[^(),;]|\([^()]*\))+),\s*(\w+)\s*(?:\[[^\]]*\]\s*)?\)"
    )
    for source in program.written_in("c"):
        places = layout(source.image)
        for hit in pattern.finditer(_code(source)):
            span = places.span(*hit.span())
            yield _Macro(
                verb=hit[1],
                suffix=hit[2],
                type=re.sub(r"\s*\*\s*", " *", " ".join(hit[3].split())),
                name=hit[4],
                where=source.at(span),
                text=" ".join(hit[0].split()),
                changed=span.line in source.changed,
            )


def _code(source: Source) -> str:
    """Return the text without comments and directives; offsets stay."""
    text = without_comments(source.image.text)
    return _DIRECTIVE.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), text)


def argument_order(program: Program, _: Options) -> Iterator[Match]:
    """Two arguments are called as the parameters at each other's place."""
    known = {
        name: group
        for name, group in prototypes(program).items()
        if any(_swappable(prototype) for prototype in group)
    }
    for source in program.written_in("c"):
        for item in functions(source):
            used = words(source, item)
            names = [name for name in known if _may_swap(used, item, known[name])]
            if names:
                yield from _swapped(program, source, item, frozenset(names))


def _swappable(prototype: Prototype) -> bool:
    return len([p for p in prototype.parameters if p.name]) > 1


def _may_swap(used: frozenset[str], item: Item, group: tuple[Prototype, ...]) -> bool:
    """Say, from the text of a function alone, whether it is worth parsing.

    It is if it speaks of the typedef of the function, so that a call through a
    pointer is possible, or if a call has two parameter names in the wrong order.
    """
    name = group[0].name
    spoken = [p for p in group if len(used & {a.name for a in p.parameters}) > 1]
    if any(prototype.typedef in used for prototype in spoken):
        return True
    if not spoken or name not in used:
        return False
    places = [[p.name for p in prototype.parameters] for prototype in spoken]
    return any(
        _has_swap([word.strip() for word in given], names)
        for given in _calls_in_text(item.text, name)
        for names in places
    )


def _has_swap(given: list[str], names: list[str]) -> bool:
    pairs = list(zip(given, names, strict=False))
    return any(
        (one[0], other[0]) == (other[1], one[1]) and one[0]
        for one, other in combinations(pairs, 2)
    )


def _calls_in_text(text: str, name: str) -> Iterator[list[str]]:
    """Yield the argument texts of whatever looks like a call of ``name``."""
    for hit in re.finditer(rf"\b{name}\s*\(", text):
        depth, begin = 0, hit.end()
        given: list[str] = []
        for at in range(begin, min(len(text), begin + _REACH)):
            char = text[at]
            depth += (char in "([{") - (char in ")]}")
            if depth < 0 or (char == "," and not depth):
                given.append(text[begin:at])
                begin = at + 1
            if depth < 0:
                yield given
                break


def _swapped(
    program: Program, source: Source, item: Item, names: frozenset[str]
) -> Iterator[Match]:
    inner = scope(source, item)
    for callee, call in calls(inner.tree):
        kind = inner.types.get(callee, "").removesuffix(" *")
        name = kind if callee in inner.types else callee
        prototype = prototype_of(program, name, source.path) if name in names else None
        if prototype is not None:
            yield from _swaps(source, item, call, prototype)


def _swaps(
    source: Source, item: Item, call: Node, prototype: Prototype
) -> Iterator[Match]:
    """Yield each pair (i, j) where argument i has the name of parameter j, and back."""
    pairs = list(zip(arguments(call), prototype.parameters, strict=False))
    for (given, wanted), (other, expected) in combinations(pairs, 2):
        if (
            (given.text, other.text) == (expected.name, wanted.name)
            and given.text != other.text
            and not _are_twins(given.text, other.text)
        ):
            name = prototype.name
            declared = f"{name}({', '.join(p.name for p in prototype.parameters)})"
            yield Match(
                where=source.at(given.span),
                message=(
                    f"{given.text} and {other.text} look swapped: the prototype is "
                    f"{declared}."
                ),
                trace=(
                    Step(prototype.where, declared, "the parameters"),
                    Step(source.at(call.span), " ".join(call.text.split()), "the call"),
                ),
                suggestion=f"{other.text}, {given.text}",
                key=f"{item.name} {name} {given.text} {other.text}",
            )


def _are_twins(one: str, other: str) -> bool:
    """Two of a kind (rq1 and rq2, a and b) are swapped on purpose, to compare."""
    stems = _NUMBERED.sub("", one), _NUMBERED.sub("", other)
    return stems[0] == stems[1] or len(one) == len(other) == 1
