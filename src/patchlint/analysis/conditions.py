# SPDX-License-Identifier: GPL-2.0-or-later
"""Conditions in one form: what must hold for a statement or expression to run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from patchlint.analysis.c_file import arguments
from patchlint.analysis.flow import NORETURN
from patchlint.model.location import Span
from patchlint.syntax.node import Node

_HINTS = frozenset(("likely", "unlikely"))
_ZERO = frozenset(("0", "NULL", "false"))
_TURNED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_EXITS = frozenset(
    ("return_statement", "goto_statement", "break_statement", "continue_statement")
)
_BLANK = re.compile(r"(?<!\w)\s+|\s+(?!\w)")


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """An expression that is true (or false, if ``negated``) where something runs."""

    node: Node
    negated: bool

    @property
    def text(self) -> str:
        """The condition as C, blanks normalised, a negated comparison turned round."""
        return spell(self, plain)


def plain(text: str) -> str:
    """Return C text without blanks that do not matter, on one line."""
    return _BLANK.sub("", " ".join(text.split()))


def spell(condition: Condition, write: Callable[[str], str]) -> str:
    """Return a condition as C; ``write`` normalises the texts it is made of.

    ``!(a < b)`` is written ``a >= b``.
    """
    node = condition.node
    turned = _TURNED.get(_operator(node)) if condition.negated else None
    if turned is not None and node.kind == "binary_expression":
        return f"{write(node.children[0].text)}{turned}{write(node.children[-1].text)}"
    return negate(write(node.text), when=condition.negated)


def negate(text: str, *, when: bool = True) -> str:
    """Return ``!text``, parenthesised where it must be, if ``when``."""
    if not when:
        return text
    return (
        f"!{text}"
        if re.fullmatch(r"[\w.>\[\]-]+(?:\([^()]*\))?", text)
        else f"!({text})"
    )


def dominating(path: Sequence[Node]) -> tuple[Condition, ...]:
    """Return the conditions that hold where ``path`` ends, outermost first.

    ``path`` leads from a function down to a node, each the child of the one before:
    enclosing ifs, ternaries, && and ||, and the early exits that were passed.
    """
    found: list[Condition] = []
    jumps = _forward_jumps(path[0]) if path else {}
    for parent, child in pairwise(path):
        found += _between(parent, child, jumps)
    return tuple(found)


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


def atoms(node: Node, *, negated: bool) -> Iterator[Condition]:
    """Take a condition apart into a conjunction, negations pushed inwards."""
    kind, operator = node.kind, _operator(node)
    if kind == "parenthesized_expression" and len(node.children) == 1:
        yield from atoms(node.children[0], negated=negated)
    elif kind == "unary_expression" and operator == "!":
        yield from atoms(node.children[-1], negated=not negated)
    elif kind == "binary_expression" and operator == ("||" if negated else "&&"):
        yield from atoms(node.children[0], negated=negated)
        yield from atoms(node.children[-1], negated=negated)
    elif kind == "binary_expression" and operator in ("==", "!=") and _is_zero(node):
        yield from atoms(node.children[0], negated=negated != (operator == "=="))
    elif kind == "call_expression" and (hinted := _hinted(node)) is not None:
        yield from atoms(hinted, negated=negated)
    else:
        yield Condition(node, negated)


def _forward_jumps(function: Node) -> Mapping[str, Span]:
    """Return the first goto of each label."""
    found: dict[str, Span] = {}
    for node in function.walk():
        label = node.child("label") if node.kind == "goto_statement" else None
        if label is not None:
            found.setdefault(label.text, node.span)
    return found


def _between(
    parent: Node, child: Node, jumps: Mapping[str, Span]
) -> Iterator[Condition]:
    """Yield what ``parent`` demands for ``child`` to run."""
    match parent.kind, child.field:
        case "if_statement" | "conditional_expression", "consequence":
            yield from _of(parent, "condition", negated=False)
        case "if_statement" | "conditional_expression", "alternative":
            yield from _of(parent, "condition", negated=True)
        case "binary_expression", "right" if _operator(parent) in ("&&", "||"):
            yield from _of(parent, "left", negated=_operator(parent) == "||")
        case "compound_statement" | "case_statement" | "labeled_statement", _:
            yield from _passed(parent, child, jumps)
        case _:
            pass


def _of(parent: Node, field: str, *, negated: bool) -> Iterator[Condition]:
    node = parent.child(field)
    return iter(()) if node is None else atoms(node, negated=negated)


def _passed(block: Node, child: Node, jumps: Mapping[str, Span]) -> Iterator[Condition]:
    """Yield the negated conditions of the early exits before ``child``.

    A label that is jumped to from before, or a case, is reached otherwise, so it
    ends what is known; one for another turn is not.
    """
    found: list[Condition] = []
    for node in block.children:
        if node.kind == "case_statement" or _is_entered(node, jumps):
            found.clear()
        if node is child:
            break
        if node.kind == "if_statement" and node.child("alternative") is None:
            then, condition = node.child("consequence"), node.child("condition")
            if then is not None and condition is not None and _leaves(then):
                found += atoms(condition, negated=True)
    return iter(found)


def _is_entered(node: Node, jumps: Mapping[str, Span]) -> bool:
    label = node.child("label") if node.kind == "labeled_statement" else None
    return label is not None and label.text in jumps and jumps[label.text] < node.span


def _leaves(node: Node) -> bool:
    """Say whether control never gets past a statement."""
    if node.kind == "compound_statement":
        return bool(node.children) and _leaves(node.children[-1])
    if node.kind == "expression_statement" and node.children:
        callee = node.children[0].child("function")
        return callee is not None and callee.text in NORETURN
    return node.kind in _EXITS


def _operator(node: Node) -> str:
    operator = node.child("operator")
    return "" if operator is None else operator.text


def _is_zero(node: Node) -> bool:
    return node.children[-1].text in _ZERO


def _hinted(call: Node) -> Node | None:
    callee, given = call.child("function"), arguments(call)
    if callee is not None and callee.text in _HINTS and len(given) == 1:
        return given[0]
    return None
