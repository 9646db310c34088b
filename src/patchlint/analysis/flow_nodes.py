# SPDX-License-Identifier: GPL-2.0-or-later
"""What the graph builder asks of a piece of C: its operator, its guard, its loop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.model.location import Span
from patchlint.syntax.node import Node

_ALWAYS, _NEVER = frozenset(("1", "true")), frozenset(("0", "false"))
_SCOPED = re.compile(r"scoped_guard\s*\(")


def operator(node: Node) -> str:
    """Return the operator of an expression, or ""."""
    found = node.child("operator")
    return "" if found is None else found.text


def arguments(call: Node) -> tuple[Node, ...]:
    """Return the arguments of a call."""
    listed = call.child("arguments")
    return () if listed is None else listed.children


def list_of(call: Node) -> Node | None:
    """Return the argument list of a call."""
    return call.child("arguments")


def constant(condition: Node) -> bool | None:
    """Return what a condition always is, or None."""
    text = condition.text.strip()
    return True if text in _ALWAYS else False if text in _NEVER else None


def has_default(body: Node) -> bool:
    """Say whether a switch body has ``default:`` (a case without a value)."""
    return any(
        n.kind == "case_statement" and n.child("value") is None for n in body.children
    )


def declared(declarator: Node) -> Node | None:
    """Return the identifier a declarator declares, through its pointers."""
    node: Node | None = declarator
    while node is not None and node.kind != "identifier":
        if node.kind == "parenthesized_declarator" and node.children:
            node = node.children[0]
        else:
            node = node.child("declarator")
    return node


def guard_class(call: Node) -> str:
    """Return ``X`` of the calls ``guard(X)(...)`` and ``scoped_guard(X, ...)``."""
    callee = call.child("function")
    if callee is None or callee.kind != "call_expression":
        return ""
    name, classes = callee.child("function"), arguments(callee)
    named = name is not None and name.text in ("guard", "scoped_guard")
    return classes[0].text if named and len(classes) == 1 else ""


def scoped_guard(loop: Node) -> Node | None:
    """Return a scoped_guard(), a loop to the grammar, as the call of a guard()."""
    condition = loop.child("condition")
    if condition is None or not _SCOPED.match(loop.text):
        return None
    given = tuple(_listed(condition))
    if not given:
        return None
    start, end = loop.span, condition.span
    span = Span(start.line, start.column, end.end_line, end.end_column)
    text = "".join(loop.text.partition(condition.text)[:2])
    name = Node("identifier", "function", "scoped_guard", loop.span)
    classes = Node("argument_list", "arguments", given[0].text, loop.span, given[:1])
    callee = Node("call_expression", "function", "", loop.span, (name, classes))
    listed = ", ".join(node.text for node in given[1:])
    rest = Node("argument_list", "arguments", listed, condition.span, given[1:])
    return Node("call_expression", "", text, span, (callee, rest))


def loop_arguments(loop: Node) -> tuple[Node, ...]:
    """Return the arguments of a loop that is a macro; () of any other loop."""
    condition = loop.child("condition")
    if loop.kind != "while_statement" or condition is None:
        return ()
    return () if loop.text.startswith("while") else tuple(_listed(condition))


def _listed(node: Node) -> Iterator[Node]:
    """Yield the parts of a comma expression, in source order."""
    pending = [node]
    while pending:
        part = pending.pop()
        if part.kind in ("parenthesized_expression", "comma_expression"):
            pending.extend(reversed(part.children))
        elif not part.text.startswith(","):
            yield part
