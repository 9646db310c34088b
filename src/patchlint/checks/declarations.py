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
_LONG = 200
_NUMBERED = re.compile(r"\d+$")
# A name, its address, a member, behind any casts; the last name is what counts.
_NAMED = re.compile(
    r"\s*(?:\(\s*\w[\w\s*]*\)\s*)*&?\s*"
    r"(?:[A-Za-z_]\w*(?:\[[^\[\]]*\])?\s*(?:->|\.)\s*)*([A-Za-z_]\w*)\s*"
)
_SPOKEN = re.compile(r"\b(?:DECLARE|DEFINE)_")
_VARIABLE = re.compile(r"(\w+)\s*((?:\[[^\]]*\]\s*)*)")
_INTEGERS = frozenset(("unsigned", "signed", "int", "long", "short", "char"))
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\\\n]|\\(?:\n|.))*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Macro:
    """One ``DECLARE_X(type, name)`` or ``DEFINE_X(type, name)``; keys have no type."""

    verb: str
    suffix: str
    type: str
    name: str
    sizes: tuple[str, ...]
    where: InFile
    text: str
    changed: bool
    static: bool

    def agrees(self, other: _Macro) -> bool:
        """The same section suffix and type; blanks do not count."""
        return self.section == other.section and self.is_like(other)

    def is_like(self, other: _Macro) -> bool:
        """The same type; array sizes differ only if that is certain."""
        mine, theirs = _shape(self.type, self.sizes), _shape(other.type, other.sizes)
        return (
            mine[0] == theirs[0]
            and len(mine[1]) == len(theirs[1])
            and all(
                one == two or not (one.isdigit() and two.isdigit())
                for one, two in zip(mine[1], theirs[1], strict=True)
            )
        )

    @property
    def section(self) -> str:
        """What the suffix says; the ``_RO`` of a key is for its definition alone."""
        return self.suffix if self.type else self.suffix.removesuffix("_RO")

    @property
    def shown(self) -> str:
        """The macro as it should be written."""
        name = self.name + "".join(f"[{size}]" for size in self.sizes)
        inner = f"{self.type}, {name}" if self.type else name
        return f"{self.verb}_{self.suffix}({inner})"


def declare_define_mismatch(program: Program, options: Options) -> Iterator[Match]:
    """A variable is declared by one macro or type and defined by another.

    Another section alone is only a warning: not every architecture addresses by it.
    A key of another kind has another type.
    """
    found = list(_macros(program, options.words("families")))
    for declared in (macro for macro in found if macro.verb == "DECLARE"):
        defined = [macro for macro in found if _defines(macro, declared)]
        if not defined or any(declared.agrees(macro) for macro in defined):
            continue
        other = defined[0]
        if any(_is_arm(macro, declared) and macro.agrees(other) for macro in found):
            continue
        pair = (
            (declared, other)
            if declared.changed > other.changed
            else (
                other,
                declared,
            )
        )
        alike = bool(declared.type) and declared.is_like(other)
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
            severity=Severity.WARNING if alike else None,
            key=f"{declared.name} {declared.shown} {other.shown}",
        )


def _defines(macro: _Macro, declared: _Macro) -> bool:
    """Say whether a macro defines what is declared; a static of another file is not."""
    return (macro.verb, macro.name, bool(macro.type)) == (
        "DEFINE",
        declared.name,
        bool(declared.type),
    ) and (not macro.static or macro.where.path == declared.where.path)


def _is_arm(macro: _Macro, declared: _Macro) -> bool:
    """Say whether one file declares a variable again, as it does in an ``#else``."""
    return (macro.verb, macro.name, macro.where.path) == (
        "DECLARE",
        declared.name,
        declared.where.path,
    )


def _macros(program: Program, families: tuple[str, ...]) -> Iterator[_Macro]:
    pattern = re.compile(
        r"(?P<static>\bstatic\s+(?:\w+\s+){0,3})?"
        rf"\b(?P<macro>(DECLARE|DEFINE)_((?:{'|'.join(families)})\w*)"
        r"\(((?:[^();]|\((?:[^();]|\([^();]*\))*\))*)\))"
    )
    for source in program.written_in("c"):
        if not _SPOKEN.search(source.image.text):
            continue
        places = layout(source.image)
        for hit in pattern.finditer(_code(source)):
            span = places.span(*hit.span("macro"))
            given = [" ".join(part.split()) for part in _split(hit[5])]
            named = _VARIABLE.fullmatch(given[0 if len(given) == 1 else 1])
            if len(given) == 1 and not hit[4].startswith("STATIC_KEY"):
                continue
            if named is None or len(given) > 3:
                continue
            yield _Macro(
                verb=hit[3],
                suffix=hit[4],
                type="" if len(given) == 1 else re.sub(r"\s*\*\s*", " *", given[0]),
                name=named[1],
                sizes=_sizes(named[2]),
                where=source.at(span),
                text=" ".join(hit["macro"].split()),
                changed=span.line in source.changed,
                static=bool(hit["static"]),
            )


def _split(text: str) -> list[str]:
    """Return what stands between the outer commas."""
    parts, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            parts.append(text[begin:at])
            begin = at + 1
    return [*parts, text[begin:]]


def _shape(type_: str, sizes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the type of the elements, spelled one way, and all array sizes."""
    base, bracket, tail = type_.partition("[")
    base, star, stars = base.partition("*")
    named = base.split()
    if _INTEGERS.issuperset(named) and named:
        kept = sorted(word for word in named if word not in ("int", "signed"))
        sign = ["signed"] if "signed" in named and "char" in named else []
        named = [*sign, *(kept or ["int"])]
        named += ["int"] if named == ["unsigned"] else []
    spelled = " ".join(named) + star + "".join(stars.split())
    return spelled, (*sizes, *_sizes(bracket + tail))


def _sizes(text: str) -> tuple[str, ...]:
    return tuple("".join(size.split()) for size in re.findall(r"\[([^\]]*)\]", text))


def _code(source: Source) -> str:
    """Return the text without comments and directives; offsets stay."""
    text = without_comments(source.image.text)
    return _DIRECTIVE.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), text)


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
            names = [name for name in known if _may_swap(used, item, known[name])]
            if names:
                yield from _swapped(program, source, item, frozenset(names), meant)


@dataclass(frozen=True, slots=True)
class _Meant:
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
        _has_swap([_name(word) for word in given], names)
        for given in _calls_in_text(item.text, name)
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
    program: Program, source: Source, item: Item, names: frozenset[str], meant: _Meant
) -> Iterator[Match]:
    inner = scope(source, item)
    found: list[_Call] = []
    for callee, call in calls(inner.tree):
        kind = inner.types.get(callee, "").removesuffix(" *")
        name = kind if callee in inner.types else callee
        prototype = prototype_of(program, name, source.path) if name in names else None
        if prototype is not None:
            found.append(_Call(call, prototype, arguments(call)))
    for entry in found:
        alike = [other for other in found if other.prototype is entry.prototype]
        yield from _swaps(source, item, entry, alike, meant)


@dataclass(frozen=True, slots=True)
class _Call:
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
