# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about the arguments of calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct

from patchlint.analysis.c_file import arguments, calls, functions, words
from patchlint.analysis.prototypes import Prototype, elsewhere, prototype_of, prototypes
from patchlint.analysis.scope import scope
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_CALLED = re.compile(r"\b([a-z_]\w*)\s*\(")
_ANY_CALL = re.compile(r"\b(\w+)\s*\(")
_ABOVE = 8
_REACH = 2000
_LONG = 200
_NUMBERED = re.compile(r"\d+$")
# A name, its address, a member, behind any casts; the last name is what counts.
_NAMED = re.compile(
    r"\s*(?:\(\s*\w[\w\s*]*\)\s*)*&?\s*"
    r"(?:[A-Za-z_]\w*(?:\[[^\[\]]*\])?\s*(?:->|\.)\s*)*([A-Za-z_]\w*)\s*"
)


def argument_order(program: Program, options: Options) -> Iterator[Match]:
    """Two arguments are called as the parameters at each other's place."""
    meant = _Meant(
        antonyms=tuple(tuple(pair.split("/", 1)) for pair in options.words("antonyms")),
        crossing=options.pattern("crossing"),
    )
    known = {
        name: group
        for name, group in prototypes(program).items()
        if any(_swappable(prototype) for prototype in group)
    }
    for source in program.written_in("c"):
        for item in functions(source):
            if meant.crossing.search(item.name.lower()):
                continue
            used = words(source, item)
            spoken = used & known.keys()
            starts = _starts(item.text) if spoken else {}
            names = [
                name
                for name in spoken
                if _may_swap(used, item.text, known[name], starts.get(name, ()))
            ]
            names += _changed_calls(program, source, item)
            if names:
                yield from _swapped(program, source, item, frozenset(names), meant)


def _changed_calls(program: Program, source: Source, item: Item) -> list[str]:
    """Return the functions of other files that changed lines of ``item`` may swap."""
    span = item.span
    if source.changed.isdisjoint(range(span.line, span.end_line + 1)):
        return []
    lines = item.text.split("\n")
    changed = [at for at in range(len(lines)) if span.line + at in source.changed]
    first, last = changed[0], changed[-1]
    near = "\n".join(lines[max(0, first - _ABOVE) : last + _ABOVE])
    places = _starts(near)
    return [
        name
        for name in dict.fromkeys(_CALLED.findall(near))
        if name not in prototypes(program)
        and any(
            _may_cross(program, source, name, given)
            for given in _calls_in_text(near, places.get(name, ()))
        )
    ]


def _may_cross(program: Program, source: Source, name: str, given: list[str]) -> bool:
    named = [_name(word) for word in given]
    return len(set(filter(None, named))) > 1 and any(
        _has_swap(named, [p.name for p in prototype.parameters])
        for prototype in elsewhere(program, name, source.path)
    )


class _Meant(Struct, frozen=True):
    """What arguments are crossed for on purpose: by their names, by the function's."""

    antonyms: tuple[tuple[str, ...], ...]
    crossing: re.Pattern[str]

    def turns(self, one: str, other: str) -> bool:
        """Say whether two names are a pair: opposites, numbered, or single letters.

        What stands before and behind the opposites is the same in both names.
        """
        one, other = one.lower(), other.lower()
        if _are_twins(one, other):
            return True
        both = (*self.antonyms, *(pair[::-1] for pair in self.antonyms))
        return any(
            one[: hit.start()] + right + one[hit.end() :] == other
            for left, right in both
            for hit in re.finditer(re.escape(left), one)
        )


def _swappable(prototype: Prototype) -> bool:
    return len([p for p in prototype.parameters if p.name]) > 1


def _may_swap(
    used: frozenset[str],
    text: str,
    group: tuple[Prototype, ...],
    starts: Sequence[int],
) -> bool:
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
        _has_swap([_name(word) for word in given], names)
        for given in _calls_in_text(text, starts)
        for names in places
    )


def _name(argument: str) -> str:
    """Return the last name of ``x``, ``&x``, ``p->x`` or ``(cast)x``, else ""."""
    hit = _NAMED.fullmatch(argument.strip()) if len(argument) <= _LONG else None
    return hit[1] if hit else ""


def _has_swap(given: list[str], names: list[str]) -> bool:
    pairs = list(zip(given, names, strict=False))
    return any(
        (one[0], other[0]) == (other[1], one[1]) and one[0]
        for one, other in combinations(pairs, 2)
    )


def _starts(text: str) -> Mapping[str, Sequence[int]]:
    """Return, for each name that looks called, where its arguments begin."""
    places: dict[str, list[int]] = {}
    for hit in _ANY_CALL.finditer(text):
        places.setdefault(hit[1], []).append(hit.end())
    return places


def _calls_in_text(text: str, places: Sequence[int]) -> Iterator[list[str]]:
    """Yield the argument texts of whatever looks like a call at each of ``places``."""
    for start in places:
        depth, begin = 0, start
        given: list[str] = []
        for at in range(start, min(len(text), start + _REACH)):
            char = text[at]
            depth += (char in "([{") - (char in ")]}")
            if depth < 0 or (char == "," and not depth):
                given.append(text[begin:at])
                begin = at + 1
            if depth < 0:
                yield given
                break


def _swapped(
    program: Program, source: Source, item: Item, names: frozenset[str], meant: _Meant
) -> Iterator[Match]:
    inner = scope(source, item)
    found: list[_Call] = []
    for callee, call in calls(inner.tree):
        kind = inner.types.get(callee, "").removesuffix(" *")
        name = kind if callee in inner.types else callee
        prototype = prototype_of(program, name, source.path) if name in names else None
        if prototype is not None and _counts(source, prototype, call):
            found.append(_Call(call, prototype, arguments(call)))
    for entry in found:
        alike = [other for other in found if other.prototype is entry.prototype]
        yield from _swaps(source, item, entry, alike, meant)


def _counts(source: Source, prototype: Prototype, call: Node) -> bool:
    """A call that was there before counts only if its prototype is touched."""
    lines = range(call.span.line, call.span.end_line + 1)
    return not source.changed.isdisjoint(lines) or not prototype.far


class _Call(Struct, frozen=True):
    """A call, and the prototype that holds for it."""

    node: Node
    prototype: Prototype
    given: tuple[Node, ...]

    def crosses(self, first: int, second: int) -> bool:
        """Say whether two arguments have the names of each other's parameter."""
        return self._names(first, second) == self._wanted(second, first)

    def keeps(self, first: int, second: int) -> bool:
        """Say whether two arguments have the names of their own parameters."""
        return self._names(first, second) == self._wanted(first, second)

    def _names(self, *places: int) -> list[str]:
        there = len(self.given)
        return [_name(self.given[at].text) if at < there else "" for at in places]

    def _wanted(self, *places: int) -> list[str]:
        return [self.prototype.parameters[at].name for at in places]


def _swaps(
    source: Source, item: Item, call: _Call, alike: list[_Call], meant: _Meant
) -> Iterator[Match]:
    """Yield each pair (i, j) where argument i has the name of parameter j, and back.

    A function that makes the call the right way too knows what it does.
    """
    prototype = call.prototype
    parameters = [parameter.name for parameter in prototype.parameters]
    count = min(len(call.given), len(parameters))
    for first, second in combinations(range(count), 2):
        one, other = parameters[second], parameters[first]
        if (
            not one
            or one == other
            or not call.crosses(first, second)
            or meant.turns(one, other)
            or any(entry.keeps(first, second) for entry in alike)
        ):
            continue
        given, back = (" ".join(call.given[at].text.split()) for at in (first, second))
        declared = f"{prototype.name}({', '.join(parameters)})"
        text = " ".join(call.node.text.split())
        yield Match(
            where=source.at(call.given[first].span),
            message=(
                f"{given} and {back} look swapped, the prototype is {declared}: "
                "is that meant?"
            ),
            trace=(
                Step(prototype.where, declared, "the parameters"),
                Step(source.at(call.node.span), text, "the call"),
            ),
            suggestion=f"{back}, {given}",
            key=f"{item.name} {prototype.name} {given} {back}",
        )


def _are_twins(one: str, other: str) -> bool:
    """Two of a kind (rq1 and rq2, a and b) are swapped on purpose, to compare."""
    stems = _NUMBERED.sub("", one), _NUMBERED.sub("", other)
    return stems[0] == stems[1] or len(one) == len(other) == 1
