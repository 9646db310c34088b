# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether an assembly statement was understood, to the last sign of it.

Stricter than the parser, which lets an operand be any text whose brackets pair: here
it must be an expression, a list, an address or the arguments of a macro, with nothing
left over (GNU as manual, "Expressions", "Macro", and the chapters on the machines).
"""

from __future__ import annotations

import re

from patchlint.syntax.comments import without_comments
from patchlint.syntax.node import Node

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<name>(?:(?<![\w)])%)?(?:\\\(\)|[A-Za-z_.$@\\])(?:\\\(\)|[\w.$@\\])*)
    |(?P<number>\d(?:\\\(\)|[\w.$\\])*)
    |(?P<string>"(?:[^"\\]|\\.)*")|(?P<char>'(?:\\.|[^\\])'?)
    |(?P<open>[(\[{])|(?P<close>[)\]}])
    |(?P<sign>\|\||&&|<<|>>|[=!<>]=|<>|[-+*/%&|^~!<>?:=\#;,$]))""",
    re.VERBOSE,
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_PREFIXES = frozenset("-+~!#$%:=*@")
_BINARY = frozenset(
    (*"-+*/%&|^~!<>?:=", "||", "&&", "<<", ">>", "==", "!=", "<=", ">=", "<>")
)
_AFTER = frozenset("!^")
_SHIFTS = frozenset(
    word
    for line in (
        "lsl lsr asr ror rrx msl mul",
        "uxtb uxth uxtw uxtx sxtb sxth sxtw sxtx",
    )
    for word in line.split()
)
# Directives whose words are parted by blanks, or free text.
_WORDY = frozenset(
    word
    for line in (
        ".macro .irp .irpc .ifc .ifnc .ifeqs .ifnes .error .warning .print .ident",
        ".type .section .pushsection .arch .arch_extension .cpu .fpu .exitm .option",
        ".set .equ",
    )
    for word in line.split()
)
# Macros of headers that stand before an operand without a comma.
_BESIDE = frozenset(("__percpu", "lspull", "lspush"))
_WORD = re.compile(r"[\s,]*([^\s,]+)")
_DEFINE = re.compile(r"#\s*define\s+(\w+)")
_DEPTH = 40


def macros(source: Node) -> frozenset[str]:
    """Return the names that a file defines by ``.macro`` and ``#define``."""
    names: set[str] = set()
    for node in source.children:
        name = node.child("name")
        if node.kind == "directive" and name and name.text == ".macro":
            found = _WORD.match(node.text, len(name.text))
        else:
            found = _DEFINE.match(node.text) if node.kind == "preproc" else None
        names.update(found.groups() if found else ())
    return frozenset(names)


def understood(statement: Node, macros: frozenset[str] = frozenset()) -> bool:
    """Say whether every sign of a statement has its place.

    ``macros`` are the names the file defines: their arguments may be parted by blanks,
    and they may stand beside an operand.
    """
    if statement.kind in ("ERROR", "label"):
        return statement.kind == "label"
    name = statement.child("name")
    word = "" if name is None else name.text
    wordy = statement.kind == "macro_call" or word in _WORDY or word in macros
    return all(
        _Operand(operand.text, macros, wordy=wordy or not word.islower()).is_whole()
        for operand in statement.children
        if operand.field == "operand"
    )


class _Operand:
    """Reads one operand; ``wordy`` where blanks may part it, as arguments of macros."""

    def __init__(self, text: str, macros: frozenset[str], *, wordy: bool) -> None:
        self._tokens = _tokens(text)
        self._beside = macros | _BESIDE | _SHIFTS
        self._wordy = wordy
        self._at = 0

    def is_whole(self) -> bool:
        """Say whether all of it is one expression (or several, where wordy)."""
        if self._tokens is None:
            return False
        if not self._tokens:
            return True
        return self._expression(0) and self._at == len(self._tokens)

    def _next(self) -> tuple[str, str]:
        assert self._tokens is not None  # noqa: S101 - is_whole() looked
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, *signs: str) -> bool:
        found = self._next()[1] in signs and self._next()[0] != "string"
        self._at += found
        return found

    def _expression(self, depth: int) -> bool:
        """Operands with operators between them, and after a word what it rules."""
        before = self._next()
        if not self._unary(depth):
            return False
        while not self._is_end():
            if self._take(*_BINARY):
                if self._is_end():
                    return self._wordy
            elif not self._may_follow(before):
                return False
            before = self._next()
            if not self._unary(depth):
                return False
        return True

    def _may_follow(self, before: tuple[str, str]) -> bool:
        """Say whether what comes now needs no operator before it."""
        kind, sign = self._next()
        words = {before[1], before[1].lower(), sign}
        strings = before[0] == "string" and kind in ("string", "name")
        return self._wordy or strings or not words.isdisjoint(self._beside)

    def _is_end(self) -> bool:
        kind, sign = self._next()
        return kind in ("", "close") or (kind != "string" and sign in (",", ";"))

    def _unary(self, depth: int) -> bool:
        while self._take(*_PREFIXES):
            if self._is_end():
                return self._wordy
        kind, _ = self._next()
        if kind == "open":
            if not self._list(depth):
                return False
        elif kind in ("name", "number", "string", "char"):
            self._at += 1
        else:
            return False
        return self._after(depth)

    def _after(self, depth: int) -> bool:
        """Read ``(base)``, ``[1]``, ``{k1}``, ``!``, ``^`` and ``/m``."""
        while self._next()[0] == "open":
            if not self._list(depth):
                return False
        if self._next()[1] in _AFTER and self._ends_after():
            self._at += 1
        return True

    def _ends_after(self) -> bool:
        """Say whether the sign that comes now is the last one of its operand."""
        self._at += 1
        is_end = self._is_end()
        self._at -= 1
        return is_end

    def _list(self, depth: int) -> bool:
        """Read what brackets hold: expressions, or nothing, between commas."""
        closing = _PAIRS[self._next()[1]]
        self._at += 1
        while depth < _DEPTH:
            if self._take(closing):
                return True
            if not self._take(",", ";") and not self._expression(depth + 1):
                return False
        return False


def _tokens(text: str) -> list[tuple[str, str]] | None:
    """Cut an operand into (kind, text); None if a sign is none of assembly."""
    clean = without_comments(text).replace("\\\r\n", " ").replace("\\\n", " ").rstrip()
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(clean):
        found = _TOKEN.match(clean, at)
        if found is None:
            return None
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind]))
        at = found.end()
    return tokens
