# SPDX-License-Identifier: GPL-2.0-or-later
"""Build the control-flow graph of a C function from its syntax tree.

Events stand in the order of evaluation that matters here: the arguments of a call
come before the call. ``#if`` arms are alternatives. A ``goto`` to a label that is not
there, or a computed one, ends its path and is noted in ``Graph.unknown``. What guard()
takes is given back wherever control leaves its block. Loops that are macros set the
names they are given (include/linux/list.h), and scoped_guard() runs its body once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from patchlint.analysis.flow import (
    CURRENT,
    JUMPS,
    NORETURN,
    TRANSPARENT,
    Block,
    Event,
    Graph,
)
from patchlint.analysis.flow_nodes import (
    arguments,
    constant,
    declared,
    guard_class,
    has_default,
    list_of,
    loop_arguments,
    operator,
    scoped_guard,
)
from patchlint.syntax.node import Node

_LEAVES = frozenset(
    (
        "sizeof_expression", "alignof_expression", "type_descriptor", "string_literal",
        "pointer_declarator", "array_declarator", "function_declarator",
    )
)  # fmt: skip


def graph(function: Node) -> Graph:
    """Build the graph of a ``function_definition``."""
    return watching((function, frozenset()))


def watching(key: tuple[Node, frozenset[str]]) -> Graph:
    """Build the graph of a function with events of some of its names as well."""
    function, names = key
    builder = _Builder(names)
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


@dataclass(frozen=True, slots=True)
class _Target:
    """A block a jump goes to, and the guards that are held there."""

    block: int
    guards: tuple[Event, ...]


@dataclass(slots=True)
class _Jumps:
    """Where break and continue go, and the switch that case labels belong to."""

    breaks: list[_Target] = field(default_factory=list)
    continues: list[_Target] = field(default_factory=list)
    switches: list[int] = field(default_factory=list)
    labels: dict[str, _Target] = field(default_factory=dict)
    gotos: list[tuple[_Target, Node]] = field(default_factory=list)


class _Builder:
    """Grow blocks statement by statement.

    Every method takes the number of the block that control is in and returns the
    one it is in afterwards; None where control does not get there.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._drafts: list[_Draft] = []
        self._jumps = _Jumps()
        self._guards: tuple[Event, ...] = ()
        self._unknown: list[Node] = []

    def graph(self) -> Graph:
        """Join the gotos to their labels and freeze."""
        for origin, label in self._jumps.gotos:
            if label.text in self._jumps.labels:
                self.jump(origin, self._jumps.labels[label.text])
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
        outer = self._guards
        end = self.sequence(node.children, at)
        held, self._guards = self._guards, outer
        return self.release(end, held)

    def leave(self, node: Node, at: int | None) -> None:
        """A return ends its path."""
        for child in node.children:
            at = self.expression(child, at)

    def goto(self, node: Node, at: int | None) -> None:
        """A goto is joined to its label when all labels are known."""
        label = node.child("label")
        if at is not None:
            self.goto_later(at, node if label is None else label)

    def goto_later(self, at: int, label: Node) -> None:
        self._jumps.gotos.append((_Target(at, self._guards), label))

    def leave_loop(self, _: Node, at: int | None) -> None:
        """A break goes behind the innermost loop or switch."""
        self.leave_for(at, self._jumps.breaks)

    def next_turn(self, _: Node, at: int | None) -> None:
        """A continue goes to the update of the innermost loop."""
        self.leave_for(at, self._jumps.continues)

    def leave_for(self, at: int | None, targets: list[_Target]) -> None:
        if at is not None and targets:
            self.jump(_Target(at, self._guards), targets[-1])

    def jump(self, origin: _Target, target: _Target) -> None:
        """Join two blocks; the guards that are not held at the target are left."""
        block: int | None = origin.block
        if any(guard not in target.guards for guard in origin.guards):
            block = self.block(block)
            self.emit_leaves(block, origin.guards, target.guards)
        self.link(block, target.block)

    def release(self, at: int | None, held: tuple[Event, ...]) -> int | None:
        """Leave the guards of a scope that control falls out of."""
        if at is not None:
            self.emit_leaves(at, held, self._guards)
        return at

    def emit_leaves(
        self, at: int, held: tuple[Event, ...], kept: tuple[Event, ...]
    ) -> None:
        for guard in reversed(held):
            if guard not in kept:
                self.emit(at, "leave", guard.name, guard.node)

    def emit(self, at: int, kind: str, name: str, node: Node) -> Event:
        event = Event(kind, name, node)
        self._drafts[at].events.append(event)
        return event

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

    def loop(self, node: Node, at: int | None) -> int:
        """Body and condition repeat; ``do`` runs the body first."""
        if (guard := scoped_guard(node)) is not None:
            return self.scoped(node, guard, at)
        begin = self.expression(node.child("initializer"), at)
        head, body, update, end = (self.block() for _ in range(4))
        self.link(begin, body if node.kind == "do_statement" else head)
        true, false = self.turn(node, head)
        for block in true:
            self.link(block, body)
        for block in false:
            self.link(block, end)
        self._jumps.breaks.append(_Target(end, self._guards))
        self._jumps.continues.append(_Target(update, self._guards))
        inside = node.child("body")
        self.link(body if inside is None else self.statement(inside, body), update)
        self._jumps.breaks.pop()
        self._jumps.continues.pop()
        self.link(self.expression(node.child("update"), update), head)
        return end

    def turn(self, node: Node, head: int) -> tuple[list[int], list[int]]:
        """Add what is asked before each turn; a macro sets the names it is given."""
        condition, given = node.child("condition"), loop_arguments(node)
        if condition is None:
            return [head], []
        if not given:
            return self.test(condition, head)
        for argument in given:
            if argument.kind != "identifier":
                self.expression(argument, head)
            elif argument.text in self._names:
                self.emit(head, "set", argument.text, argument)
        return [head], [head]

    def scoped(self, node: Node, guard: Node, at: int | None) -> int:
        """The body of scoped_guard() runs once; break and continue leave it."""
        begin, end = self.block(self.expression(list_of(guard), at)), self.block()
        outer, body = self._guards, node.child("body")
        self._jumps.breaks.append(_Target(end, outer))
        self._jumps.continues.append(_Target(end, outer))
        taken = self.emit(begin, "guard", guard_class(guard), guard)
        self._guards = (*outer, taken)
        inside = begin if body is None else self.statement(body, begin)
        held, self._guards = self._guards, outer
        self._jumps.breaks.pop()
        self._jumps.continues.pop()
        self.link(self.release(inside, held), end)
        return end

    def switch(self, node: Node, at: int | None) -> int | None:
        tested = self.expression(node.child("condition"), at)
        if tested is None:
            return None
        end, body = self.block(), node.child("body")
        self._jumps.breaks.append(_Target(end, self._guards))
        self._jumps.switches.append(tested)
        self.link(None if body is None else self.statement(body, None), end)
        self._jumps.breaks.pop()
        self._jumps.switches.pop()
        if body is None or not has_default(body):
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
            self._jumps.labels[label.text] = _Target(begin, self._guards)
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
        if operator(node) in ("&&", "||"):
            return self.short_circuit(node, at)
        if node.kind == "identifier" and self.watched(node):
            self.emit(at, "name", node.text, node)
        if node.kind == "ERROR":
            self._unknown.append(node)
        for child in node.children:
            at = self.expression(child, at)
        return at

    def watched(self, node: Node) -> bool:
        """Say whether reading an identifier is an event."""
        known = node.text == CURRENT or node.text in self._names
        return known and node.field != "declarator"

    def assignment(self, node: Node, at: int | None) -> int | None:
        """The value comes before the target."""
        target = node.child("left")
        after = self.expression(node.child("right"), at)
        if target is None or after is None or not self._names:
            return self.expression(target, after)
        if target.kind == "identifier" and operator(node) == "=":
            self.given(target, after, node)
            return after
        after = self.expression(target, after)
        if after is not None:
            self.emit(after, "store", "".join(target.text.split()), node)
        return after

    def initialised(self, node: Node, at: int | None) -> int | None:
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
        if operator(node) == "&" and inner.text in self._names:
            self.given(inner, at, node)
            return at
        return self.expression(inner, at)

    def given(self, name: Node, at: int, node: Node) -> None:
        if name.text in self._names:
            self.emit(at, "set", name.text, node)

    def call(self, node: Node, at: int | None) -> int | None:
        callee = node.child("function")
        after = self.expression(node.child("arguments"), at)
        after = self.expression(callee, after)
        if after is None:
            return None
        name = "" if callee is None else callee.text
        if (taken := guard_class(node)) != "":
            guard = self.emit(after, "guard", taken, node)
            self._guards = (*self._guards, guard)
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

    def join(self, ends: Iterable[int | None]) -> int | None:
        reached = [end for end in ends if end is not None]
        return self.block(*reached) if reached else None

    def link(self, before: int | None, after: int) -> None:
        if before is not None:
            self._drafts[before].successors.append(after)


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
    "assignment_expression": _Builder.assignment,
    "init_declarator": _Builder.initialised,
    "pointer_expression": _Builder.address,
}
