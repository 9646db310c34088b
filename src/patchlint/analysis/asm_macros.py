# SPDX-License-Identifier: GPL-2.0-or-later
"""The names an assembly file gives to text: #define, .macro, ``name = %reg``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from patchlint.analysis.registers import canonical, mnemonic
from patchlint.syntax.node import Node

_DEFINE = re.compile(r"\s*#\s*define\s+([A-Za-z_]\w*)(\([^()]*\))?(.*)", re.DOTALL)
_UNDEF = re.compile(r"\s*#\s*undef\s+([A-Za-z_]\w*)")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\\\r?\n", re.DOTALL)
_HEADER = re.compile(r"\.macro[ \t]+([\w.$]+)[ \t]*,?(.*)", re.DOTALL)
_PARAMETER = re.compile(r'([A-Za-z_]\w*)(?::(\w+))?(?:[ \t]*=[ \t]*("[^"]*"|[^\s,]+))?')
_SET = re.compile(r"(?:\.(?:set|equ)[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:==?|,)[ \t]*(\S+)")
_VALUE = re.compile(r"%\w+|0x[0-9a-fA-F]+|\d+|[A-Za-z_]\w*")
_REPEATED = re.compile(
    r"\.(?:rept|irpc?|altmacro|exitm|purgem|macro|set|equ)\b|LOCAL\b"
)
_IF = re.compile(r"#\s*(if\w*|endif)|\.(if\w*|endif)")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a macro; ``default`` is None where an argument must be given."""

    name: str
    default: str | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Macro:
    """A name for text.

    ``kind`` is ``cpp`` for #define, ``as`` for .macro, ``symbol`` for what the
    assembler is told with ``=`` or ``.set``, "" for #undef. ``parameters`` is None
    where the name stands alone. ``body`` is None where it is open what the text is;
    ``text`` is what the file says all the same.
    """

    kind: str
    parameters: tuple[Parameter, ...] | None
    body: str | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One definition: the line it holds from, and whether it is under an #if."""

    line: int
    macro: Macro
    conditional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Macros:
    """The names of one file, each with its definitions in order."""

    entries: Mapping[str, Sequence[_Entry]]
    all_texts: Mapping[str, Sequence[str]]

    def texts(self, name: str) -> Sequence[str]:
        """Return the texts of all definitions of a name, whichever holds."""
        return self.all_texts.get(name, ())

    def find(self, name: str, line: int) -> Macro | None:
        """Return what ``name`` stands for at a line; None if it is no macro there."""
        entries = self.entries.get(name, ())
        if len(entries) == 1:
            return entries[0].macro if entries[0].line <= line else None
        if any(entry.conditional for entry in entries):
            return Macro("cpp", None, None)
        before = [entry for entry in entries if entry.line <= line]
        return before[-1].macro if before and before[-1].macro.kind else None


def macros_of(nodes: Sequence[Node]) -> Macros:
    """Collect the definitions among the statements of a file."""
    found: dict[str, list[_Entry]] = {}
    depth = 0
    for name, line, macro, change in _definitions(nodes):
        depth += change
        if macro is not None:
            found.setdefault(name, []).append(_Entry(line, macro, depth > 0))
    return Macros(
        {name: _settled(entries) for name, entries in found.items()},
        {name: tuple(e.macro.text for e in entries) for name, entries in found.items()},
    )


def _settled(entries: list[_Entry]) -> tuple[_Entry, ...]:
    """Two .macro of one name, or two values of a symbol: which one holds, is open."""
    kinds = {entry.macro.kind for entry in entries}
    if len(entries) == 1 or kinds <= {"cpp", ""}:
        return tuple(entries)
    if len({entry.macro for entry in entries}) == 1:
        return tuple(entries[:1])
    return (_Entry(0, Macro(entries[0].macro.kind, None, None), conditional=False),)


Definition = tuple[str, int, Macro | None, int]


def _definitions(nodes: Sequence[Node]) -> Iterator[Definition]:
    """Yield (name, line, macro, 0), and ("", 0, None, change of depth) for #if."""
    at = 0
    while at < len(nodes):
        node = nodes[at]
        if node.kind == "preproc":
            yield from _preproc(node)
        elif mnemonic(node) == ".macro":
            end = _end(nodes, at)
            yield from _macro(node, nodes[at + 1 : end])
            for inner in nodes[at + 1 : end]:  # a symbol set in a macro is not known
                yield from ((n, 0, _open(m), 0) for n, _, m, _ in _symbol(inner) if m)
            at = end
        elif node.kind in ("directive", "assignment"):
            yield from _symbol(node)
        at += 1


def _open(macro: Macro) -> Macro:
    return Macro(macro.kind, None, None, macro.text)


def _preproc(node: Node) -> Iterator[Definition]:
    if found := _DEFINE.match(node.text):
        body = _COMMENT.sub(" ", found[3]).strip()
        names = found[2]
        parameters = None
        if names is not None:
            words = [word.strip() for word in names[1:-1].split(",")]
            parameters = tuple(Parameter(word) for word in words if word)
            if any(not word.name.isidentifier() for word in parameters):
                body = None  # type: ignore[assignment]
        macro = Macro("cpp", parameters, _short(body), _COMMENT.sub(" ", found[3]))
        yield found[1], node.span.line, macro, 0
    elif found := _UNDEF.match(node.text):
        yield found[1], node.span.line, Macro("", None, None), 0
    elif found := _IF.match(node.text):
        yield "", 0, None, -1 if found[1] == "endif" else 1


def _short(body: str | None) -> str | None:
    return body if body is not None and len(body) <= _LONGEST else None


def _macro(head: Node, body: Sequence[Node]) -> Iterator[Definition]:
    found = _HEADER.fullmatch(_COMMENT.sub(" ", head.text).strip())
    if found is None:
        return
    parameters = tuple(
        Parameter(
            word[1],
            word[3].strip('"') if word[3] else None if word[2] == "req" else "",
            word[2] == "vararg",
        )
        for word in _PARAMETER.finditer(found[2])
    )
    texts = [node.text for node in body if node.kind != "comment"]
    whole = "\n".join(texts)
    known = not any(_REPEATED.match(text.strip()) for text in texts)
    macro = Macro("as", parameters, _short(whole) if known else None, whole)
    yield found[1], head.span.line, macro, 0


def _symbol(node: Node) -> Iterator[Definition]:
    """``name = %reg``, ``.set name, %reg``: only a plain value can stand for it."""
    if node.kind not in ("directive", "assignment"):
        return
    found = _SET.match(_COMMENT.sub(" ", node.text).strip())
    if found is None or (node.kind == "directive" and mnemonic(node) not in _SETTING):
        return
    rest = found.string[found.end() :].strip()
    value = found[2] if not rest and _VALUE.fullmatch(found[2]) else None
    if value and value[0] == "%" and canonical(value) is None and "mm" not in value:
        value = None
    yield found[1], node.span.line, Macro("symbol", None, value, found[2] + rest), 0


_SETTING = (".set", ".equ")


def _end(nodes: Sequence[Node], start: int) -> int:
    depth = 0
    for at in range(start, len(nodes)):
        name = mnemonic(nodes[at])
        depth += (name == ".macro") - (name == ".endm")
        if depth == 0:
            return at
    return len(nodes)
