# SPDX-License-Identifier: GPL-2.0-or-later
"""Statements with the macros of their own file replaced by what they stand for.

Read from the top as cpp and the assembler do: symbols change their value, .rept and
.irp repeat, .if chooses. What takes another file, or a value that is not at hand, stays
as it is and counts as unknown, or as a change of the registers it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.analysis.asm_call import TOKEN, bound, called, put_in
from patchlint.analysis.asm_choice import StuckError, chosen, closing, listed
from patchlint.analysis.asm_macros import Macro, Macros, follow, macros_of, symbol
from patchlint.analysis.asm_summary import Summary
from patchlint.analysis.numbers import number
from patchlint.analysis.registers import mnemonic
from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.node import Node

_DEPTH = 8
_TEXT = 6_000
_STATEMENTS = 1_200
_ALL = 4_000
_STUCK = 100
_TURNS = 512
_CODE = ("instruction", "macro_call")
_ARGUMENT = re.compile(r"\\[^\r\n]")
_LOOPS = (".rept", ".irp", ".irpc")
_BLOCKS = (".macro", *_LOOPS)


class _Room(Struct):
    """How much may still be made: macros that make macros grow fast."""

    left: int = _STATEMENTS
    all: int = _ALL
    calls: int = 0
    parsed: dict[str, tuple[Node, ...]] = field(default_factory=dict)


class Expander(Struct):
    """Reads one file; ``values`` are what its symbols stand for by now.

    A symbol whose value is not known is None if it may be a register, or missing.
    ``wide`` says that conditions are decided as for x86-64.
    """

    macros: Macros
    summary: Summary
    wide: bool
    values: dict[str, str | None] = field(default_factory=dict)
    room: _Room = field(default_factory=_Room)

    def file(self, nodes: Sequence[Node]) -> list[tuple[Node, ...]]:
        """Return for each statement of the file what it stands for."""
        found: list[tuple[Node, ...]] = []
        arms: list[bool | None] = []
        while (at := len(found)) < len(nodes):
            node = nodes[at]
            block = node.kind == "directive" and mnemonic(node) in _BLOCKS
            part = nodes[at : closing(nodes, at) if block else at + 1]
            if node.kind == "preproc":
                follow(node, arms, wide=self.wide)
            if mnemonic(node) == ".macro":
                found += [(each,) for each in part]
            elif False in arms:
                found += [() if each.kind in _CODE else (each,) for each in part]
            else:
                self._begin(node, arms)
                found += [self._tried(part, node.span), *[()] * (len(part) - 1)]
        return found

    def _begin(self, node: Node, arms: Sequence[bool | None]) -> None:
        """Note what a statement outside of macros changes for those behind it."""
        if node.kind in ("directive", "assignment"):
            self._set(node, certain=not arms)
        name = mnemonic(node)
        if name.startswith("SYM_") and "START" in name:
            self.room.left = _STATEMENTS

    def _tried(self, nodes: Sequence[Node], span: Span) -> tuple[Node, ...]:
        """Replace some statements, or say what they may change."""
        if not self.macros.entries:
            return tuple(nodes)
        values = dict(self.values)
        try:
            return tuple(self._block(nodes, span, 0))
        except StuckError:
            self.room.all -= _STUCK
            self.values = values
            self._forget()
        return tuple(self._closed(node) for node in nodes)

    def _forget(self) -> None:
        """A macro that was not followed may have set any symbol anew."""
        for name in self.macros.changing:
            self.values[name] = None

    def _block(self, nodes: Sequence[Node], span: Span, depth: int) -> Iterator[Node]:
        """Run statements, which stand at ``span``, as the assembler does."""
        at = 0
        while at < len(nodes):
            node, end = nodes[at], at + 1
            name = mnemonic(node) if node.kind == "directive" else ""
            if name in _LOOPS:
                end = closing(nodes, at)
                yield from self._loop(node, nodes[at + 1 : end - 1], span, depth)
            elif name.startswith(".if"):
                end = closing(nodes, at)
                yield from self._choice(nodes[at:end], span, depth)
            elif name in (".macro", ".altmacro", ".purgem", ".exitm", ".include"):
                raise StuckError
            elif node.kind in _CODE:
                yield from self._statement(node, span, depth)
            else:
                if node.kind in ("directive", "assignment") and depth:
                    self._set(node, certain=True)
                yield node
            at = end

    def _loop(
        self, head: Node, body: Sequence[Node], span: Span, depth: int
    ) -> Iterator[Node]:
        text = "\n".join(node.text for node in body)
        line = self._substituted(head.text, span.line, 0)
        name, turns = listed(line)
        if len(turns) > _TURNS or depth > _DEPTH:
            raise StuckError
        for turn in turns:
            made = put_in(text, {name: turn}) if name else text
            yield from self._block(self._parsed(made, span), span, depth + 1)

    def _choice(self, nodes: Sequence[Node], span: Span, depth: int) -> Iterator[Node]:
        """Run the arm of an .if that is taken; both, where the build decides."""

        def said(text: str) -> str:
            return self._substituted(text, span.line, 0)

        arms = chosen(nodes, said, wide=self.wide)
        if arms is None:
            if depth == 0:
                yield from nodes
                return
            raise StuckError
        for arm in arms:
            yield from self._block(arm, span, depth + 1)

    def _statement(self, node: Node, span: Span, depth: int) -> Iterator[Node]:
        """Replace one statement, whose macros hold as of line ``span.line``."""
        if depth > _DEPTH:
            raise StuckError
        text = self._substituted(node.text, span.line, 0)
        nodes = (node,) if text == node.text else self._parsed(text, span)
        if any(each.kind == "directive" for each in nodes):
            yield from self._block(nodes, span, depth + 1)
            return
        for each in nodes:
            macro = self.macros.find(mnemonic(each), span.line)
            if each.kind not in _CODE or macro is None or macro.kind != "as":
                yield self._closed(each)
                continue
            body = self._body(each, macro)
            yield from self._block(self._parsed(body, span), span, depth + 1)

    def _body(self, call: Node, macro: Macro) -> str:
        """Return the text of a .macro with the arguments of a call put in."""
        if macro.body is None or macro.parameters is None or call.child("prefix"):
            raise StuckError
        self.room.calls += 1
        given = bound(macro.parameters, call)
        return put_in(macro.body, given | {"@": str(self.room.calls)})

    def _parsed(self, text: str, span: Span) -> tuple[Node, ...]:
        more = text.count("\n") + text.count(";")
        self.room.left -= more
        self.room.all -= more
        if more and min(self.room.left, self.room.all) < 0:
            raise StuckError
        nodes = self.room.parsed.get(text)
        if nodes is None:
            nodes = self.room.parsed[text] = _parse(text)
        if any(node.kind == "ERROR" for node in nodes):
            raise StuckError
        return tuple(_placed(node, span) for node in nodes)

    def _set(self, node: Node, *, certain: bool) -> None:
        """Give a symbol its value; it is open where the build decides."""
        found = symbol(node)
        if found is None:
            return
        name, text = found
        value = ""
        with suppress(StuckError):  # the sign keeps a first word from being a mnemonic
            value = self._substituted(f"={text}", node.span.line, 0)[1:].strip()
        value = value if certain else ""
        amount = number(value)
        if amount is not None:
            self.values[name] = str(amount)
        elif re.fullmatch(r"%\w+|[A-Za-z_.]\w*", value):
            self.values[name] = value
        elif self.summary.registers(name) or "%" in value or not certain:
            self.values[name] = None
        else:
            self.values.pop(name, None)

    def _substituted(self, text: str, line: int, depth: int) -> str:
        """Put in what #define and ``=`` say, as often as there is something new."""
        words = TOKEN.findall(text)
        known = self.macros.entries.keys(), self.values.keys()
        if all(names.isdisjoint(words) for names in known):
            return text
        if depth > _DEPTH or len(text) > _TEXT:
            raise StuckError
        parts, at = [], 0
        while found := TOKEN.search(text, at):
            new, end = self._stands_for(text, found, line)
            parts += [text[at : found.start()], found[0] if new is None else new]
            at = end
        made = "".join((*parts, text[at:]))
        return text if made == text else self._substituted(made, line, depth + 1)

    def _stands_for(
        self, text: str, name: re.Match[str], line: int
    ) -> tuple[str | None, int]:
        if name[0] in self.values:
            head = not text[: name.start()].strip()
            return None if head else self.values[name[0]], name.end()
        macro = self.macros.find(name[0], line)
        if macro is None or macro.kind in ("as", "symbol"):
            return None, name.end()
        is_code = macro.parameters is not None or ";" in (macro.body or "")
        if macro.body is None or (is_code and min(self.room.left, self.room.all) < 0):
            return None, name.end()
        return called(macro, text, name)

    def _closed(self, node: Node) -> Node:
        """Return the statement, or what it may change if names are left open."""
        return self._opaque(node) if self._is_open(node) else node

    def _is_open(self, node: Node) -> bool:
        """Say whether names are left that may stand for code or a register."""
        if node.kind not in _CODE:
            return False
        for word in TOKEN.findall(node.text):
            if word in self.values and "%" not in (self.values[word] or "%"):
                continue
            macro = self.macros.find(word, node.span.line)
            if macro is None and word not in self.values:
                continue
            known_open = word in self.values or word == mnemonic(node)
            if known_open or self.summary.registers(word) != frozenset():
                return True
        return _ARGUMENT.search(node.text) is not None

    def _opaque(self, node: Node) -> Node:
        """Return a statement for what a macro may change; unknown if that is open."""
        changed = self.summary.changed(node.text)
        if changed is None:
            return replace(node, kind="macro_call")
        operands = tuple(
            Node("register", "operand", f"%{register}", node.span)
            for register in sorted(changed)
        )
        name = tuple(child for child in node.children if child.field == "name")
        return replace(node, kind="opaque", children=(*name, *operands))


def expanded(nodes: Sequence[Node], *, wide: bool) -> list[tuple[Node, ...]]:
    """Return what each statement of a file stands for."""
    macros = macros_of(nodes, wide=wide)
    return Expander(macros, Summary(macros), wide).file(nodes)


def _parse(text: str) -> tuple[Node, ...]:
    numbers = tuple(range(1, text.count("\n") + 2))
    nodes = parse_asm(Image("", text, numbers, whole=True, proven=False)).children
    return tuple(node for node in nodes if node.kind != "comment")


def _placed(node: Node, span: Span) -> Node:
    """Put what a macro makes where the macro is called."""
    children = tuple(_placed(child, span) for child in node.children)
    return replace(node, span=span, children=children)
