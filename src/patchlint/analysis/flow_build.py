# SPDX-License-Identifier: GPL-2.0-or-later
"""Build the control-flow graph of a C function from its syntax tree.

Events stand in the order of evaluation that matters here: the arguments of a call
come before the call. ``#if`` arms are alternatives. A ``goto`` to a label that is not
there, or a computed one, ends its path and is noted in ``Graph.unknown``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from patchlint.analysis.flow import CURRENT, NORETURN, Block, Event, Graph
from patchlint.syntax.node import Node

_LEAVES = frozenset(
    ("sizeof_expression", "alignof_expression", "type_descriptor", "string_literal")
)
_ALWAYS, _NEVER = frozenset(("1", "true")), frozenset(("0", "false"))


def graph(function: Node) -> Graph:
    """Build the graph of a ``function_definition``."""
    builder = _Builder()
    entry = builder.block()
    body = function.child("body")
    if body is not None:
        builder.statement(body, entry)
    return builder.graph()


@dataclass(slots=True)
class _Draft:
    """A block while it is being built."""

    events: list[Event] = field(default_factory=list)
    successors: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Jumps:
    """Where break and continue go, and the switch that case labels belong to."""

    breaks: list[int] = field(default_factory=list)
    continues: list[int] = field(default_factory=list)
    switches: list[int] = field(default_factory=list)


class _Builder:
    """Grow blocks statement by statement.

    Every method takes the number of the block that control is in and returns the
    one it is in afterwards; None where control does not get there.
    """

    def __init__(self) -> None:
        self._drafts: list[_Draft] = []
        self._labels: dict[str, int] = {}
        self._gotos: list[tuple[int, Node]] = []
        self._jumps = _Jumps()
        self._unknown: list[Node] = []

    def graph(self) -> Graph:
        """Join the gotos to their labels and freeze."""
        for block, label in self._gotos:
            if label.text in self._labels:
                self.link(block, self._labels[label.text])
            else:
                self._unknown.append(label)
        blocks = (
            Block(tuple(d.events), tuple(dict.fromkeys(d.successors)))
            for d in self._drafts
        )
        return Graph(tuple(blocks), tuple(self._unknown))

    def block(self, *before: int | None) -> int:
        """Begin a block that follows ``before``."""
        self._drafts.append(_Draft())
        number = len(self._drafts) - 1
        for block in before:
            self.link(block, number)
        return number

    def statement(self, node: Node, block: int | None) -> int | None:
        """Add one statement; code after a jump may still be reached by a label."""
        at = self.block() if block is None else block
        return _STATEMENTS.get(node.kind, _Builder.expression)(self, node, at)

    def compound(self, node: Node, at: int | None) -> int | None:
        """Add the statements of a block, or of the arm an ``else`` begins."""
        return self.sequence(node.children, at)

    def leave(self, node: Node, at: int | None) -> None:
        """A return ends its path."""
        for child in node.children:
            at = self.expression(child, at)

    def goto(self, node: Node, at: int | None) -> None:
        """A goto is joined to its label when all labels are known."""
        label = node.child("label")
        if at is not None:
            self._gotos.append((at, node if label is None else label))

    def leave_loop(self, _: Node, at: int | None) -> None:
        """A break goes behind the innermost loop or switch."""
        self.jump(at, self._jumps.breaks)

    def next_turn(self, _: Node, at: int | None) -> None:
        """A continue goes to the update of the innermost loop."""
        self.jump(at, self._jumps.continues)

    def jump(self, at: int | None, targets: list[int]) -> None:
        if targets:
            self.link(at, targets[-1])

    def sequence(self, nodes: Iterable[Node], block: int | None) -> int | None:
        for node in nodes:
            block = self.statement(node, block)
        return block

    def branch(self, node: Node, at: int | None) -> int | None:
        """An if; without an else, control may pass it by."""
        true, false = self.test(node.child("condition"), at)
        ends = self.side(node.child("consequence"), true)
        other = node.child("alternative")
        ends += false if other is None else self.side(other, false)
        return self.join(ends)

    def side(self, node: Node | None, begins: list[int]) -> list[int]:
        """Add one side of a choice; return where it ends.

        A side that no path begins is added too: a label in it may be a target.
        """
        if node is None:
            return begins
        end = self.statement(node, self.block(*begins))
        return [] if end is None else [end]

    def test(self, node: Node | None, at: int | None) -> tuple[list[int], list[int]]:
        """Add a condition; return where control is if it holds, and if not."""
        if node is None or at is None:
            return [], []
        if node.kind == "parenthesized_expression" and len(node.children) == 1:
            return self.test(node.children[0], at)
        operator = _operator(node)
        if node.kind == "unary_expression" and operator == "!":
            true, false = self.test(node.children[-1], at)
            return false, true
        if operator in ("&&", "||"):
            return self.both(node, at, operator)
        end = self.expression(node, at)
        constant = _constant(node)
        ends = [] if end is None else [end]
        return ([] if constant is False else ends), ([] if constant is True else ends)

    def both(self, node: Node, at: int, operator: str) -> tuple[list[int], list[int]]:
        """The right side of && runs if the left one holds, that of || if not."""
        true, false = self.test(node.child("left"), at)
        onwards, decided = (true, false) if operator == "&&" else (false, true)
        right = self.block(*onwards) if onwards else None
        true, false = self.test(node.child("right"), right)
        if operator == "&&":
            return true, [*decided, *false]
        return [*decided, *true], false

    def loop(self, node: Node, at: int | None) -> int:
        """Body and condition repeat; ``do`` runs the body first."""
        begin = self.expression(node.child("initializer"), at)
        head, body, update, end = (self.block() for _ in range(4))
        self.link(begin, body if node.kind == "do_statement" else head)
        condition = node.child("condition")
        true, false = ([head], []) if condition is None else self.test(condition, head)
        for block in true:
            self.link(block, body)
        for block in false:
            self.link(block, end)
        self._jumps.breaks.append(end)
        self._jumps.continues.append(update)
        inside = node.child("body")
        self.link(body if inside is None else self.statement(inside, body), update)
        self._jumps.breaks.pop()
        self._jumps.continues.pop()
        self.link(self.expression(node.child("update"), update), head)
        return end

    def switch(self, node: Node, at: int | None) -> int | None:
        tested = self.expression(node.child("condition"), at)
        if tested is None:
            return None
        end, body = self.block(), node.child("body")
        self._jumps.breaks.append(end)
        self._jumps.switches.append(tested)
        self.link(None if body is None else self.statement(body, None), end)
        self._jumps.breaks.pop()
        self._jumps.switches.pop()
        if body is None or not _has_default(body):
            self.link(tested, end)
        return end

    def case_label(self, node: Node, at: int | None) -> int | None:
        switch = self._jumps.switches[-1] if self._jumps.switches else None
        begin = self.block(at, switch)
        return self.sequence((n for n in node.children if n.field != "value"), begin)

    def labeled(self, node: Node, at: int | None) -> int | None:
        begin = self.block(at)
        label = node.child("label")
        if label is not None:
            self._labels[label.text] = begin
        return self.sequence((n for n in node.children if n is not label), begin)

    def arms(self, node: Node, at: int | None) -> int | None:
        """Each arm of an ``#if`` may be the one that is compiled, that of 0 not."""
        other, condition = node.child("alternative"), node.child("condition")
        inside = (
            n
            for n in node.children
            if n is not other and n.field not in ("name", "condition")
        )
        never = condition is not None and condition.text.strip() == "0"
        end = self.sequence(inside, self.block(None if never else at))
        if node.kind == "preproc_else":
            return end
        return self.join([end, at if other is None else self.statement(other, at)])

    def expression(self, node: Node | None, at: int | None) -> int | None:
        """Add the events of an expression, in the order they are evaluated."""
        if node is None or at is None or node.kind in _LEAVES:
            return at
        if node.kind in _EXPRESSIONS:
            return _EXPRESSIONS[node.kind](self, node, at)
        if _operator(node) in ("&&", "||"):
            return self.short_circuit(node, at)
        if node.kind == "identifier" and node.text == CURRENT:
            self._drafts[at].events.append(Event("name", CURRENT, node))
        if node.kind == "ERROR":
            self._unknown.append(node)
        for child in node.children:
            at = self.expression(child, at)
        return at

    def call(self, node: Node, at: int | None) -> int | None:
        callee = node.child("function")
        after = self.expression(node.child("arguments"), at)
        after = self.expression(callee, after)
        if after is None:
            return None
        name = "" if callee is None else callee.text
        self._drafts[after].events.append(Event("call", name, node))
        return None if name in NORETURN else after

    def asm(self, node: Node, at: int | None) -> int | None:
        """``asm goto`` may go to each of its labels."""
        if at is None:
            return None
        self._drafts[at].events.append(Event("asm", "asm", node))
        after = self.block(at)
        for below in node.walk():
            if below.kind == "gnu_asm_goto_list":
                self._gotos += [(at, label) for label in below.children]
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

    def join(self, ends: Iterable[int | None]) -> int | None:
        reached = [end for end in ends if end is not None]
        return self.block(*reached) if reached else None

    def link(self, before: int | None, after: int) -> None:
        if before is not None:
            self._drafts[before].successors.append(after)


def _operator(node: Node) -> str:
    operator = node.child("operator")
    return "" if operator is None else operator.text


def _has_default(body: Node) -> bool:
    """Say whether a switch body has ``default:`` (a case without a value)."""
    return any(
        n.kind == "case_statement" and n.child("value") is None for n in body.children
    )


def _constant(condition: Node) -> bool | None:
    text = condition.text.strip()
    return True if text in _ALWAYS else False if text in _NEVER else None


_Add = Callable[[_Builder, Node, int | None], int | None]
_STATEMENTS: Mapping[str, _Add] = {
    "compound_statement": _Builder.compound,
    "else_clause": _Builder.compound,
    "if_statement": _Builder.branch,
    "while_statement": _Builder.loop,
    "for_statement": _Builder.loop,
    "do_statement": _Builder.loop,
    "switch_statement": _Builder.switch,
    "case_statement": _Builder.case_label,
    "labeled_statement": _Builder.labeled,
    "return_statement": _Builder.leave,
    "goto_statement": _Builder.goto,
    "break_statement": _Builder.leave_loop,
    "continue_statement": _Builder.next_turn,
    "preproc_ifdef": _Builder.arms,
    "preproc_if": _Builder.arms,
    "preproc_elif": _Builder.arms,
    "preproc_elifdef": _Builder.arms,
    "preproc_else": _Builder.arms,
}
_EXPRESSIONS: Mapping[str, _Add] = {
    "call_expression": _Builder.call,
    "gnu_asm_expression": _Builder.asm,
    "compound_statement": _Builder.compound,
    "conditional_expression": _Builder.choice,
}
