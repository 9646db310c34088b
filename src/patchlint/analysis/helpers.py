# SPDX-License-Identifier: GPL-2.0-or-later
"""What a short function returns, and what it is given."""

from __future__ import annotations

from patchlint.analysis.c_file import arguments
from patchlint.analysis.conditions import Conditions, split
from patchlint.analysis.formula import all_of, any_of
from patchlint.analysis.place import Place
from patchlint.analysis.reach import path_to, reach
from patchlint.analysis.scope import Scope
from patchlint.syntax.node import Node

_RETURNS = 4
_STATEMENTS = 8
_HIDING = frozenset(
    (
        "for_statement", "while_statement", "do_statement", "goto_statement",
        "switch_statement", "gnu_asm_expression", "ERROR",
    )
)  # fmt: skip


def given_to(helper: Scope, caller: Place, call: Node) -> dict[str, tuple[Place, Node]]:
    """Return the arguments of a call by the parameters they are for."""
    pairs = zip(helper.parameters, arguments(call), strict=False)
    return {parameter: (caller, argument) for parameter, argument in pairs}


def returned(helper: Scope) -> tuple[Conditions, Node] | None:
    """Return when a short function returns true, and the value it returns last."""
    body = helper.tree.child("body")
    nodes = () if body is None else tuple(body.walk())
    returns = [n for n in nodes if n.kind == "return_statement" and n.children]
    statements = sum(1 for node in nodes if node.kind.endswith("_statement"))
    hidden = any(node.kind in _HIDING for node in nodes)
    if hidden or not 1 <= len(returns) <= _RETURNS or statements > 3 * _STATEMENTS:
        return None
    parts = []
    for statement in returns:
        value = statement.children[0]
        held = reach(helper.item, path_to(helper.tree, statement))
        if held is None or value.text.startswith("-"):
            return None
        parts.append(all_of((held, split(value))))
    return any_of(parts), returns[-1].children[0]


def pointed_at(node: Node) -> Node:
    """``&key`` means the key."""
    inner = node.child("argument") if node.kind == "pointer_expression" else None
    return inner or node
