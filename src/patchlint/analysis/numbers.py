# SPDX-License-Identifier: GPL-2.0-or-later
"""The value of a constant expression of C or the assembler, where it has one."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

from patchlint.model.location import Span
from patchlint.syntax.c import expression
from patchlint.syntax.node import Node

_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]{1,16}|[1-9]\d{0,18}|0)[uUlL]*")
_SIMPLE = re.compile(r"\s*(-?)\s*(0[xX][0-9a-fA-F]{1,16}|[1-9]\d{0,18}|0)\s*")
_LENGTH = 120
_LIMIT = 1 << 64
_BINARY: Mapping[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "&": operator.and_,
    "|": operator.or_, "^": operator.xor, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
    "&&": lambda one, two: bool(one) and bool(two),
    "||": lambda one, two: bool(one) or bool(two),
    "/": lambda one, two: one // two if two > 0 <= one else _unknown(),
    "%": lambda one, two: one % two if two > 0 <= one else _unknown(),
    "<<": lambda one, two: one << two if 0 <= two < 64 else _unknown(),
    ">>": lambda one, two: one >> two if 0 <= two < 64 else _unknown(),
}  # fmt: skip
_UNARY: Mapping[str, Callable[[int], int]] = {
    "-": operator.neg, "+": operator.pos, "~": operator.invert, "!": operator.not_,
}  # fmt: skip


class _UnknownError(Exception):
    """The expression has a name in it, or no value."""


def number(text: str) -> int | None:
    """Return the value of ``8*(4 + 2)`` and the like; None if names are in it."""
    if plain := _SIMPLE.fullmatch(text):
        value = int(plain[2], 0)
        return -value if plain[1] else value
    if len(text) > _LENGTH or not text.isprintable() or not text.strip():
        return None
    tree = expression(text, Span(1, 1, 1, len(text) + 1))
    try:
        return None if tree is None else int(_value(tree))
    except _UnknownError:
        return None


def _value(node: Node) -> int:
    if node.kind == "number_literal" and (found := _NUMBER.fullmatch(node.text)):
        return int(found[1], 0)
    if node.kind == "parenthesized_expression" and len(node.children) == 1:
        return _value(node.children[0])
    sign = node.child("operator")
    word = "" if sign is None else sign.text
    if node.kind == "binary_expression" and word in _BINARY:
        one, two = _value(_side(node, "left")), _value(_side(node, "right"))
        return _bounded(_BINARY[word](one, two))
    if node.kind == "unary_expression" and word in _UNARY:
        return _bounded(_UNARY[word](_value(_side(node, "argument"))))
    raise _UnknownError


def _side(node: Node, field: str) -> Node:
    child = node.child(field)
    if child is None:
        raise _UnknownError
    return child


def _bounded(value: int) -> int:
    return int(value) if -_LIMIT < value < _LIMIT else _unknown()


def _unknown() -> int:
    raise _UnknownError
