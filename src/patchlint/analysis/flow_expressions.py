# SPDX-License-Identifier: GPL-2.0-or-later
"""The part of the graph builder that reads expressions and conditions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping

from patchlint.analysis.flow import CURRENT, JUMPS, NORETURN, TRANSPARENT
from patchlint.analysis.flow_draft import Draft
from patchlint.analysis.flow_nodes import (
    arguments,
    constant,
    declared,
    guard_class,
    operator,
)
from patchlint.syntax.node import Node

_LEAVES = frozenset(
    (
        "sizeof_expression", "alignof_expression", "type_descriptor", "string_literal",
        "pointer_declarator", "array_declarator", "function_declarator",
    )
)  # fmt: skip


class Expressions(Draft):
    """Add what an expression does, in the order it is evaluated."""

    @abstractmethod
    def statement(self, node: Node, block: int | None) -> int | None:
        """Add one statement: expressions may hold some."""

    def expression(self, node: Node | None, at: int | None) -> int | None:
        """Add the events of an expression, in the order they are evaluated."""
        if node is None or at is None or node.kind in _LEAVES:
            return at
        if node.kind in _EXPRESSIONS:
            return _EXPRESSIONS[node.kind](self, node, at)
        if operator(node) in ("&&", "||"):
            return self.short_circuit(node, at)
        if node.kind == "identifier" and self.watched(node):
            self.emit(at, "name", node.text, node)
        if node.kind == "ERROR":
            self.unknown.append(node)
        for child in node.children:
            at = self.expression(child, at)
        return at

    def watched(self, node: Node) -> bool:
        """Say whether reading an identifier is an event."""
        known = node.text == CURRENT or node.text in self.names
        return known and node.field != "declarator"

    def assignment(self, node: Node, at: int | None) -> int | None:
        """The value comes before the target."""
        target = node.child("left")
        after = self.expression(node.child("right"), at)
        if target is None or after is None or not self.names:
            return self.expression(target, after)
        if target.kind == "identifier" and operator(node) == "=":
            self.given(target, after, node)
            return after
        after = self.expression(target, after)
        if after is not None:
            self.emit(after, "store", "".join(target.text.split()), node)
        return after

    def initialised(self, node: Node, at: int | None) -> int | None:
        """A declared name gets its value."""
        after = self.expression(node.child("value"), at)
        name = declared(node)
        if name is not None and after is not None:
            self.given(name, after, node)
        return after

    def address(self, node: Node, at: int | None) -> int | None:
        """Whoever has the address of a watched name may set it."""
        inner = node.child("argument")
        if inner is None or at is None:
            return at
        if operator(node) == "&" and inner.text in self.names:
            self.given(inner, at, node)
            return at
        return self.expression(inner, at)

    def given(self, name: Node, at: int, node: Node) -> None:
        """A watched name gets a value here."""
        if name.text in self.names:
            self.emit(at, "set", name.text, node)

    def call(self, node: Node, at: int | None) -> int | None:
        """The arguments come first; guard() holds until control leaves its block."""
        callee = node.child("function")
        after = self.expression(node.child("arguments"), at)
        after = self.expression(callee, after)
        if after is None:
            return None
        name = "" if callee is None else callee.text
        if (taken := guard_class(node)) != "":
            guard = self.emit(after, "guard", taken, node)
            self.guards = (*self.guards, guard)
            return after
        self.emit(after, "call", name, node)
        if name in JUMPS and (given := arguments(node)):
            self.goto_later(after, given[-1])
            after = self.block(after)
        return None if name in NORETURN else after

    def asm(self, node: Node, at: int | None) -> int | None:
        """``asm goto`` may go to each of its labels."""
        if at is None:
            return None
        self.emit(at, "asm", "asm", node)
        after = self.block(at)
        for below in node.walk():
            if below.kind == "gnu_asm_goto_list":
                for label in below.children:
                    self.goto_later(at, label)
        return after

    def choice(self, node: Node, at: int | None) -> int | None:
        """A ternary; ``a ?: b`` has no middle."""
        true, false = self.test(node.child("condition"), at)
        ends = self.side(node.child("consequence"), true)
        return self.join([*ends, *self.side(node.child("alternative"), false)])

    def short_circuit(self, node: Node, at: int | None) -> int | None:
        """A condition that is only a value."""
        true, false = self.test(node, at)
        return self.join([*true, *false])

    def test(self, node: Node | None, at: int | None) -> tuple[list[int], list[int]]:
        """Add a condition; return where control is if it holds, and if not."""
        if node is None or at is None:
            return [], []
        if node.kind == "parenthesized_expression" and len(node.children) == 1:
            return self.test(node.children[0], at)
        sign = operator(node)
        if node.kind == "unary_expression" and sign == "!":
            true, false = self.test(node.children[-1], at)
            return false, true
        if sign in ("&&", "||"):
            return self.both(node, at, sign)
        if node.kind == "call_expression":
            return self.tested_call(node, at)
        end = self.expression(node, at)
        known = constant(node)
        ends = [] if end is None else [end]
        return ([] if known is False else ends), ([] if known is True else ends)

    def tested_call(self, node: Node, at: int) -> tuple[list[int], list[int]]:
        """A call that is a condition tells on its true side that it was."""
        callee, given = node.child("function"), arguments(node)
        name = "" if callee is None else callee.text
        if name in TRANSPARENT and given:
            return self.test(given[0], at)
        end = self.expression(node, at)
        if end is None:
            return [], []
        true = self.block(end)
        self.emit(true, "held", name, node)
        return [true], [end]

    def both(self, node: Node, at: int, sign: str) -> tuple[list[int], list[int]]:
        """The right side of && runs if the left one holds, that of || if not."""
        true, false = self.test(node.child("left"), at)
        onwards, decided = (true, false) if sign == "&&" else (false, true)
        right = self.block(*onwards) if onwards else None
        true, false = self.test(node.child("right"), right)
        if sign == "&&":
            return true, [*decided, *false]
        return [*decided, *true], false

    def side(self, node: Node | None, begins: list[int]) -> list[int]:
        """Add one side of a choice; return where it ends.

        A side that no path begins is added too: a label in it may be a target.
        """
        if node is None:
            return begins
        end = self.statement(node, self.block(*begins))
        return [] if end is None else [end]


_Add = Callable[[Expressions, Node, int | None], int | None]
_EXPRESSIONS: Mapping[str, _Add] = {
    "call_expression": Expressions.call,
    "gnu_asm_expression": Expressions.asm,
    "compound_statement": lambda builder, node, at: builder.statement(node, at),
    "conditional_expression": Expressions.choice,
    "assignment_expression": Expressions.assignment,
    "init_declarator": Expressions.initialised,
    "pointer_expression": Expressions.address,
}
