# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of macros that no function could have, made readable.

Operators, statements, types, designators, lists in braces, the operands of assembly
and nothing at all, each put into an expression of the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct, field

from patchlint.syntax.layout import Range

_TOKEN = re.compile(rb'"[^"\n]*"|[(){}\[\],:;?]')
_CALLEE = re.compile(rb"([A-Za-z_]\w*)\s*\Z")
_NO_CALLEES = frozenset(
    b"""
    if while for switch return sizeof typeof __typeof__ else asm volatile __volatile__
    __volatile goto inline __inline__ __inline
    """.split()
)
_DESIGNATOR = re.compile(rb"\s*(\.)\w+(?:\.\w+)*\s*=[^=]")
_OPERATOR = re.compile(rb"\s*([=!<>]=?|[-+*/%&|^]|&&|\|\||<<|>>)\s*\Z")
_STATEMENT = re.compile(rb"\s*(return|goto|break|continue)\b(\s?)\s*(\S?)")
_LIST = re.compile(rb"\s*(\{)[^;{}]*(\})\s*\Z")
_STRING = rb'"[^"\n]*"'
_IS_ASM = re.compile(_STRING + rb"[ \t]*\(")
_NAMED_OPERAND = re.compile(rb"(\[\s*\w+\s*\])\s*(?=\")")
_CONSTRAINT = re.compile(rb"(" + _STRING + rb")(?=\s*\()")
_CALL = rb"[A-Za-z_]\w*\s*\((?:[^()\n]|\([^()\n]*\))*\)"
_BESIDE_STRING = re.compile(
    rb"(?<=\")[ \t\n]*(" + _CALL + rb")|(" + _CALL + rb")(?=[ \t\n]*\")"
)
_QUALIFIER = re.compile(rb"\b(?:struct|union|enum|const|volatile)\b(?=\s+\w)")
_WORDS = re.compile(rb"(?<=\w)[ \t]+(?=[A-Za-z_])(?!(?:%s)\b)" % b"sizeof|typeof")
_WORDS_APART = re.compile(rb"(?<=[\w)])(\s)(?=\s*[A-Za-z_&])(?<!\breturn\s)")
_POINTER = re.compile(rb"\*+\s*\Z")
_NOT_A_WORD = re.compile(rb"[^\w\n]")
_LONGEST = 4000
_DEPTH = 12


class _Call(Struct):
    """The parentheses of a call while it is read; ``cuts`` are its separators."""

    begin: int
    end: int = -1
    is_call: bool = False
    colons: list[int] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    is_choice: bool = False


def mend_calls(text: bytes) -> bytes:
    """Mend the arguments of all calls inside of braces."""
    mended = bytearray(text)
    for call in _calls(text):
        if call.end - call.begin <= _LONGEST:
            _mend(mended, call)
    return bytes(mended)


def _calls(text: bytes) -> Iterator[_Call]:
    """Yield the calls, inner ones first."""
    stack: list[_Call | None] = []
    for found in _TOKEN.finditer(text):
        sign, at = found.group(), found.start()
        innermost = stack[-1] if stack else None
        if sign in b"({[":
            is_call = sign == b"(" and bool(stack) and _is_call(text, at)
            stack.append(_Call(at, is_call=True) if is_call else None)
        elif sign in b")}]":
            if stack and (call := stack.pop()) and len(stack) <= _DEPTH:
                call.end = at
                yield call
        elif innermost:
            _separate(innermost, sign, at)


def _separate(call: _Call, sign: bytes, at: int) -> None:
    if sign in b",;":
        call.cuts.append(at)
    elif sign == b"?":
        call.is_choice = True
    elif sign == b":":
        call.colons.append(at)


def _is_call(text: bytes, at: int) -> bool:
    callee = _CALLEE.search(text, max(0, at - 60), at)
    return callee is not None and callee[1] not in _NO_CALLEES


def _mend(text: bytearray, call: _Call) -> None:
    if not call.is_choice and _IS_ASM.search(text, call.begin, call.end):
        call.cuts = sorted(call.cuts + call.colons)
    for at in call.cuts:
        text[at] = ord(",")
    edges = [call.begin, *call.cuts, call.end]
    full = [_argument(text, (start + 1, end)) for start, end in pairwise(edges)]
    _drop_empty(text, call.cuts, full)


def _drop_empty(text: bytearray, cuts: list[int], full: list[bool]) -> None:
    """Blank the commas of arguments that are empty."""
    is_first = True
    for at, is_full in zip((-1, *cuts), full, strict=True):
        if at >= 0 and (not is_full or is_first):
            text[at] = ord(" ")
        is_first = is_first and not is_full


def _argument(text: bytearray, part: Range) -> bool:
    """Mend one argument; return whether there is one."""
    start, end = part
    old = bytes(text[start:end])
    if not old.strip():
        return False
    new = old
    if found := _OPERATOR.match(new):
        new = _put(new, found.span(1), b"_" * len(found[1]))
    if found := _DESIGNATOR.match(new):
        new = _put(new, found.span(1), b" ")
    if found := _STATEMENT.match(new):
        new = _statement(new, found)
    if found := _LIST.match(new):
        new = _put(_put(new, found.span(1), b"("), found.span(2), b")")
    new = _NAMED_OPERAND.sub(lambda found: b" " * len(found[0]), new)
    new = _CONSTRAINT.sub(_name, new)
    new = _BESIDE_STRING.sub(_name, new)
    new = _types(new)
    text[start:end] = new
    return True


def _statement(text: bytes, found: re.Match[bytes]) -> bytes:
    """``return x;`` becomes ``Return,x``."""
    text = _put(text, found.span(1), found[1].capitalize()).replace(b";", b" ")
    return (
        _put(text, found.span(2), b",") if found[2] and found[3] not in b";" else text
    )


def _types(text: bytes) -> bytes:
    """``const struct a *`` becomes ``a``, two words become one."""
    if b"{" in text:
        return text
    text = _QUALIFIER.sub(lambda found: b" " * len(found[0]), text)
    text = _WORDS.sub(lambda found: b"_" * len(found[0]), text)
    return _POINTER.sub(lambda found: b" " * len(found[0]), text)


def _name(found: re.Match[bytes]) -> bytes:
    return _NOT_A_WORD.sub(b"_", found[0])


def _put(text: bytes, part: Range, new: bytes) -> bytes:
    return text[: part[0]] + new + text[part[1] :]
