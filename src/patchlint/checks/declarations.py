# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about declarations: what one file says must be what the other says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Severity, Step
from patchlint.model.location import InFile
from patchlint.syntax.comments import without_comments
from patchlint.syntax.layout import layout

_SPOKEN = re.compile(r"\b(?:DECLARE|DEFINE)_")
_VARIABLE = re.compile(r"(\w+)\s*((?:\[[^\]]*\]\s*)*)")
_INTEGERS = frozenset(("unsigned", "signed", "int", "long", "short", "char"))
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\\\n]|\\(?:\n|.))*", re.MULTILINE)


class _Macro(Struct, frozen=True):
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
