# SPDX-License-Identifier: GPL-2.0-or-later
"""The names an assembly file gives to text: #define, .macro, ``name = %reg``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patchlint.analysis.asm_choice import truth
from patchlint.analysis.registers import mnemonic
from patchlint.syntax.node import Node

_DEFINE = re.compile(r"\s*#\s*define\s+([A-Za-z_]\w*)(\([^()]*\))?(.*)", re.DOTALL)
_UNDEF = re.compile(r"\s*#\s*undef\s+([A-Za-z_]\w*)")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\\\r?\n", re.DOTALL)
_HEADER = re.compile(r"\.macro[ \t]+([\w.$]+)[ \t]*,?(.*)", re.DOTALL)
_PARAMETER = re.compile(r'([A-Za-z_]\w*)(?::(\w+))?(?:[ \t]*=[ \t]*("[^"]*"|[^\s,]+))?')
_SET = re.compile(r"(?:\.(?:set|equ)[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:==?|,)[ \t]*(\S.*)")
_BEYOND = re.compile(r"\.(?:altmacro|exitm|purgem|macro|include)\b|LOCAL\b")
_LONGEST = 20_000
_MOST = 64


class Parameter(Struct, frozen=True):
    """A parameter of a macro; ``default`` is None where an argument must be given."""

    name: str
    default: str | None = None
    rest: bool = False


class Macro(Struct, frozen=True):
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


class _Entry(Struct, frozen=True):
    """One definition: the line it holds from, and whether it is under an #if."""

    line: int
    macro: Macro
    conditional: bool


class Macros(Struct, frozen=True, eq=False):
    """The names of one file, each with its definitions in order.

    ``changing`` are the symbols that are given more than one value.
    """

    entries: Mapping[str, Sequence[_Entry]]
    all_texts: Mapping[str, Sequence[tuple[str, frozenset[str]]]]
    changing: Sequence[str]

    def texts(self, name: str) -> Sequence[tuple[str, frozenset[str]]]:
        """Return text and parameters of all definitions of a name, whichever holds."""
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


def macros_of(nodes: Sequence[Node], *, wide: bool) -> Macros:
    """Collect the definitions among the statements of a file.

    ``wide`` leaves out what is not for x86-64.
    """
    found: dict[str, list[_Entry]] = {}
    if wide:
        for name, texts in _HEADER_TEXTS.items():
            parameters = tuple(
                Parameter(word, rest=word == "__VA_ARGS__") for word in texts[:-1]
            )
            found[name] = [
                _Entry(
                    0, Macro("cpp", parameters, texts[-1], texts[-1]), conditional=False
                )
            ]
    arms: list[bool | None] = []
    for name, line, macro, arm in _definitions(nodes):
        if arm:
            follow(arm, arms, wide=wide)
        elif macro is not None and False not in arms:
            found.setdefault(name, []).append(_Entry(line, macro, None in arms))
    return Macros(
        {name: _settled(entries) for name, entries in found.items()},
        {
            name: tuple((e.macro.text, _named(e.macro)) for e in entries)
            for name, entries in found.items()
        },
        tuple(
            name
            for name, entries in found.items()
            if len(entries) > 1 and entries[0].macro.kind == "symbol"
        ),
    )


def _settled(entries: list[_Entry]) -> tuple[_Entry, ...]:
    """Of two .macro of one name it is open which one holds; a symbol may have many."""
    kinds = {entry.macro.kind for entry in entries}
    if kinds == {"symbol"}:
        return (_Entry(0, entries[0].macro, conditional=False),)
    if len(entries) == 1 or (kinds <= {"cpp", ""} and len(entries) <= _MOST):
        return tuple(entries)
    return (_Entry(0, Macro(entries[0].macro.kind, None, None), conditional=False),)


def _named(macro: Macro) -> frozenset[str]:
    return frozenset(parameter.name for parameter in macro.parameters or ())


def follow(node: Node, arms: list[bool | None], *, wide: bool) -> None:
    """Keep the arms of #if one is in: built, not built, or None for either."""
    name = mnemonic(node)
    if name.startswith("if"):
        arms.append(truth(node.text) if wide else None)
    elif name == "endif" and arms:
        arms.pop()
    elif name.startswith("el") and arms:
        was = arms[-1]
        arms[-1] = None if was is None or name != "else" else not was
        if was:
            arms[-1] = False


# What <asm/asm.h> and <asm/percpu.h> say on x86-64: parameters and text.
_HEADER_TEXTS = {
    "__ASM_SEL": ("a", "b", "b"),
    "__ASM_REG": ("reg", "r##reg"),
    "__ASM_SIZE": ("inst", "__VA_ARGS__", "inst##q##__VA_ARGS__"),
    "PER_CPU_VAR": ("var", "%gs:(var)(%rip)"),
}

Definition = tuple[str, int, Macro | None, Node | None]


def _definitions(nodes: Sequence[Node]) -> Iterator[Definition]:
    """Yield (name, line, macro, None), and ("", 0, None, node) for an #if."""
    at = 0
    while at < len(nodes):
        node = nodes[at]
        if node.kind == "preproc":
            yield from _preproc(node)
        elif mnemonic(node) == ".macro":
            end = _end(nodes, at)
            yield from _macro(node, nodes[at + 1 : end])
            for inner in nodes[at + 1 : end]:  # a symbol set in a macro is not known
                yield from (
                    (n, 0, _open(m), None) for n, _, m, _ in _symbol(inner) if m
                )
            at = end
        elif node.kind in ("directive", "assignment"):
            yield from _symbol(node)
        at += 1


def _open(macro: Macro) -> Macro:
    return Macro(macro.kind, None, None, macro.text)


def _preproc(node: Node) -> Iterator[Definition]:
    if found := _DEFINE.match(node.text):
        body = _COMMENT.sub(" ", found[3]).strip().rstrip("\\")
        names = found[2]
        parameters = None
        if names is not None:
            words = [word.strip() for word in names[1:-1].split(",")]
            parameters = tuple(Parameter(word) for word in words if word)
            if any(not word.name.isidentifier() for word in parameters):
                body = None  # type: ignore[assignment]
        macro = Macro("cpp", parameters, _short(body), _COMMENT.sub(" ", found[3]))
        yield found[1], node.span.line, macro, None
    elif found := _UNDEF.match(node.text):
        yield found[1], node.span.line, Macro("", None, None), None
    elif mnemonic(node).startswith(("if", "el", "endif")):
        yield "", 0, None, node


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
    known = not any(_BEYOND.match(text.strip()) for text in texts)
    macro = Macro("as", parameters, _short(whole) if known else None, whole)
    yield found[1], head.span.line, macro, None


def _symbol(node: Node) -> Iterator[Definition]:
    found = symbol(node)
    if found is not None:
        yield found[0], node.span.line, Macro("symbol", None, None, found[1]), None


def symbol(node: Node) -> tuple[str, str] | None:
    """Return (name, text) of ``name = text`` and ``.set name, text``."""
    if node.kind not in ("directive", "assignment"):
        return None
    if node.kind == "directive" and mnemonic(node) not in _SETTING:
        return None
    found = _SET.fullmatch(_COMMENT.sub(" ", node.text).strip())
    return None if found is None else (found[1], found[2])


_SETTING = (".set", ".equ")


def _end(nodes: Sequence[Node], start: int) -> int:
    depth = 0
    for at in range(start, len(nodes)):
        name = mnemonic(nodes[at])
        depth += (name == ".macro") - (name == ".endm")
        if depth == 0:
            return at
    return len(nodes)
