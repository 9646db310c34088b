# SPDX-License-Identifier: GPL-2.0-or-later
"""Conditions of C in one form: literals joined by and and or."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.c_file import arguments
from patchlint.analysis.formula import (
    Formula,
    Literal,
    all_of,
    any_of,
    atom,
    inverted,
)
from patchlint.syntax.node import Node

_HINTS = frozenset(("likely", "unlikely"))
_ZERO = frozenset(("0", "NULL", "false"))
_FALSE = _ZERO
_TRUE = frozenset(("1", "true"))
_SWAPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_CONTRARY = {"!=": "==", ">=": "<", "<=": ">"}
_TURNED = {"==": "!=", "<": ">=", ">": "<="}
_BLANK = re.compile(r"(?<!\w)\s+|\s+(?!\w)")
_NUMBER = re.compile(r"-?\(?\d\w*\)?|'[^']+'")
_CAPITALS = re.compile(r"-?[A-Z][A-Z0-9_]*(?:\([^()]*\))?")
_SIMPLE = re.compile(r"(?:\([\w *]+\)->)?[\w.>\[\]-]+(?:\([^()]*\))?")


class Condition(Struct, frozen=True, eq=False):
    """An expression that is true (or false, if ``negated``) where something runs.

    ``value`` is the label of a ``case``: then the expression equals it. ``weak``
    ones count only where both sides of a patch have them: they only tell whether what
    came before has worked, or what is built.
    """

    node: Node
    negated: bool = False
    value: str = ""
    weak: bool = False

    @property
    def text(self) -> str:
        """The condition as C, blanks normalised, a negated comparison turned round."""
        return written(atom(literal(self, plain)))

    def flipped(self) -> Condition:
        """Return the contrary."""
        return replace(self, negated=not self.negated)


Conditions = Formula[Condition]


def plain(text: str) -> str:
    """Return C text without blanks that do not matter, on one line."""
    return _BLANK.sub("", " ".join(text.split()))


def split(node: Node, *, negated: bool = False) -> Conditions:
    """Take a condition apart, negations pushed down to the literals."""
    found = _split(node)
    return inverted(found, Condition.flipped) if negated else found


def _split(node: Node) -> Conditions:
    kind, operator = node.kind, operator_of(node)
    if node.text in _TRUE | _FALSE:
        return Formula("&&" if node.text in _TRUE else "||")
    if (inner := _inside(node)) is not None:
        return _split(inner)
    if kind == "unary_expression" and operator == "!":
        return split(node.children[-1], negated=True)
    if kind == "conditional_expression":
        return _ternary(node)
    if kind == "binary_expression" and len(node.children) == 3:
        return _binary(node, operator)
    return atom(Condition(node))


def _inside(node: Node) -> Node | None:
    """What a pair of parentheses, a hint or a statement expression is worth."""
    if node.kind == "parenthesized_expression" and len(node.children) == 1:
        return _inside(node.children[0]) or node.children[0]
    if node.kind == "compound_statement" and node.children:
        last = node.children[-1]
        one = last.kind == "expression_statement" and len(last.children) == 1
        return last.children[0] if one else None
    if node.kind == "call_expression":
        callee, given = node.child("function"), arguments(node)
        hint = callee is not None and callee.text in _HINTS and len(given) == 1
        return given[0] if hint else None
    return None


def _ternary(node: Node) -> Conditions:
    condition, then = node.child("condition"), node.child("consequence")
    otherwise = node.child("alternative")
    if condition is None or then is None or otherwise is None:
        return atom(Condition(node))
    yes, no = split(condition), split(condition, negated=True)
    return any_of((all_of((yes, _split(then))), all_of((no, _split(otherwise)))))


def _binary(node: Node, operator: str) -> Conditions:
    left, right = node.children[0], node.children[-1]
    if operator in ("&&", "||"):
        parts = (_split(left), _split(right))
        return all_of(parts) if operator == "&&" else any_of(parts)
    if operator in ("==", "!="):
        for one, other in ((left, right), (right, left)):
            if one.text in _ZERO:
                return split(other, negated=operator == "==")
            if one.text == "true":
                return split(other, negated=operator == "!=")
    return atom(Condition(node))


def as_text(conditions: Conditions, write: Callable[[str], str]) -> Formula[Literal]:
    """Return conditions as texts; ``write`` spells the operands."""
    return conditions.expand(lambda one: atom(literal(one, write)))


def literal(condition: Condition, write: Callable[[str], str]) -> Literal:
    """Return a condition as text; ``write`` spells the operands.

    ``!(a < b)`` and ``b <= a`` are one: of two operands the constant stands on the
    right, else they are in the order of the alphabet, and of two contrary comparisons
    one is negated.
    """
    node, operator = condition.node, operator_of(condition.node)
    if condition.value:
        case = write(node.text), "==", write(condition.value)
        return compared(*case, negated=condition.negated)
    if node.kind == "binary_expression" and operator in _SWAPPED:
        left, right = write(node.children[0].text), write(node.children[-1].text)
        return compared(left, operator, right, negated=condition.negated)
    if node.kind == "assignment_expression" and operator == "=":
        return Literal(write(node.children[-1].text), condition.negated)
    return Literal(_configured(write(node.text)), condition.negated)


def compared(left: str, operator: str, right: str, *, negated: bool) -> Literal:
    """Return a comparison in its one form."""
    left, right = _bare(left), _bare(right)
    if (_rank(left), left) > (_rank(right), right):
        left, right, operator = right, left, _SWAPPED[operator]
    if operator in _CONTRARY:
        operator, negated = _CONTRARY[operator], not negated
    contrary = f"{left}{_TURNED[operator]}{right}"
    return Literal(f"{left}{operator}{right}", negated, contrary)


def _rank(text: str) -> int:
    """Constants stand on the right, numbers last of all."""
    return 2 if _NUMBER.fullmatch(text) else bool(_CAPITALS.fullmatch(text))


def _bare(text: str) -> str:
    inner = text[1:-1]
    closed = text.startswith("(") and text.endswith(")")
    return inner if closed and not re.search(r"[()]", inner) else text


def _configured(text: str) -> str:
    """``IS_ENABLED(CONFIG_X)`` and ``#ifdef CONFIG_X`` ask the same."""
    found = re.fullmatch(r"(?:IS_ENABLED\(|defined\(?)\s*(\w+)\)?", text)
    return found[1] if found else text


def written(formula: Formula[Literal]) -> str:
    """Return a formula as C, without blanks around comparisons; "" if always."""
    return _written(formula, "")


def _written(formula: Formula[Literal], outer: str) -> str:
    if formula.literal is not None:
        return _spelled(formula.literal)
    if formula.never:
        return "never"
    inner = f" {formula.joint} ".join(
        sorted(_written(part, formula.joint) for part in formula.parts)
    )
    return f"({inner})" if outer else inner


def _spelled(one: Literal) -> str:
    if not one.negated:
        return one.text
    return one.contrary or negate(one.text)


def negate(text: str) -> str:
    """Return ``!text``, parenthesised where it must be."""
    return f"!{text}" if _SIMPLE.fullmatch(text) else f"!({text})"


def operator_of(node: Node) -> str:
    """Return the operator of an expression, or ""."""
    operator = node.child("operator")
    return "" if operator is None else operator.text
