# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold for control to come to a place in a C function.

Enclosing ifs, loops, cases and ``#if`` arms; ternaries, && and ||; the early exits
that were passed; and where a label is jumped to, what held at each of its gotos.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.conditions import Conditions, operator_of, split
from patchlint.analysis.formula import Formula, all_of, any_of
from patchlint.analysis.passed import ARMS, arm, of, passed, selected, weak
from patchlint.syntax import c
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_ALWAYS: Conditions = Formula("&&")
_LOOPS = frozenset(("while_statement", "for_statement"))
_BLOCKS = ARMS | {
    "compound_statement", "case_statement", "labeled_statement", "preproc_else",
}  # fmt: skip
_CHOICES = frozenset(("if_statement", "conditional_expression"))
_GUARD = re.compile(r"!defined\(_*[A-Z0-9_]+_H_*\)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_SIZE = 40
_GOTOS = 4
_LABELS = 2


class _TooManyError(Exception):
    """More conditions than can be told."""


def reach(item: Item, path: Sequence[Node]) -> Conditions | None:
    """Return what must hold for control to come to the end of ``path``.

    ``path`` leads from the tree of function ``item`` down to a node. None where the
    conditions are too many to be told.
    """
    if not path:
        return None
    try:
        found = _Reach(path[0], _jumps(path[0])).at(path, _LABELS)
    except _TooManyError:
        return None
    if sum(1 for _ in found.literals()) > _SIZE:
        return None
    return all_of((_arms(item), found))


def path_to(root: Node, node: Node) -> tuple[Node, ...]:
    """Return the nodes from ``root`` down to ``node``, both included, or ()."""
    if root is node:
        return (root,)
    begin = (node.span.line, node.span.column)
    for child in root.children:
        if (child.span.line, child.span.column) > begin:
            break
        if found := path_to(child, node):
            return (root, *found)
    return ()


def _arms(item: Item) -> Conditions:
    """Return the ``#if`` arms a whole function stands under.

    A Makefile can say the same, so they count only where both sides have them.
    """
    arms = (arm for arm in item.arms if arm and not _GUARD.fullmatch(arm))
    nodes = (c.expression(arm, replace(item.span, end_line=0)) for arm in arms)
    return all_of(split(node) for node in nodes if node is not None).expand(weak)


def _jumps(function: Node) -> Mapping[str, tuple[Node, ...]]:
    """Return the gotos of each label that is not behind them."""
    places: dict[str, Node] = {}
    gotos: list[tuple[str, Node]] = []
    for node in function.walk():
        label = node.child("label")
        if label is not None and node.kind == "labeled_statement":
            places[label.text] = node
        elif label is not None and node.kind == "goto_statement":
            gotos.append((label.text, node))
    found: dict[str, tuple[Node, ...]] = {}
    for name, node in gotos:
        if name in places and node.span < places[name].span:
            found[name] = (*found.get(name, ()), node)
    return found


class _Reach(Struct, frozen=True):
    """A function, and the gotos that lead forwards, by label."""

    function: Node
    jumps: Mapping[str, tuple[Node, ...]]

    def at(self, path: Sequence[Node], left: int) -> Conditions:
        """Follow a path; at most ``left`` labels are followed back to their gotos."""
        held = _ALWAYS
        for at, parent in enumerate(path[:-1]):
            child = path[at + 1]
            if parent.kind in _BLOCKS:
                above = path[at - 1] if at else parent
                held = self._in_block(above, parent, child, held, left)
            held = all_of((held, _between(parent, child)))
        return held

    def _in_block(
        self, above: Node, block: Node, child: Node, held: Conditions, left: int
    ) -> Conditions:
        """Add the case a child stands under, or the exits that were passed."""
        if child.kind == "case_statement":
            return all_of((held, selected(above, block, child)))
        for node in block.children:
            held = self._entered(node, held, left)
            if node is child:
                break
            held = all_of((held, passed(node)))
            if len(held.parts) > _SIZE:
                raise _TooManyError
        return held

    def _entered(self, node: Node, held: Conditions, left: int) -> Conditions:
        """At a label also what held at its gotos may hold."""
        label = node.child("label") if node.kind == "labeled_statement" else None
        gotos = self.jumps.get(label.text, ()) if label is not None else ()
        if not gotos:
            return held
        if left == 0 or len(gotos) > _GOTOS:
            return _ALWAYS
        paths = (path_to(self.function, goto) for goto in gotos)
        return any_of((held, *(self.at(path, left - 1) for path in paths)))


def _between(parent: Node, child: Node) -> Conditions:
    """Return what ``parent`` demands for ``child`` to run."""
    role = child.field
    if parent.kind in _CHOICES and role in ("consequence", "alternative"):
        return of(parent, negated=role == "alternative")
    if parent.kind == "binary_expression" and role == "right":
        operator = operator_of(parent)
        left = parent.child("left")
        if operator in ("&&", "||") and left is not None:
            return split(left, negated=operator == "||")
    if parent.kind in _LOOPS and role in ("body", "update"):
        return _turn(parent)
    if parent.kind in ARMS:
        return arm(parent, negated=role == "alternative")
    return _ALWAYS


def _turn(loop: Node) -> Conditions:
    """Return the condition of a loop, unless it only counts its turns.

    A macro that loops has no condition; one whose names the loop changes counts.
    """
    condition = loop.child("condition")
    if condition is None or not loop.text.startswith(("while", "for")):
        return _ALWAYS
    if loop.text.startswith("for_"):
        return _ALWAYS
    names = set(_NAME.findall(condition.text))
    changed = (name for node in loop.walk() for name in _changes(node))
    called = any(node.kind == "call_expression" for node in condition.walk())
    if called or not names.isdisjoint(changed):
        return _ALWAYS
    return split(condition)


def _changes(node: Node) -> Iterator[str]:
    if node.kind == "assignment_expression":
        left = node.child("left")
        yield from _NAME.findall("" if left is None else left.text)
    elif node.kind == "update_expression" or (
        node.kind == "pointer_expression" and operator_of(node) == "&"
    ):
        yield from _NAME.findall(node.text)
