# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about declarations of one function that say different things."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator

from patchlint.analysis.arch import can_mean
from patchlint.analysis.prototypes import Prototype, elsewhere, prototypes
from patchlint.lint.context import Program
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step

_GUARD = re.compile(
    r"!defined\(_*\w*_H_*\)|!defined\(__ASSEMBL\w+\)|defined\(__KERNEL__\)"
)
_GENERIC = "asm-generic/"
_WIDTH = re.compile(r"_(?:32|64)(?=[._])")
_WORD = re.compile(r"\w+|\*|\.\.\.")
_DROPPED = frozenset(("const", "volatile", "register", "restrict", "signed", "extern"))
_ALIASES = {
    "unsigned": "unsigned int", "_Bool": "bool", "u_long": "unsigned long",
    "u_int": "unsigned int",
}  # fmt: skip
_BUILT_IN = frozenset(
    ("void", "int", "unsigned", "long", "short", "char", "bool", "float", "double")
)
_TAGS = ("struct", "union", "enum")


def prototype_drift(program: Program, options: Options) -> Iterator[Match]:  # noqa: ARG001
    """A declaration that a patch writes has other parameters than another one."""
    told: set[str] = set()
    for name, group in prototypes(program).items():
        ours = _distinct(mine for mine in group if _is_changed(program, mine))
        for mine in ours:
            # SYSCALL_DEFINE1() and its kin are no functions.
            if name in told or name.isupper():
                continue
            others = (*group, *elsewhere(program, name, mine.where.path))
            other = next((o for o in _distinct(others) if _differs(mine, o)), None)
            if other is not None:
                told.add(name)
                yield _match(mine, other)


def _is_changed(program: Program, prototype: Prototype) -> bool:
    span = prototype.where.span
    source = next(s for s in program.sources if s.path == prototype.where.path)
    return not source.changed.isdisjoint(range(span.line, span.end_line + 1))


def _distinct(group: Iterable[Prototype]) -> tuple[Prototype, ...]:
    """Return the first of those that say the same in one file, of maybe hundreds."""
    found: dict[Hashable, Prototype] = {}
    for one in group:
        names = tuple(parameter.name for parameter in one.parameters)
        is_typedef = one.typedef == one.name
        said = (one.where.path, one.is_static, is_typedef, _arms(one), _types(one))
        found.setdefault((said, names), one)
    return tuple(found.values())


def _differs(mine: Prototype, other: Prototype) -> bool:
    """Say whether two declarations of one function cannot both be right."""
    if not _meet(mine, other) or not mine.parameters or not other.parameters:
        return False
    ours, theirs = _types(mine), _types(other)
    if len(ours) != len(theirs) or _is_reordered(mine, other):
        return True
    return any(
        one != two and _is_certain(one) and _is_certain(two)
        for one, two in zip(ours, theirs, strict=True)
    )


def _is_reordered(mine: Prototype, other: Prototype) -> bool:
    """Say whether both give the same names in another order."""
    ours, theirs = ([p.name for p in proto.parameters] for proto in (mine, other))
    return all(ours) and ours != theirs and sorted(ours) == sorted(theirs)


def _meet(mine: Prototype, other: Prototype) -> bool:
    """Say whether both hold in one build: the same ``#if`` arms, no two statics."""
    same_file = mine.where.path == other.where.path
    is_local = mine.is_static or other.is_static
    is_typedef = bool(mine.typedef == mine.name) != bool(other.typedef == other.name)
    return (
        mine != other
        and (same_file or not is_local)
        and not is_typedef
        and _arms(mine) == _arms(other)
        and _are_linked(mine.where.path, other.where.path)
    )


def _are_linked(one: str, other: str) -> bool:
    """Say whether two files can be part of one kernel.

    A generic header stands in for one that an architecture does not have; files for
    32 and 64 bit are not built together.
    """
    if _GENERIC in (one + other) or _WIDTH.sub("", one) == _WIDTH.sub("", other) != one:
        return one == other
    return can_mean(one, other) or can_mean(other, one)


def _arms(prototype: Prototype) -> tuple[str, ...]:
    return tuple(arm for arm in prototype.arms if not _GUARD.fullmatch(arm))


def _types(prototype: Prototype) -> tuple[str, ...]:
    return tuple(_plain(parameter.type) for parameter in prototype.parameters)


def _plain(text: str) -> str:
    """Return a type without qualifiers, attributes and names of its own."""
    text = re.sub(r"\[[^\]]*\]", "*", text)
    words = [
        word
        for word in _WORD.findall(text)
        if word not in _DROPPED and not word.startswith("__")
    ]
    plain = " ".join(words)
    stars = plain.count("*")
    base = plain.replace("*", "").strip()
    return _ALIASES.get(base, base) + "*" * stars


def _is_certain(kind: str) -> bool:
    """Say whether a type is what it is called: no typedef that may be any other."""
    words = kind.rstrip("*").split()
    return bool(words) and (
        set(words) <= _BUILT_IN or (words[0] in _TAGS and len(words) == 2)
    )


def _match(mine: Prototype, other: Prototype) -> Match:
    ours, theirs = _shown(mine), _shown(other)
    return Match(
        where=mine.where,
        message=f"{ours} here is {theirs} in {other.where.path}.",
        trace=(
            Step(mine.where, ours, "as this patch has it"),
            Step(other.where, theirs, "as it is declared there"),
        ),
        key=mine.name,
    )


def _shown(prototype: Prototype) -> str:
    given = ", ".join(f"{p.type} {p.name}".strip() for p in prototype.parameters)
    return f"{prototype.name}({given})"
