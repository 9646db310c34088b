# SPDX-License-Identifier: GPL-2.0-or-later
"""What to try where a chunk of kernel C does not parse: the rarer macros, and ``#if``.

Like the masks (syntax/mask.py), a repair replaces text by C of the same length and
with the same line ends, so that all offsets stay; unlike them it is only made where
the grammar found an error, so that it may be rougher. What stands in the tree is the
text of the file, never that of a repair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from patchlint.syntax.arms import choices
from patchlint.syntax.mask import mask
from patchlint.syntax.repair_asm import mend_asm
from patchlint.syntax.repair_calls import mend_calls
from patchlint.syntax.repair_head import mend_head, mend_statements

_SKIPPED = re.compile(
    rb'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.){1,8}\'|/\*.*?(?:\*/|\Z)|//[^\n]*',
    re.DOTALL,
)
_IN_STRING = re.compile(rb"[^\n\\]|\\(?!\n)")
_LONGEST = 1 << 17
_NOT_A_LINE_END = re.compile(rb"[^\n]")
_NOT_A_WORD = re.compile(rb"[^\w\n]")


def repairs(source: bytes) -> Iterator[tuple[bytes, ...]]:
    """Yield readings of a chunk that may parse, the one that changes least first.

    A reading is one text, or one for each choice of ``#if`` arms.
    """
    if len(source) > _LONGEST:
        return
    plain = _SKIPPED.sub(_plain, source)
    yield (_mended(plain),)
    if b"#" in plain:
        for all_of_them in (False, True):
            chosen = choices(plain, all_of_them=all_of_them)
            if chosen:
                yield tuple(_mended(mask(text)) for text in chosen)


def _plain(found: re.Match[bytes]) -> bytes:
    """Blank a comment; make a string one without signs in it."""
    token = found.group()
    if token[:1] == b"/":
        return _NOT_A_LINE_END.sub(b" ", token)
    return token[:1] + _IN_STRING.sub(b"x", token[1:-1]) + token[-1:]


def _mended(text: bytes) -> bytes:
    for mend in _MENDERS:
        text = mend(text)
    return text


def _blank(text: bytes) -> bytes:
    return _NOT_A_LINE_END.sub(b" ", text)


def _group(found: re.Match[bytes], number: int, new: bytes) -> bytes:
    """Return the match with one of its groups replaced, as long as before."""
    start, end = (offset - found.start() for offset in found.span(number))
    rest = _blank(found[0][start + len(new) : end])
    return found[0][:start] + new + rest + found[0][end:]


def _sub(pattern: re.Pattern[bytes], new: bytes = b"") -> Callable[[bytes], bytes]:
    """Put ``new`` in the place of the first group, and blanks behind it."""

    def mend(text: bytes) -> bytes:
        return pattern.sub(lambda found: _group(found, 1, new), text)

    return mend


def _named(found: re.Match[bytes]) -> bytes:
    """Make one name of the first group, whatever it holds; line ends stay."""
    return _group(found, 1, _NOT_A_WORD.sub(b"_", found[1]))


_ARGUMENTS = rb"\((?:[^()\n]|\([^()\n]*\))*\)"
_START = rb"(?<![^;{}:])\s*"

# Directives inside of braces: "#define SYM(x) [x] = #x," between initialisers.
_INNER = re.compile(
    rb"(?<=\n)([ \t]*\#[ \t]*(?:define|undef|include|pragma|error|warning)\b"
    rb"(?:[^\\\n]|\\.)*)",
    re.DOTALL,
)
# 3DNOW, 2NDEXEC: names that begin with a digit, as arguments to be pasted.
_NUMBER_NAME = re.compile(
    rb"\b(?!0[xXbB][0-9a-fA-F]+|\d+[uUlL]{0,3}\b|\d+[eE.])(\d)(?=\w*[A-Za-z_]\w*)"
)
# do { ... } while_each_thread(g, p);
_WHILE = re.compile(rb"\}[ \t]*(?!while\b)([a-z_]\w{4,})(?=[ \t]*\([^;{}]{0,400}\);)")
# for_each_thing(x) { ... } end_for_each_thing(x)
_ENDING = re.compile(rb"\}[ \t]*(end\w*[ \t]*\([^()\n]*\))(?=[ \t]*\n)")
# register long x asm("rdx") = y;
_REGISTER = re.compile(rb'[\w\]]\s+(asm\s*\(\s*(?:"x*"|\w+)\s*\))(?=\s*[=;,])')
# typeof(x->y) z = ...; (typeof(x->y))z
_TYPEOF = re.compile(
    rb"\b((?:typeof|__typeof__|typeof_unqual)\s*"
    + _ARGUMENTS
    + rb")(?=\s*(?:\**\s*\w|\**\s*\)\s*[\w(]))"
)
_TYPEOF_NAME = re.compile(rb"\b((?:typeof|__typeof__)\s*" + _ARGUMENTS + rb")")
_ALIGNOF = re.compile(rb"\b(__alignof__|_Alignof|alignof)(?=\s*\()")
# DECLARE_BITMAP(name, n) = { 0 };
_DECLARED = re.compile(
    rb"(?<![\w.>])(\w{3,}\s*\()(\s*\w+)([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))(?=\s*=\s*\{)"
)
# DARRAY(struct x, 4) name;
_TYPE_CALL = re.compile(
    rb"(?<![\w.>)])(?!(?:if|while|for|switch|return|sizeof|else|asm|typeof)\b)([A-Za-z_]\w*"
    + _ARGUMENTS
    + rb")(?=[ \t]+\w+\s*(?:[;,]|=[^=]|\[))"
)
# struct { DECLARE_BITMAP(name, n); } x;
_MEMBER = re.compile(
    rb"(?<=[;{])(\s*)([A-Z_]\w{2,}\s*\()(\s*\w+)([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))(?=\s*;)"
)
_STRUCT = re.compile(rb"\b(?:struct|union)\b[^;{}()=]{0,200}\{([^{}]*)\}")
# int a : 8, : 4;
_UNNAMED_BITS = re.compile(rb"(?:,|[;{]\s*\w+)\s{0,200}?([ \t]):(?=\s*\d+\s*[,;])")


def _without_inner_directives(text: bytes) -> bytes:
    start = len(text) - len(text.lstrip())
    return text[:start] + text[start : start + 1] + _sub(_INNER)(text[start + 1 :])


def _with_members(text: bytes) -> bytes:
    return _STRUCT.sub(lambda found: _MEMBER.sub(_member, found[0]), text)


def _member(found: re.Match[bytes]) -> bytes:
    return found[1] + _declared_as(found[2], found[3], found[4])


def _declared_as(macro: bytes, name: bytes, rest: bytes) -> bytes:
    return b"int".ljust(len(macro)) + name + _blank(rest)


def _with_declarations(text: bytes) -> bytes:
    return _DECLARED.sub(lambda found: _declared_as(found[1], found[2], found[3]), text)


def _with_type_calls(text: bytes) -> bytes:
    return _TYPE_CALL.sub(_named, text)


def _with_typeof(text: bytes) -> bytes:
    return _TYPEOF_NAME.sub(_named, _sub(_TYPEOF, b"int")(text))


_MENDERS: tuple[Callable[[bytes], bytes], ...] = (
    _without_inner_directives,
    _sub(_REGISTER),
    mend_asm,
    mend_head,
    _sub(_NUMBER_NAME, b"_"),
    _sub(_ENDING),
    _sub(_WHILE, b"while"),
    _with_typeof,
    _sub(_ALIGNOF, b"_"),
    _sub(_UNNAMED_BITS, b"_"),
    _with_members,
    _with_declarations,
    _with_type_calls,
    mend_statements,
    mend_calls,
)
