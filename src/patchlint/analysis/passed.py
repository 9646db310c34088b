# SPDX-License-Identifier: GPL-2.0-or-later
"""What must have held for control to get past a statement of C."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from patchlint.analysis.conditions import Condition, Conditions, split
from patchlint.analysis.flow import NORETURN
from patchlint.analysis.formula import Formula, all_of, any_of, atom, inverted
from patchlint.syntax.node import Node

_ALWAYS: Conditions = Formula("&&")
_NEVER: Conditions = Formula("||")
_EXITS = frozenset(
    ("return_statement", "goto_statement", "break_statement", "continue_statement")
)
ARMS = frozenset(("preproc_ifdef", "preproc_if", "preproc_elif", "preproc_elifdef"))
_FAILS = re.compile(
    r"\breturn\s+(?:-E[A-Z0-9]+|ERR_PTR\(.*\))\s*;|=\s*-E[A-Z0-9]+;"
    r"|\bgoto\s+\w*(?:err|fail|abort|unwind|undo|bad)\w*\s*;"
)


def passed(node: Node) -> Conditions:
    """Return what must have held for control to get past a statement."""
    if leaves(node):
        return _NEVER
    if node.kind in ("compound_statement", "preproc_else", "else_clause"):
        return all_of(passed(child) for child in _after_labels(node))
    if node.kind == "labeled_statement":
        return passed(node.children[-1]) if len(node.children) > 1 else _ALWAYS
    past = _PAST.get(node.kind)
    return _ALWAYS if past is None else past(node)


def _past_if(node: Node) -> Conditions:
    condition = node.child("condition")
    then, otherwise = node.child("consequence"), node.child("alternative")
    if condition is None or then is None:
        return _ALWAYS
    first = passed(then)
    second = _ALWAYS if otherwise is None else passed(otherwise)
    if first.always and second.always:
        return _ALWAYS
    yes, no = split(condition), split(condition, negated=True)
    if _FAILS.search(then.text if first.never else ""):
        no = no.expand(weak)
    return any_of((all_of((yes, first)), all_of((no, second))))


def _past_arm(node: Node) -> Conditions:
    otherwise = node.child("alternative")
    inside = all_of(passed(child) for child in node.children if not child.field)
    outside = _ALWAYS if otherwise is None else passed(otherwise)
    if inside.always and outside.always:
        return _ALWAYS
    yes, no = arm(node, negated=False), arm(node, negated=True)
    return any_of((all_of((yes, inside)), all_of((no, outside))))


def _past_switch(node: Node) -> Conditions:
    """The cases that leave the function, or the loop around, were not taken."""
    body = node.child("body")
    cases = () if body is None else body.children
    gone = [
        case
        for case in cases
        if case.kind == "case_statement"
        and case.children
        and leaves(case.children[-1])
        and not any(below.kind == "break_statement" for below in case.walk())
    ]
    if body is None or not gone:
        return _ALWAYS
    taken = any_of(selected(node, body, case) for case in gone)
    return inverted(taken, Condition.flipped)


_PAST = {
    "if_statement": _past_if,
    "switch_statement": _past_switch,
    **dict.fromkeys(ARMS, _past_arm),
}


def selected(switch: Node, body: Node, case: Node) -> Conditions:
    """Return what leads to a case: its label, and those that fall through to it."""
    value = switch.child("condition")
    if value is None:
        return _ALWAYS
    found: Conditions = _NEVER
    for node in body.children:
        if node.kind != "case_statement":
            continue
        found = any_of((found, _labelled(value, node, body)))
        if node is case:
            return found
        ends = (passed(below) for below in node.children if below.field != "value")
        found = all_of((found, *ends))
    return found


def _labelled(value: Node, case: Node, body: Node) -> Conditions:
    """Return the condition of one label; ``default`` is none of the others."""
    subject = value.children[0] if len(value.children) == 1 else value
    label = case.child("value")
    if label is not None:
        return atom(Condition(subject, value=label.text))
    others = (node.child("value") for node in body.children)
    return all_of(
        atom(Condition(subject, negated=True, value=other.text))
        for other in others
        if other is not None
    )


def leaves(node: Node) -> bool:
    """Say whether control never gets past a statement."""
    if node.kind == "compound_statement":
        return any(leaves(child) for child in _after_labels(node))
    if node.kind == "expression_statement" and node.children:
        callee = node.children[0].child("function")
        return callee is not None and callee.text in NORETURN
    return node.kind in _EXITS


def _after_labels(block: Node) -> Sequence[Node]:
    """Return the statements from the last label on; what is before may be skipped."""
    marked = [
        at for at, n in enumerate(block.children) if n.kind == "labeled_statement"
    ]
    return block.children[marked[-1] :] if marked else block.children


def of(parent: Node, *, negated: bool) -> Conditions:
    """Return the condition of a statement, or its contrary."""
    node = parent.child("condition")
    return _ALWAYS if node is None else split(node, negated=negated)


def arm(node: Node, *, negated: bool) -> Conditions:
    """Return what an ``#if`` asks, or its contrary."""
    name = node.child("name")
    if name is None:
        return of(node, negated=negated)
    turned = node.text.startswith(("#ifndef", "#elifndef"))
    return atom(Condition(name, negated != turned))


def weak(condition: Condition) -> Conditions:
    """Return a condition that counts only where both sides of a patch have it."""
    return atom(replace(condition, weak=True))
