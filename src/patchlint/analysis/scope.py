# SPDX-License-Identifier: GPL-2.0-or-later
"""The names of one C function: parameters, locals, and who gives them values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from patchlint.analysis.c_file import arguments, tree
from patchlint.lint.context import Source
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_ACCESSOR = re.compile(r"(?:__|raw_)?(?:this_cpu|raw_cpu)_write|WRITE_ONCE")


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """A value given to a name; ``node`` is the assignment or declarator."""

    value: Node
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A function and its names.

    ``types`` holds the type of each parameter and local; ``parameters`` the names of
    the former in order; ``writes`` the plain assignments to each name, globals and
    per-CPU variables included.
    """

    source: Source
    item: Item
    tree: Node
    parameters: tuple[str, ...]
    types: Mapping[str, str]
    writes: Mapping[str, tuple[Write, ...]]


def scope(source: Source, item: Item) -> Scope:
    """Return the scope of a function definition."""
    return source.facts.of(_scope, (source, item))


def _scope(key: tuple[Source, Item]) -> Scope:
    source, item = key
    function = tree(source, item)
    parameters: list[str] = []
    types: dict[str, str] = {}
    writes: dict[str, tuple[Write, ...]] = {}
    for node in function.walk():
        if node.kind in ("declaration", "parameter_declaration"):
            for name in _declared(node):
                types[name.text] = _type(node)
                if node.kind == "parameter_declaration":
                    parameters.append(name.text)
        if (write := _write(node)) is not None:
            name_text, made = write
            writes[name_text] = (*writes.get(name_text, ()), made)
    return Scope(source, item, function, tuple(parameters), types, writes)


def _declared(node: Node) -> list[Node]:
    """Return the identifiers a declaration declares."""
    found = []
    for child in node.children:
        if child.field == "declarator":
            inner = _named(child)
            if inner is not None:
                found.append(inner)
    return found


def _type(node: Node) -> str:
    """Return the type of a declaration; a pointer is told by its star."""
    kind = node.child("type")
    declarator = node.child("declarator")
    if declarator is not None and declarator.kind == "init_declarator":
        declarator = declarator.child("declarator")
    pointer = declarator is not None and declarator.kind == "pointer_declarator"
    text = "" if kind is None else " ".join(kind.text.split())
    return f"{text} *" if pointer else text


def _write(node: Node) -> tuple[str, Write] | None:
    """Return the name a node writes, and what; per-CPU accessors write like =."""
    value: Node | None
    if node.kind == "assignment_expression":
        operator, target = node.child("operator"), node.child("left")
        value = node.child("right")
        if operator is None or operator.text != "=":
            return None
    elif node.kind == "init_declarator":
        target, value = _named(node.child("declarator")), node.child("value")
    elif node.kind == "call_expression":
        target, value = _accessed(node)
    else:
        return None
    if target is None or value is None or target.kind != "identifier":
        return None
    return target.text, Write(value, node)


def _named(declarator: Node | None) -> Node | None:
    """Return the identifier a declarator declares, through pointers and functions."""
    while declarator is not None and declarator.kind != "identifier":
        if declarator.kind == "parenthesized_declarator" and declarator.children:
            declarator = declarator.children[0]
        else:
            declarator = declarator.child("declarator")
    return declarator


def _accessed(call: Node) -> tuple[Node | None, Node | None]:
    """Return the variable and the value of this_cpu_write() and its kin."""
    callee, given = call.child("function"), arguments(call)
    if callee is None or len(given) != 2 or not _ACCESSOR.fullmatch(callee.text):
        return None, None
    return given[0], given[1]
