# SPDX-License-Identifier: GPL-2.0-or-later
"""The operands of an assembly statement, as trees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from patchlint.syntax.asm_text import CHARACTER
from patchlint.syntax.c import expression
from patchlint.syntax.layout import Layout, Range
from patchlint.syntax.node import Node

_TOKEN = re.compile(
    r'\s*(?:(?P<atom>[\w.$@\\]+|"(?:[^"\\\n]|\\\r?\n|\\.)*"|' + CHARACTER + r")"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<sign>[-+*/%&|^~!<>?:=\#;]))"
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_REGISTER = re.compile(
    r"%(?:st\(\d\)|[\w\\]+(?:\\\(\)\w*)*(?:\([\w\\]+\))?)(?:\s*\{[^{}]*\})*"
)
_SEGMENT = re.compile(r"(%[c-gs]s)\s*:")
_ADDRESS = re.compile(
    r"\(\s*(?:(?:,\s*)?[%\\][^()]*|[A-Za-z_]\w*\s*(?:,[^()]*)?)\)(?=\s*(?:\{|$))"
)
_NAMED = re.compile(r"(?<!\w)[A-Za-z_]\w*\Z")
_KINDS = {
    '"': "string", "$": "immediate", "#": "immediate", "*": "indirect", "[": "memory",
    "{": "register_list",
}  # fmt: skip
_OPERATOR = re.compile(r"[-+*|&~^()<>]")
_PARTS = ("base", "index", "scale")


def operands(source: Layout, masked: str, range_: Range) -> tuple[Node, ...] | None:
    """Read a list of operands; None where it cannot be one.

    ``masked`` is the text without comments, ``range_`` the offsets of the list.
    """
    parts = _split(masked, *range_)
    if parts is None:
        return None
    return tuple(operand(source, masked, part) for part in parts)


def operand(source: Layout, masked: str, part: Range, role: str = "operand") -> Node:
    """Read one operand."""
    start, end = strip(masked, part)
    text = masked[start:end]
    kind = _kind(text)
    if kind == "indirect" and role == "target":
        kind = "expression"  # there is no **, so operands nest two deep at most
    children: tuple[Node, ...] = ()
    if kind == "immediate":
        children = _constant(source, masked, (start + 1, end))
    elif kind == "indirect":
        children = (operand(source, masked, (start + 1, end), "target"),)
    elif kind == "memory":
        children = tuple(_memory(source, masked, (start, end)))
    return _node(source, kind, role, (start, end), children)


def strip(masked: str, part: Range) -> Range:
    """Take the blanks off both ends of a range."""
    text = masked[part[0] : part[1]]
    start = part[0] + len(text) - len(text.lstrip())
    return start, max(start, part[0] + len(text.rstrip()))


def _split(masked: str, start: int, end: int) -> list[Range] | None:
    """Cut at the commas outside brackets; None if a token or a bracket is wrong."""
    start, end = strip(masked, (start, end))
    parts, begin, at = [], start, start
    expected: list[str] = []
    while at < end:
        found = _TOKEN.match(masked, at, end)
        if found is None:
            return None
        at = found.end()
        sign = found[found.lastgroup or 0]
        if sign in _PAIRS:
            expected.append(_PAIRS[sign])
        elif found.lastgroup == "close":
            if not expected or expected.pop() != sign:
                return None
        elif sign == "," and not expected:
            parts.append((begin, found.end() - 1))
            begin = at
    if expected:
        return None
    return [*parts, (begin, end)] if parts or end > start else []


def _kind(text: str) -> str:
    if text[:1] in _KINDS:
        # "a" "b" is a string, "a", x is not one operand, so the first sign decides.
        return "expression" if text == "*" else _KINDS[text[:1]]
    if _REGISTER.fullmatch(text):
        return "register"
    return "memory" if _SEGMENT.match(text) or _address(text) else "expression"


def _address(text: str) -> re.Match[str] | None:
    """Find ``(base, index, scale)``; the arguments of a macro look alike."""
    found = _ADDRESS.search(text)
    if found is None or text[found.start() + 1 :].lstrip()[:1] in ("%", "\\", ","):
        return found
    return None if _NAMED.search(text[: found.start()].rstrip()) else found


def _constant(source: Layout, masked: str, part: Range) -> tuple[Node, ...]:
    """Read ``$~(A | B)`` as C; a plain name or number is clear without."""
    start, end = strip(masked, part)
    text = masked[start:end]
    if not _OPERATOR.search(text) or not text.isprintable():
        return ()
    tree = expression(text, source.span(start, end))
    return () if tree is None else (replace(tree, field="expression"),)


def _memory(source: Layout, masked: str, part: Range) -> Iterator[Node]:
    start, end = part
    text = masked[start:end]
    if segment := _SEGMENT.match(text):
        yield _node(source, "register", "segment", (start, start + segment.end(1)))
        start += segment.end()
        text = masked[start:end]
    found = _address(text)
    displacement = strip(masked, (start, start + found.start() if found else end))
    if displacement[1] > displacement[0] and text[:1] != "[":
        inner = _constant(source, masked, displacement)
        yield _node(source, "expression", "displacement", displacement, inner)
    if found:
        yield from _address_parts(source, masked, start + found.start() + 1, found)


def _address_parts(
    source: Layout, masked: str, start: int, found: re.Match[str]
) -> Iterator[Node]:
    at = start
    for role, text in zip(_PARTS, found[0][1:-1].split(","), strict=False):
        part = strip(masked, (at, at + len(text)))
        if part[1] > part[0]:
            kind = "register" if text.strip()[:1] == "%" else "expression"
            yield _node(source, kind, role, part)
        at += len(text) + 1


def _node(
    source: Layout, kind: str, role: str, part: Range, children: tuple[Node, ...] = ()
) -> Node:
    return Node(
        kind, role, source.text[part[0] : part[1]], source.span(*part), children
    )
