# SPDX-License-Identifier: GPL-2.0-or-later
"""Statements with the macros of their own file replaced by what they stand for.

What takes a loop, another file, or a decision on a value that is not at hand stays as
it is, and counts as unknown wherever effects are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from patchlint.analysis.asm_macros import Macro, Macros, Parameter, macros_of
from patchlint.analysis.asm_summary import Summary
from patchlint.analysis.numbers import number
from patchlint.analysis.registers import mnemonic
from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.node import Node

_DEPTH = 8
_TEXT = 4_000
_STATEMENTS = 1_500
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|(?<![\w.])[A-Za-z_]\w*')
_ARGUMENT = re.compile(r"\\(?:\(\)|@|[A-Za-z_]\w*)")
_BETWEEN = re.compile(r"(?<=[\w)$%])[ \t]+(?=[\w%$(\\])")
_CODE = ("instruction", "macro_call")
_IF = re.compile(r"\.(if\w*)[ \t]*(.*)", re.DOTALL)


class _StuckError(Exception):
    """The statement cannot be replaced."""


@dataclass(slots=True)
class _Room:
    """How much may still be made: macros that make macros grow fast."""

    left: int = _STATEMENTS
    calls: int = 0
    parsed: dict[str, tuple[Node, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Expander:
    """Replaces macros in the statements of one file."""

    macros: Macros
    summary: Summary
    room: _Room = field(default_factory=_Room)

    def all(self, nodes: Sequence[Node]) -> tuple[Node, ...]:
        """Return statements with macros replaced; definitions stay as they are."""
        if not self.macros.entries:
            return tuple(nodes)
        found: list[Node] = []
        inside = 0
        for node in nodes:
            name = mnemonic(node)
            inside += name == ".macro"
            if inside or node.kind not in _CODE:
                found.append(node)
            else:
                found += self._tried(node, node.span, 0)
            inside -= name == ".endm" and inside > 0
        return tuple(found)

    def _tried(self, node: Node, span: Span, depth: int) -> Iterator[Node]:
        try:
            found = tuple(self._statement(node, span, depth))
        except _StuckError:
            found = (node,)
        for each in found:
            yield self._opaque(each) if self._is_open(each) else each

    def _is_open(self, node: Node) -> bool:
        """Say whether a statement still has names in it that stand for something."""
        if node.kind not in _CODE:
            return False
        return any(
            found is not None and (found.body is None or found.kind != "symbol")
            for word in _TOKEN.findall(node.text)
            for found in (self.macros.find(word, node.span.line),)
        )

    def _opaque(self, node: Node) -> Node:
        """Return a statement for what a macro may change; unknown if that is open."""
        changed = self.summary.changed(node.text)
        if changed is None:
            return replace(node, kind="macro_call")
        operands = tuple(
            Node("register", "operand", f"%{name}", node.span)
            for name in sorted(changed)
        )
        name = tuple(child for child in node.children if child.field == "name")
        return replace(node, kind="opaque", children=(*name, *operands))

    def _statement(self, node: Node, span: Span, depth: int) -> Iterator[Node]:
        """Replace one statement, whose macros hold as of line ``span.line``."""
        if depth > _DEPTH:
            raise _StuckError
        text = self._substituted(node.text, span.line, 0)
        nodes = (node,) if text == node.text else self._parsed(text, span)
        for each in nodes:
            macro = self.macros.find(mnemonic(each), span.line)
            if each.kind not in _CODE or macro is None or macro.kind != "as":
                yield each
                continue
            for inner in _decided(self._parsed(self._body(each, macro), span)):
                if inner.kind in _CODE:
                    yield from self._statement(inner, span, depth + 1)
                else:
                    yield inner

    def _parsed(self, text: str, span: Span) -> tuple[Node, ...]:
        self.room.left -= text.count("\n") + text.count(";")
        if self.room.left < 0:
            raise _StuckError
        nodes = self.room.parsed.get(text)
        if nodes is None:
            nodes = self.room.parsed[text] = _parse(text)
        if any(node.kind == "ERROR" for node in nodes):
            raise _StuckError
        return tuple(_placed(node, span) for node in nodes)

    def _body(self, call: Node, macro: Macro) -> str:
        """Return the text of a .macro with the arguments of a call put in."""
        if macro.body is None or macro.parameters is None or call.child("prefix"):
            raise _StuckError
        given = _bound(macro.parameters, _arguments(call))
        self.room.calls += 1
        given |= {"()": "", "@": str(self.room.calls)}
        unknown = [w for w in _ARGUMENT.findall(macro.body) if w[1:] not in given]
        if unknown:
            raise _StuckError
        return _ARGUMENT.sub(lambda found: given[found[0][1:]], macro.body)

    def _substituted(self, text: str, line: int, depth: int) -> str:
        """Put in what #define and ``=`` say, as often as there is something new."""
        if self.macros.entries.keys().isdisjoint(_TOKEN.findall(text)):
            return text
        parts, at = [], 0
        while found := _TOKEN.search(text, at):
            macro = self.macros.find(found[0], line)
            new, end = None, found.end()
            if macro is not None and macro.kind != "as" and macro.body is not None:
                if macro.parameters is not None and self.room.left < 0:
                    raise _StuckError
                new, end = _replaced(macro, text, found)
            parts += [text[at : found.start()], found[0] if new is None else new]
            at = end
        made = "".join((*parts, text[at:]))
        if made == text:
            return text
        if depth > _DEPTH or len(made) > _TEXT:
            raise _StuckError
        return self._substituted(made, line, depth + 1)


def expanded(nodes: Sequence[Node]) -> Expander:
    """Return what replaces the macros defined among the statements of a file."""
    macros = macros_of(nodes)
    return Expander(macros, Summary(macros))


def _replaced(macro: Macro, text: str, name: re.Match[str]) -> tuple[str | None, int]:
    """Return what stands for a name and its arguments, and where these end."""
    body = macro.body or ""
    if macro.kind == "symbol":
        head = not text[: name.start()].strip()
        return (None if head else body), name.end()
    if macro.parameters is None:
        return body, name.end()
    if text[name.end() : name.end() + 1] != "(":
        return None, name.end()
    words, end = _in_parentheses(text, name.end())
    if "#" in body.replace("##", "") or len(words) != max(1, len(macro.parameters)):
        raise _StuckError
    given = dict(zip((p.name for p in macro.parameters), words, strict=False))
    put = _TOKEN.sub(lambda found: given.get(found[0], found[0]), body)
    return re.sub(r"\s*##\s*", "", put), end


def _in_parentheses(text: str, start: int) -> tuple[list[str], int]:
    words, depth, begin = [], 0, start + 1
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if (text[at] == "," and depth == 1) or depth == 0:
            words.append(text[begin:at].strip())
            begin = at + 1
        if depth == 0:
            return words, at + 1
    raise _StuckError


def _arguments(call: Node) -> list[str]:
    """Split at commas and, as the assembler does, at blanks between words."""
    operands = [node.text.strip() for node in call.children if node.field == "operand"]
    return [part for text in operands for part in _BETWEEN.split(text)]


def _bound(parameters: Sequence[Parameter], words: list[str]) -> dict[str, str]:
    given = {p.name: p.default for p in parameters}
    place = 0
    for number_, word in enumerate(words):
        name, sign, value = word.partition("=")
        if sign and name.strip() in given:
            given[name.strip()] = value.strip()
        elif place >= len(parameters):
            raise _StuckError
        elif parameters[place].rest:
            given[parameters[place].name] = ", ".join(words[number_:])
            break
        else:
            if word:
                given[parameters[place].name] = word.removeprefix('"').removesuffix('"')
            place += 1
    if any(value is None for value in given.values()):
        raise _StuckError
    return {name: value or "" for name, value in given.items()}


def _decided(nodes: Sequence[Node]) -> Iterator[Node]:
    """Drop the arms of .if that are not taken; it must be clear which."""
    taken: list[bool] = []
    done: list[bool] = []
    for node in nodes:
        name = mnemonic(node) if node.kind == "directive" else ""
        if name.startswith(".if"):
            taken.append(_holds(node.text))
            done.append(taken[-1])
        elif name == ".else" and taken:
            taken[-1], done[-1] = not done[-1], True
        elif name == ".elseif" and taken:
            taken[-1] = not done[-1] and _holds(node.text.replace(".elseif", ".if", 1))
            done[-1] |= taken[-1]
        elif name == ".endif" and taken:
            taken.pop()
            done.pop()
        elif all(taken):
            yield node


def _holds(text: str) -> bool:
    found = _IF.fullmatch(text.strip())
    if found is None:
        raise _StuckError
    how, said = found[1], found[2].strip()
    if how in ("ifb", "ifnb"):
        return (not said) == (how == "ifb")
    if how in ("ifc", "ifnc"):
        one, sign, two = said.partition(",")
        if not sign:
            raise _StuckError
        return (one.strip() == two.strip()) == (how == "ifc")
    value = number(said) if how in ("if", "ifne", "ifeq") else None
    if value is None:
        raise _StuckError
    return (value == 0) == (how == "ifeq")


def _parse(text: str) -> tuple[Node, ...]:
    numbers = tuple(range(1, text.count("\n") + 2))
    nodes = parse_asm(Image("", text, numbers, whole=True, proven=False)).children
    return tuple(node for node in nodes if node.kind != "comment")


def _placed(node: Node, span: Span) -> Node:
    """Put what a macro makes where the macro is called."""
    children = tuple(_placed(child, span) for child in node.children)
    return replace(node, span=span, children=children)
