# SPDX-License-Identifier: GPL-2.0-or-later
"""Inline assembly with macros, made such that the grammar of C reads it.

Only for the tree: what the statement says is read by syntax/inline_asm.py, from the
text of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.syntax.layout import Range

_ASM = re.compile(
    rb"(?<![\w.>])(?P<word>asm|__asm__|__asm|asm_inline|asm_volatile_goto"
    rb"|asm_goto_output)(?P<qualifiers>(?:\s+(?:volatile|__volatile__|__volatile|goto"
    rb"|inline|__inline__|__inline))*)\s*\("
)
_GOTO = {b"asm_volatile_goto": b"asm goto", b"asm_goto_output": b"asm goto"}
_SIGN = re.compile(rb'"[^"\n]*"|[()\[\]{}:,;]')
_PLAIN = re.compile(rb'\s*(?:"[^"\n]*"\s*)+\Z')
_OPERAND = re.compile(
    rb"\s*(?:\[\s*\w+\s*\]\s*)?(?P<constraint>[^()]*(?:\([^()]*\)[^()]*)?)\("
)
_NAMED = re.compile(rb"\s*\[\s*\w+\s*\]\s*")
_LINE = re.compile(rb"[^\s][^\n]*[^\s]|[^\s]")
_LONGEST = 20000


def mend_asm(text: bytes) -> bytes:
    """Make strings of templates and constraints; blank operands that are macros."""
    mended = bytearray(text)
    at = 0
    while found := _ASM.search(text, at):
        sections = list(_sections(text, found.end()))
        at = sections[-1][1] + 1 if sections else len(text)
        if text[at - 1 : at] == b")":
            start, end = found.span("word")
            word = _GOTO.get(found["word"], b"asm")
            mended[start:end] = word.ljust(end - start)
            _mend(mended, sections)
    return bytes(mended)


def _sections(text: bytes, start: int) -> Iterator[Range]:
    """Cut at the colons, up to the parenthesis that closes."""
    for sign, at in _signs(text, start, start + _LONGEST):
        if sign in b":);":
            yield start, at
            start = at + 1
        if sign in b");":
            return


def _signs(text: bytes, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    depth = 0
    for found in _SIGN.finditer(text, start, end):
        sign = found.group()
        if depth == 0 and sign in (b":", b",", b")", b";"):
            yield sign, found.start()
        depth += (sign in (b"(", b"[", b"{")) - (sign in (b")", b"]", b"}"))
        depth = max(depth, 0)


def _mend(text: bytearray, sections: list[Range]) -> None:
    for number, (start, end) in enumerate(sections):
        section = bytes(text[start:end])
        if number == 0:
            text[start:end] = section if _PLAIN.match(section) else _string(section)
        elif number <= 3:
            mend = _operand if number < 3 else _clobber
            parts = [mend(part) for part in _parts(section)]
            text[start:end] = _joined(parts)


def _parts(section: bytes) -> Iterator[bytes]:
    start = 0
    for sign, at in _signs(section, 0, len(section)):
        if sign == b",":
            yield section[start:at]
            start = at + 1
    yield section[start:]


def _joined(parts: list[bytes]) -> bytes:
    """Put the commas back between the parts that are not blank."""
    text, is_empty = b"", True
    for number, part in enumerate(parts):
        is_blank = not part.strip()
        comma = b" " if is_empty or is_blank else b","
        text += (comma if number else b"") + part
        is_empty = is_empty and is_blank
    return text


def _operand(part: bytes) -> bytes:
    """``[name] CC_OUT(c) (value)`` has a constraint; a macro alone goes."""
    begin = found.end() if (found := _NAMED.match(part)) else 0
    opened = _last_group(part)
    constraint = part[begin:opened]
    if opened < 0 or not constraint.strip():
        return _blank(part)
    if _PLAIN.match(constraint):
        return part
    if b'"' not in constraint and b"(" not in constraint:
        return _blank(part)
    return part[:begin] + _string(constraint) + part[opened:]


def _clobber(part: bytes) -> bytes:
    return part if _PLAIN.match(part) else _blank(part)


def _last_group(part: bytes) -> int:
    """Return where the parentheses open that end an operand, or -1."""
    opened, depth = -1, 0
    for found in _SIGN.finditer(part):
        sign = found.group()
        if sign in (b"(", b"[", b"{"):
            opened = found.start() if depth == 0 else opened
            depth += 1
        elif sign in (b")", b"]", b"}"):
            depth -= 1
    is_last = part.rstrip()[-1:] == b")" and depth == 0
    return opened if is_last and part[opened : opened + 1] == b"(" else -1


def _string(text: bytes) -> bytes:
    """Make each line a string; one sign alone becomes a name, which joins strings."""
    return _LINE.sub(_line, text)


def _line(found: re.Match[bytes]) -> bytes:
    size = len(found[0])
    return b'"' + b"x" * (size - 2) + b'"' if size > 1 else b"x"


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\n]", b" ", text)
