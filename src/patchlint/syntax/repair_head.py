# SPDX-License-Identifier: GPL-2.0-or-later
"""The head of a function, and statements that are macro calls, made readable."""

from __future__ import annotations

import re

_BODY = re.compile(rb"^\{", re.MULTILINE)
_MARK = re.compile(rb"[A-Z_][A-Z0-9_]*(?:[ \t]*\([^()\n]*\))?[ \t]*\n(?=[ \t]*[\w\n])")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_BEFORE_NAME = re.compile(rb"[\w\s*]*?(?=[A-Za-z_]\w*\s*\()")
_TAGS = frozenset((b"struct", b"union", b"enum"))
_TYPES = frozenset(
    b"int char void long short unsigned signed bool float double".split()
)
_QUALIFIERS = frozenset(
    b"static inline extern const volatile register __inline __inline__".split()
)
_ATTRIBUTE = re.compile(
    rb"__\w+|[A-Z][A-Z0-9_]{3,}|\w*(?:inline|attribute|scope|aligned)\w*"
)
_KEYWORDS = (
    rb"if|while|for|switch|return|sizeof|else|do|case|default|goto|break|asm|typeof"
)
_CALL = re.compile(rb"(?<=\n)([ \t]+)(?!(?:%s)\b)([A-Za-z_]\w*)[ \t]*(\()" % _KEYWORDS)
_LONE = re.compile(
    rb"(?<=\n)[ \t]+(?!(?:%s|continue)\b)([A-Za-z_]\w*)[ \t]*(?=\n\s*[\w}])" % _KEYWORDS
)
_NEXT = re.compile(rb"[ \t]*\n(?:[ \t]*\n)*([ \t]*)([\w}*(]?)")
_ENDS = re.compile(rb"(?:[;{}:)]|\belse)\Z")
_BRACKET = re.compile(rb'"[^"\n]*"|[()]')
_REACH = 1000
_DEPTH = 12
_BEFORE = 1000


def mend_head(text: bytes) -> bytes:
    """Blank what stands before a function and is no type: SEC("x"), attributes."""
    body = _BODY.search(text)
    if body is None:
        return text
    start = len(text) - len(text.lstrip())
    head = text[start : body.start()]
    marked = _MARK.match(head)
    while marked and b"(" in head[marked.end() :]:
        head = b" " * (marked.end() - 1) + head[marked.end() - 1 :]
        marked = _MARK.match(head, marked.end())
    return text[:start] + _without_attributes(head) + text[body.start() :]


def _without_attributes(head: bytes) -> bytes:
    """Only one word before the name can be its type."""
    before = _BEFORE_NAME.match(head)
    if before is None:
        return head
    words = []
    has_type = is_tag = False
    for found in _WORD.finditer(head, 0, before.end()):
        word = found.group()
        has_type |= word in _TYPES or is_tag
        if not is_tag and word not in _TAGS | _TYPES | _QUALIFIERS:
            words.append(found)
        is_tag = word in _TAGS
    likely = sorted(words, key=lambda found: not _ATTRIBUTE.fullmatch(found.group()))
    for found in likely[: len(words) - (not has_type)]:
        start, end = found.span()
        head = head[:start] + b" " * (end - start) + head[end:]
    return head


def mend_statements(text: bytes) -> bytes:
    """A macro call without ``;`` is a loop if what follows is indented deeper.

    Else ``M(a, b)`` becomes ``M,a, b;`` and a macro that is one word becomes blank.
    """
    mended = bytearray(_LONE.sub(_without_lone, text))
    for found in _CALL.finditer(text):
        close = _closing(text, found.start(3))
        following = _NEXT.match(text, close + 1) if close > 0 else None
        before = text[max(0, found.start() - _BEFORE) : found.start()].rstrip()
        if not following or not following[2] or not _ENDS.search(before[-5:]):
            continue
        deeper = _width(following[1]) > _width(found[1])
        if deeper and len(found[2]) >= 5:
            start, end = found.span(2)
            mended[start:end] = b"while".ljust(end - start)
        elif not deeper and before[-1:] in b";{}:":
            is_empty = not text[found.end(3) : close].strip()
            mended[found.start(3)] = ord(" " if is_empty else ",")
            mended[close] = ord(";")
    return bytes(mended)


def _without_lone(found: re.Match[bytes]) -> bytes:
    before = found.string[max(0, found.start() - _BEFORE) : found.start()].rstrip()
    return b" " * len(found[0]) if before[-1:] in b";{}:" else found[0]


def _width(blanks: bytes) -> int:
    return len(blanks.expandtabs(8))


def _closing(text: bytes, start: int) -> int:
    """Return the offset of the parenthesis that closes the one at ``start``, or -1."""
    depth = 0
    for found in _BRACKET.finditer(text, start, start + _REACH):
        depth += {b"(": 1, b")": -1}.get(found.group(), 0)
        if depth == 0:
            return found.start()
        if depth > _DEPTH:
            break
    return -1
