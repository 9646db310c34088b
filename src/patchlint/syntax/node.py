# SPDX-License-Identifier: GPL-2.0-or-later
"""A syntax tree as plain values, the same for C and assembly."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.location import Span


class Node(Struct, frozen=True, eq=False):
    """A piece of source.

    ``kind`` is the grammar's word for it and ``field`` its role in the parent ("" if
    none). ``span`` counts in the file, columns in characters. ``children`` are the
    named ones and the operators, in source order.
    """

    kind: str
    field: str
    text: str
    span: Span
    children: tuple[Node, ...] = ()

    def child(self, field: str) -> Node | None:
        """Return the first child in a role, or None."""
        for node in self.children:  # a generator takes twice as long
            if node.field == field:
                return node
        return None

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in source order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.children:
                stack += node.children[::-1]
