# SPDX-License-Identifier: GPL-2.0-or-later
"""The function a condition stands in, and how its names are spelled.

Two functions say the same with other words: pointers count by their type, a local
that is written once by its value, the parameter of a helper by its argument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from msgspec import Struct, field

from patchlint.analysis.conditions import Condition, literal, plain
from patchlint.analysis.formula import Literal
from patchlint.analysis.scope import Scope
from patchlint.lint.context import Program
from patchlint.syntax.node import Node

_NAME = re.compile(r"(?<![\w.])(?<!->)[A-Za-z_]\w*(?!\w|\()")
_SIMPLE = re.compile(r"\w+(?:(?:->|\.)\w+)*(?:\([^()]*\))?|\w*\([^()]*\)")
_STATUS = frozenset(("ret", "err", "error", "rc", "retval", "rv", "res", "status"))
_CHECKS = re.compile(r"IS_ERR(?:_OR_NULL)?\(|WARN\w*\(|BUG_ON\(|DEBUG_LOCKS_WARN_ON\(")
_LONG = 160
_DEEP = 3


class Place(Struct, frozen=True):
    """A function of a program, and how many steps may still be taken.

    ``given`` are the arguments of the call that led here, by parameter, each with the
    place of the call.
    """

    program: Program
    scope: Scope
    left: int
    given: Mapping[str, tuple[Place, Node]] = field(default_factory=dict)

    def deeper(
        self,
        where: Scope | None = None,
        given: Mapping[str, tuple[Place, Node]] | None = None,
    ) -> Place:
        """Return the place one step on, in this function or in another."""
        kept = (self.given if where is None else {}) if given is None else given
        return Place(self.program, where or self.scope, self.left - 1, kept)


def as_it_stands(where: Scope, condition: Condition) -> Literal:
    """Return a condition as text, its pointers named by their types."""
    return literal(condition, partial(_typed, where))


def spelled(place: Place, condition: Condition) -> Literal:
    """Return a condition as text that means the same in another function."""
    return literal(condition, partial(spell, place))


def spell(place: Place, text: str, left: int = _DEEP) -> str:
    """Return C text, its names replaced by what they stand for."""
    text = plain(text)

    def named(found: re.Match[str]) -> str:
        name = found[0]
        arrow = text.startswith("->", found.end())
        if arrow and (kind := _pointed(place.scope, name)):
            return f"({kind})"
        value = _value(place, name) if left > 0 else None
        if value is None:
            return name
        at, node = value
        said = spell(at, node.text, left - 1)
        if len(said) > _LONG:
            return name
        return said if _SIMPLE.fullmatch(said) else f"({said})"

    return _NAME.sub(named, text)


def tells_failure(where: Scope, condition: Condition) -> bool:
    """A status that was returned, a pointer that is there, a warning."""
    node = condition.node
    if node.kind == "binary_expression":
        node = node.children[0]
    if node.kind == "call_expression":
        return _CHECKS.match(node.text) is not None
    if node.kind != "identifier":
        return False
    return node.text in _STATUS or where.types.get(node.text, "").endswith("*")


def _value(place: Place, name: str) -> tuple[Place, Node] | None:
    """Return the argument or the only value a name stands for."""
    if name in place.given and name not in place.scope.writes:
        return place.given[name]
    write = place.scope.once(name)
    if write is None or not _speaks_for_itself(place.scope, write.value.text):
        return None
    return place, write.value


def _speaks_for_itself(where: Scope, text: str) -> bool:
    """Say whether a value names no other local: else it stands for a computation."""
    names = ((m[0], m.end()) for m in _NAME.finditer(text))
    return not any(n in where.types and text[end:][:2] != "->" for n, end in names)


def _typed(where: Scope, text: str) -> str:
    text = plain(text)

    def named(found: re.Match[str]) -> str:
        kind = _pointed(where, found[0])
        arrow = text.startswith("->", found.end())
        return f"({kind})" if arrow and kind else found[0]

    return _NAME.sub(named, text)


def _pointed(where: Scope, name: str) -> str:
    """Return the type behind a local pointer or a parameter that is one, or ""."""
    kind = where.types.get(name, "")
    return kind.removesuffix(" *") if kind.endswith(" *") else ""
