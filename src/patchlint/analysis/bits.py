# SPDX-License-Identifier: GPL-2.0-or-later
"""One bit of a word of flags: what is said of it in C."""

from __future__ import annotations

import re

from msgspec import Struct

from patchlint.analysis.conditions import Conditions, operator_of, plain
from patchlint.analysis.formula import Formula
from patchlint.analysis.scope import Write
from patchlint.syntax.node import Node

_MASK = re.compile(r"[A-Z][A-Z0-9_]{2,}|BIT(?:_ULL)?\(\w+\)|\(?1U?L*<<\w+\)?")
_NONE = frozenset(("0", "0U", "0UL", "false"))


class Bit(Struct, frozen=True):
    """The bit ``mask`` of a value; a mask is one constant, by its name."""

    value: Node
    mask: str

    def constant(self) -> Conditions | None:
        """Return whether a constant has the bit; other names are other bits."""
        text = plain(_bare(self.value).text)
        if text in _NONE:
            return Formula("||")
        if not _MASK.fullmatch(text):
            return None
        return Formula("&&" if text == self.mask else "||")

    def parts(self) -> tuple[Bit, ...] | None:
        """Return the halves of ``a | b``."""
        node = _bare(self.value)
        if node.kind != "binary_expression" or operator_of(node) != "|":
            return None
        return Bit(node.children[0], self.mask), Bit(node.children[-1], self.mask)

    def untouched_by(self, write: Write) -> bool:
        """Say whether a write leaves the bit as it is, or clears all at first."""
        text = plain(write.value.text)
        if write.operator == "=" and text in _NONE:
            return True
        if write.operator not in ("|=", "&="):
            return False
        constants = re.sub(r"[~()|]", " ", text).split()
        other = all(_MASK.fullmatch(word) for word in constants)
        cleared = write.operator == "|=" or text.startswith("~")
        return other and cleared and self.mask not in constants


def bit_of(test: Node) -> Bit | None:
    """Return what ``flags & FLAG`` asks; None where it is something else."""
    if operator_of(test) != "&" or len(test.children) != 3:
        return None
    left, right = _bare(test.children[0]), _bare(test.children[-1])
    if _MASK.fullmatch(plain(left.text)):
        left, right = right, left
    mask = plain(right.text)
    named = left.kind == "identifier" and _MASK.fullmatch(mask) is not None
    return Bit(left, mask) if named else None


def _bare(node: Node) -> Node:
    while node.kind == "parenthesized_expression" and len(node.children) == 1:
        node = node.children[0]
    return node
