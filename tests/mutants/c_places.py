# SPDX-License-Identifier: GPL-2.0-or-later
"""Places in a C function: where a statement can stand, and what must run before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchlint.diff.image import whole_image
from patchlint.syntax import c
from patchlint.syntax.node import Node

_LEAVING = ("return_statement", "goto_statement", "break_statement")
_LEAVES = frozenset((*_LEAVING, "continue_statement", "labeled_statement"))
_LABEL = re.compile(r"^\s*(?:case\b|default\s*:|\w+\s*:(?!:))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a function's text where a statement can be put in.

    ``indent`` is the white space of its line; ``block`` where its block ends.
    """

    at: int
    indent: str
    block: int


@dataclass(frozen=True, slots=True)
class Function:
    """The tree of a function, and its text with offsets."""

    text: str
    tree: Node
    starts: tuple[int, ...]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column, both from 1."""
        return self.starts[line - 1] + column - 1

    def begin(self, node: Node) -> int:
        """Return where a node begins."""
        return self.offset(node.span.line, node.span.column)

    def end(self, node: Node) -> int:
        """Return where a node ends."""
        return self.offset(node.span.end_line, node.span.end_column)

    def all(self, *kinds: str) -> Iterator[Node]:
        """Yield the nodes of these kinds, in order."""
        return (node for node in self.tree.walk() if node.kind in kinds)


def function(text: str) -> Function | None:
    """Parse the text of one function; None if anything in it cannot be read."""
    items = c.items(whole_image("a.c", text, ""))
    if len(items) != 1 or items[0].kind != "function_definition":
        return None
    tree = c.tree(items[0])
    if any(node.kind == "ERROR" for node in tree.walk()):
        return None
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return Function(text, tree, tuple(starts))


def places(made: Function) -> Iterator[Place]:
    """Yield where a statement can be put in front of another and be reached."""
    for block in made.all("compound_statement"):
        before: Node | None = None
        arms = block.children and block.children[0].kind == "case_statement"
        for node in block.children if not arms else ():
            first = node.kind not in ("declaration", "labeled_statement")
            if first and (before is None or before.kind not in _LEAVES):
                at = made.starts[node.span.line - 1]
                indent = made.text[at : made.begin(node)]
                if not indent.strip():
                    yield Place(at, indent, made.end(block))
            before = node


def certain(made: Function, start: int, place: Place) -> bool:
    """Say whether nothing between two points lets a path jump in or out of sight."""
    between = made.text[start : place.at]
    return not _LABEL.search(between) and "#" not in between


def turns_back(made: Function) -> bool:
    """Say whether a goto leads upwards: then what follows can also come before."""
    for node in made.all("labeled_statement"):
        name = re.escape(node.text.partition(":")[0].strip())
        if re.search(rf"\bgoto {name}\b", made.text[made.begin(node) :]):
            return True
    return False


def statements(made: Function, pattern: re.Pattern[str]) -> Iterator[tuple[Node, Node]]:
    """Yield (statement, block) for each statement that is a call of such a name."""
    for block in made.all("compound_statement"):
        for node in block.children:
            if node.kind == "expression_statement" and pattern.match(node.text):
                yield node, block
