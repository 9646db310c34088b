# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly text (GNU as, after or before cpp) to trees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.image import Image
from patchlint.syntax.asm_operands import operands, strip
from patchlint.syntax.asm_text import mask, statements
from patchlint.syntax.layout import Layout, Range, layout
from patchlint.syntax.node import Node

_NAME = r"(?:\\\(\)|[A-Za-z_.$@\\])(?:\\\(\)|[\w.$@\\])*"
_LABEL = re.compile(rf'({_NAME}|\d+|"[^"\n]*"|[A-Za-z_]\w*\([^()\n]*\))[ \t]*:(?![:=])')
_ASSIGNMENT = re.compile(rf"({_NAME})\s*==?(?!=)")
_ALIAS = re.compile(rf"({_NAME})[ \t]+\.req[ \t]+", re.IGNORECASE)
_WORD = re.compile(_NAME)
_UPPER = re.compile(r"[A-Z][A-Z0-9_]*")
_CPP_WORD = re.compile(r"\s*#\s*(\w+)")
_BLANKS = re.compile(r"[\s;]*")
_PREFIXES = frozenset(
    word
    for line in (
        "rep repe repz repne repnz lock notrack data16 data32 addr16 addr32 rex64",
        "bnd xacquire xrelease LOCK_PREFIX cs ds es fs gs ss",
    )
    for word in line.split()
)


def parse_asm(image: Image) -> Node:
    """Read a whole assembly file, or what hunks show of one.

    The children of the ``source`` node are its statements, preprocessor lines and
    comments, in order. What cannot be read is an ``ERROR`` node.
    """
    source = layout(image)
    runs = tuple(source.runs())
    masked = mask(image.text, runs, image)
    reader = _Reader(source, masked.text)
    nodes = [
        entry
        for run in runs
        for part in statements(masked.text, run)
        for entry in reader.statement(part)
    ]
    nodes += [reader.directive(part) for part in masked.directives]
    nodes += [reader.node("comment", "", part) for part in masked.comments]
    nodes.sort(key=lambda node: (node.span.line, node.span.column))
    whole = source.span(0, len(image.text))
    return Node("source", "", image.text, whole, tuple(nodes))


class _Reader(Struct, frozen=True, eq=False):
    """Reads single statements of a text whose comments are masked."""

    source: Layout
    masked: str

    def node(
        self, kind: str, role: str, part: Range, children: tuple[Node, ...] = ()
    ) -> Node:
        text = self.source.text[part[0] : part[1]]
        return Node(kind, role, text, self.source.span(*part), children)

    def directive(self, part: Range) -> Node:
        """``#define A B`` and the like, with its word as name."""
        start, end = strip(self.source.text, part)
        found = _CPP_WORD.match(self.source.text, start, end)
        name = (self.node("word", "name", found.span(1)),) if found else ()
        return self.node("preproc", "", (start, end), name)

    def statement(self, part: Range) -> Iterator[Node]:
        """The labels in front of a statement, and the statement."""
        start, end = strip(self.masked, part)
        while found := _LABEL.match(self.masked, start, end):
            name = self.node("symbol", "name", found.span(1))
            yield self.node("label", "", found.span(), (name,))
            start, end = strip(self.masked, (found.end(), end))
        if start < end:
            yield self._body((start, end))

    def _body(self, part: Range) -> Node:
        start, end = part
        assigned = _ASSIGNMENT.match(self.masked, start, end)
        if found := assigned or _ALIAS.match(self.masked, start, end):
            symbol = self.node("symbol", "name", found.span(1))
            return self._with_operands("assignment", part, (symbol,), found.end())
        at, prefixes = self._prefixes(part)
        found = _WORD.match(self.masked, at, end)
        if found is None:
            return self.node("ERROR", "", part)
        head = (*prefixes, self.node("word", "name", found.span()))
        name = found.group()
        if name.startswith(".") and not prefixes:
            return self._with_operands("directive", part, head, found.end())
        if self.masked[found.end() : found.end() + 1] == "(":
            return self._call(part, head, found.end())
        kind = "macro_call" if _UPPER.fullmatch(name) else "instruction"
        return self._with_operands(kind, part, head, found.end())

    def _prefixes(self, part: Range) -> tuple[int, tuple[Node, ...]]:
        """``rep`` and its like, as long as something follows them."""
        at, end = part
        found: list[Node] = []
        while word := _WORD.match(self.masked, at, end):
            after = _BLANKS.match(self.masked, word.end(), end)
            following = after.end() if after else end
            if word.group() not in _PREFIXES or following >= end:
                break
            found.append(self.node("word", "prefix", word.span()))
            at = following
        return at, tuple(found)

    def _call(self, part: Range, head: tuple[Node, ...], at: int) -> Node:
        """``NAME(arguments)``, and operands where the macro stands for a mnemonic."""
        close = _closing(self.masked, at, part[1])
        inside = operands(self.source, self.masked, (at + 1, close))
        after = operands(self.source, self.masked, (close + 1, part[1]))
        if inside is None or after is None or close >= part[1]:
            return self.node("ERROR", "", part)
        return self.node("macro_call", "", part, (*head, *inside, *after))

    def _with_operands(
        self, kind: str, part: Range, head: tuple[Node, ...], at: int
    ) -> Node:
        found = operands(self.source, self.masked, (at, part[1]))
        if found is None:
            return self.node("ERROR", "", part)
        return self.node(kind, "", part, (*head, *found))


_BRACKET = re.compile(r'"(?:[^"\\\n]|\\\r?\n|\\.)*"|[()]')


def _closing(masked: str, at: int, end: int) -> int:
    """Return the offset of the parenthesis that closes the one at ``at``."""
    depth = 0
    for found in _BRACKET.finditer(masked, at, end):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth == 0:
            return found.start()
    return end
