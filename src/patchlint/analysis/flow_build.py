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

from patchlint.analysis.flow import Graph
from patchlint.analysis.flow_draft import Target
from patchlint.analysis.flow_expressions import Expressions
from patchlint.analysis.flow_nodes import (
    guard_class,
    has_default,
    list_of,
    loop_arguments,
    scoped_guard,
)
from patchlint.syntax.node import Node


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


class _Builder(Expressions):
    """Grow blocks statement by statement.

    Every method takes the number of the block that control is in and returns the
    one it is in afterwards; None where control does not get there.
    """

    def statement(self, node: Node, block: int | None) -> int | None:
        """Add one statement; code after a jump may still be reached by a label."""
        at = self.block() if block is None else block
        return _STATEMENTS.get(node.kind, _Builder.expression)(self, node, at)

    def compound(self, node: Node, at: int | None) -> int | None:
        """Add the statements of a block, or of the arm an ``else`` begins."""
        outer = self.guards
        end = self.sequence(node.children, at)
        held, self.guards = self.guards, outer
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

    def leave_loop(self, _: Node, at: int | None) -> None:
        """A break goes behind the innermost loop or switch."""
        self.leave_for(at, self.jumps.breaks)

    def next_turn(self, _: Node, at: int | None) -> None:
        """A continue goes to the update of the innermost loop."""
        self.leave_for(at, self.jumps.continues)

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
        self.jumps.breaks.append(Target(end, self.guards))
        self.jumps.continues.append(Target(update, self.guards))
        inside = node.child("body")
        self.link(body if inside is None else self.statement(inside, body), update)
        self.jumps.breaks.pop()
        self.jumps.continues.pop()
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
            elif argument.text in self.names:
                self.emit(head, "set", argument.text, argument)
        return [head], [head]

    def scoped(self, node: Node, guard: Node, at: int | None) -> int:
        """The body of scoped_guard() runs once; break and continue leave it."""
        begin, end = self.block(self.expression(list_of(guard), at)), self.block()
        outer, body = self.guards, node.child("body")
        self.jumps.breaks.append(Target(end, outer))
        self.jumps.continues.append(Target(end, outer))
        taken = self.emit(begin, "guard", guard_class(guard), guard)
        self.guards = (*outer, taken)
        inside = begin if body is None else self.statement(body, begin)
        held, self.guards = self.guards, outer
        self.jumps.breaks.pop()
        self.jumps.continues.pop()
        self.link(self.release(inside, held), end)
        return end

    def switch(self, node: Node, at: int | None) -> int | None:
        tested = self.expression(node.child("condition"), at)
        if tested is None:
            return None
        end, body = self.block(), node.child("body")
        self.jumps.breaks.append(Target(end, self.guards))
        self.jumps.switches.append(tested)
        self.link(None if body is None else self.statement(body, None), end)
        self.jumps.breaks.pop()
        self.jumps.switches.pop()
        if body is None or not has_default(body):
            self.link(tested, end)
        return end

    def case_label(self, node: Node, at: int | None) -> int | None:
        switch = self.jumps.switches[-1] if self.jumps.switches else None
        begin = self.block(at, switch)
        return self.sequence((n for n in node.children if n.field != "value"), begin)

    def labeled(self, node: Node, at: int | None) -> int | None:
        begin = self.block(at)
        label = node.child("label")
        if label is not None:
            self.jumps.labels[label.text] = Target(begin, self.guards)
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
