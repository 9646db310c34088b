# SPDX-License-Identifier: GPL-2.0-or-later
"""The arms of ``#if`` inside a chunk of C, and the text with one arm of each chosen.

The grammar knows ``#if`` only around whole statements. Where one cuts a statement or
an expression in two, the directive lines and the arms not chosen become blank; every
choice has the length and the line ends of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct, field

from patchlint.syntax.layout import Range

_DIRECTIVE = re.compile(
    rb"^[ \t]*\#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b"
    rb"((?:[^\\\n]|\\.|\\\n)*)",
    re.MULTILINE,
)
_NOT_A_LINE_END = re.compile(rb"[^\n]")
_BEGINS_BADLY = re.compile(rb"\s*(?:else\b|[^\w\s{}*(#+;~\"-]|$)")
_ENDS_BADLY = re.compile(rb"(?:\belse|\bdo|[^;}\s])\s*\Z")
_CASE = re.compile(rb"\b(?:case\b[^:;{}\n]*|default\s*):\s*\Z")
_ELSE = re.compile(rb"\s*else\b")
_SIGNS = {
    ord("("): 1,
    ord("{"): 1,
    ord("["): 1,
    ord(")"): -1,
    ord("}"): -1,
    ord("]"): -1,
}
_CHOICES = 6
_NESTED = 20
_BEFORE = 120
_MOST = 400


class _Arm(Struct):
    """Its directive line and its text, as offsets; a missing ``#else`` has neither."""

    directive: Range
    begin: int
    end: int = -1
    is_dead: bool = False
    inside: list[_Group] = field(default_factory=list)


class _Group(Struct):
    """An ``#if`` with all its arms, up to the end of its ``#endif`` line."""

    arms: list[_Arm]
    closing: Range = (0, 0)


def choices(source: bytes, *, all_of_them: bool) -> tuple[bytes, ...]:
    """Return the text once for each choice of arms, until every arm was chosen.

    The first takes the first arms. Without ``all_of_them``, an ``#if`` around whole
    statements stays as it is. Comments and strings must be blank.
    """
    groups = _groups(source)
    if not all_of_them:
        groups = list(_split(source, groups))
    seen: set[int] = set()
    found: list[bytes] = []
    while groups and len(found) < _CHOICES:
        text = bytearray(source)
        new = sum(_choose(text, group, seen) for group in groups)
        if not new:
            break
        found.append(bytes(text))
    return tuple(found)


def _groups(source: bytes) -> list[_Group]:
    """Read the directives; what is without its ``#if`` or ``#endif`` is left out."""
    top: list[_Group] = []
    open_: list[_Group] = []
    for found in islice(_DIRECTIVE.finditer(source), _MOST):
        word, line = found[1], found.span()
        if word in (b"if", b"ifdef", b"ifndef"):
            is_dead = word == b"if" and found[2].strip() == b"0"
            open_.append(_Group([_Arm(line, found.end(), is_dead=is_dead)]))
        elif open_:
            open_[-1].arms[-1].end = found.start()
            if word == b"endif":
                _close(open_, top, line)
            else:
                open_[-1].arms.append(_Arm(line, found.end()))
    return top


def _close(open_: list[_Group], top: list[_Group], line: Range) -> None:
    group = open_.pop()
    group.closing = line
    inside = open_[-1].arms[-1].inside if open_ else top
    if len(open_) < _NESTED:
        inside.append(group)


def _split(source: bytes, groups: Sequence[_Group]) -> Iterator[_Group]:
    """Yield the groups that cut something in two, the outermost first."""
    for group in groups:
        if _cuts(source, group):
            yield group
        else:
            for arm in group.arms:
                yield from _split(source, arm.inside)


def _cuts(source: bytes, group: _Group) -> bool:
    """Say whether an arm is anything but whole statements between whole statements."""
    start, end = group.arms[0].directive[0], group.closing[1]
    before = source[max(0, start - _BEFORE) : start]
    if _ENDS_BADLY.search(before) and not _CASE.search(before):
        return True
    if _ELSE.match(source, end):
        return True
    return any(_is_part(source, arm) for arm in group.arms)


def _is_part(source: bytes, arm: _Arm) -> bool:
    text = bytearray(source)
    for group in arm.inside:
        _choose(text, group, set())
    inside = bytes(text[arm.begin : arm.end])
    if not inside.strip():
        return False
    if _BEGINS_BADLY.match(inside) or not _balanced(inside):
        return True
    return bool(_ENDS_BADLY.search(inside) and not _CASE.search(inside[-_BEFORE:]))


def _balanced(text: bytes) -> bool:
    depth = 0
    for sign in text:
        depth += _SIGNS.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0


def _choose(text: bytearray, group: _Group, seen: set[int]) -> int:
    """Blank all of a group but one arm, an unseen one first; return the new ones."""
    arms = sorted(group.arms, key=lambda arm: arm.is_dead)
    chosen = next((arm for arm in arms if _news(arm, seen)), arms[0])
    new = id(chosen) not in seen
    seen.add(id(chosen))
    _blank(text, *group.closing)
    for arm in group.arms:
        _blank(text, *arm.directive)
        if arm is not chosen:
            _blank(text, arm.begin, arm.end)
    return new + sum(_choose(text, inner, seen) for inner in chosen.inside)


def _news(arm: _Arm, seen: set[int]) -> bool:
    """Say whether an arm, or one inside of it, was not chosen yet."""
    return id(arm) not in seen or any(
        _news(below, seen) for group in arm.inside for below in group.arms
    )


def _blank(text: bytearray, start: int, end: int) -> None:
    text[start:end] = _NOT_A_LINE_END.sub(b" ", text[start:end])
