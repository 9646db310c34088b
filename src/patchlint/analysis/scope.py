# SPDX-License-Identifier: GPL-2.0-or-later
"""The names of one C function: parameters, locals, and who gives them values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from patchlint.analysis.c_file import arguments, tree
from patchlint.lint.context import Source
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_ACCESSOR = re.compile(r"(?:__|raw_)?(?:this_cpu|raw_cpu)_write|WRITE_ONCE")
_ENABLE = re.compile(r"static_(?:branch|key)_(?:enable|inc|slow_inc)(?:_cpuslocked)?")


class Write(Struct, frozen=True, eq=False):
    """A value given to a name; ``node`` is the assignment or declarator.

    ``operator`` is ``=``, or ``|=`` and the like.
    """

    value: Node
    node: Node
    operator: str = "="


class Scope(Struct, frozen=True, eq=False):
    """A function and its names.

    ``types`` holds the type of each parameter and local; ``parameters`` the names of
    the former in order; ``writes`` the plain assignments to each name, globals and
    per-CPU variables included; ``joined`` the compound ones (``|=``). ``unsure`` are
    names that also change otherwise: counted up, or their address is taken.
    """

    source: Source
    item: Item
    tree: Node
    parameters: tuple[str, ...]
    types: Mapping[str, str]
    writes: Mapping[str, tuple[Write, ...]]
    joined: Mapping[str, tuple[Write, ...]]
    unsure: frozenset[str]

    def once(self, name: str) -> Write | None:
        """Return the write of a local that is written once, and nothing else."""
        found = self.writes.get(name, ())
        plain = name in self.types and name not in self.parameters
        other = name in self.joined or name in self.unsure
        return found[0] if plain and len(found) == 1 and not other else None


def scope(source: Source, item: Item) -> Scope:
    """Return the scope of a function definition."""
    return source.facts.of(_scope, (source, item))


def _scope(key: tuple[Source, Item]) -> Scope:
    source, item = key
    function = tree(source, item)
    parameters: list[str] = []
    types: dict[str, str] = {}
    writes: dict[str, tuple[Write, ...]] = {}
    joined: dict[str, tuple[Write, ...]] = {}
    unsure: set[str] = set()
    for node in function.walk():
        if node.kind in ("declaration", "parameter_declaration"):
            types |= _types(node)
            if node.kind == "parameter_declaration":
                parameters += _types(node)
        elif (write := _write(node)) is not None:
            name, made = write
            kept = writes if made.operator == "=" else joined
            kept[name] = (*kept.get(name, ()), made)
        elif (changed := _changed(node)) is not None:
            unsure.add(changed.text)
    return Scope(
        source, item, function, tuple(parameters), types, writes, joined,
        frozenset(unsure),
    )  # fmt: skip


def _types(node: Node) -> dict[str, str]:
    """Return the names a declaration declares, each with its type."""
    kind = node.child("type")
    text = "" if kind is None else " ".join(kind.text.split())
    found = {}
    for child in node.children:
        name = _named(child) if child.field == "declarator" else None
        if name is not None:
            found[name.text] = f"{text} *" if _is_pointer(child) else text
    return found


def _is_pointer(declarator: Node | None) -> bool:
    if declarator is not None and declarator.kind == "init_declarator":
        declarator = declarator.child("declarator")
    return declarator is not None and declarator.kind == "pointer_declarator"


def _write(node: Node) -> tuple[str, Write] | None:
    """Return the name a node writes, and what; per-CPU accessors write like =."""
    value: Node | None
    operator = "="
    if node.kind == "assignment_expression":
        sign, target = node.child("operator"), node.child("left")
        value = node.child("right")
        operator = "" if sign is None else sign.text
    elif node.kind == "init_declarator":
        target, value = _named(node.child("declarator")), node.child("value")
    elif node.kind == "call_expression":
        target, value = _accessed(node)
    else:
        return None
    if target is None or value is None or target.kind != "identifier":
        return None
    return target.text, Write(value, node, operator)


def _changed(node: Node) -> Node | None:
    """Return the name that is counted up or down, or whose address goes away."""
    taken = node.kind == "pointer_expression" and node.text.startswith("&")
    if node.kind != "update_expression" and not taken:
        return None
    target = node.child("argument")
    return target if target is not None and target.kind == "identifier" else None


def _named(declarator: Node | None) -> Node | None:
    """Return the identifier a declarator declares, through pointers and functions."""
    while declarator is not None and declarator.kind != "identifier":
        if declarator.kind == "parenthesized_declarator" and declarator.children:
            declarator = declarator.children[0]
        else:
            declarator = declarator.child("declarator")
    return declarator


def _accessed(call: Node) -> tuple[Node | None, Node | None]:
    """Return the variable and the value of this_cpu_write() and its kin.

    To enable a static key is to write true.
    """
    callee, given = call.child("function"), arguments(call)
    if callee is not None and len(given) == 1 and _ENABLE.fullmatch(callee.text):
        return given[0].child("argument"), Node("true", "", "true", call.span)
    if callee is None or len(given) != 2 or not _ACCESSOR.fullmatch(callee.text):
        return None, None
    return given[0], given[1]
