# SPDX-License-Identifier: GPL-2.0-or-later
"""Blocks of the assembler and cpp: where they end, which arm is taken, how often."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from patchlint.analysis.numbers import number
from patchlint.analysis.registers import mnemonic
from patchlint.syntax.node import Node

_IF = re.compile(r"\.(?:else)?(if\w*)[ \t]*(.*)", re.DOTALL)
_CPP_IF = re.compile(r"\s*#\s*(if|ifdef|ifndef)\s+(.*)", re.DOTALL)
_LOOP = re.compile(r"\.(rept|irpc?)[ \t]+(.*)", re.DOTALL)
_OPENS = re.compile(r"\.(?:macro|rept|irpc?|if\w*)")
_CLOSES = (".endm", ".endr", ".endif")
_WIDE = r"(?:CONFIG_X86_64|CONFIG_64BIT|__x86_64__)"
_NARROW = r"CONFIG_X86_32"
_TRUE = re.compile(rf"IS_ENABLED\(\s*{_WIDE}\s*\)|defined\s*\(?\s*{_WIDE}\s*\)?")
_FALSE = re.compile(rf"IS_ENABLED\(\s*{_NARROW}\s*\)|defined\s*\(?\s*{_NARROW}\s*\)?")
_TURNS = 512


class StuckError(Exception):
    """It cannot be said what a statement stands for."""


def truth(text: str) -> bool | None:
    """Decide an #if as for x86-64; None where it says nothing about that."""
    found = _CPP_IF.fullmatch(re.sub(r"/\*.*?\*/", " ", text))
    if found is None:
        return None
    how, said = found[1], found[2].strip()
    if how != "if":
        said = f"defined({said})" if how == "ifdef" else f"!defined({said})"
    said = _FALSE.sub("0", _TRUE.sub("1", said))
    value = number(said) if said.strip("() !01").strip() == "" else None
    return None if value is None else value != 0


def closing(nodes: Sequence[Node], start: int) -> int:
    """Return the index behind the end of the block that ``start`` opens."""
    depth = 0
    for at in range(start, len(nodes)):
        name = mnemonic(nodes[at]) if nodes[at].kind == "directive" else ""
        depth += bool(_OPENS.fullmatch(name)) - (name in _CLOSES)
        if depth == 0:
            return at + 1
    return len(nodes)


def listed(head: str) -> tuple[str, tuple[str, ...]]:
    """Return (name, values) of .irp and .irpc, or ("", as many as turns) of .rept."""
    found = _LOOP.fullmatch(head.strip())
    if found is None:
        raise StuckError
    if found[1] == "rept":
        count = number(found[2])
        if count is None or not 0 <= count <= _TURNS:
            raise StuckError
        return "", ("",) * count
    name, *words = re.split(r"[\s,]+", found[2].strip())
    values = tuple("".join(words)) if found[1] == "irpc" else tuple(words)
    return name, values


def chosen(
    nodes: Sequence[Node], said: Callable[[str], str], *, wide: bool
) -> tuple[tuple[Node, ...], ...] | None:
    """Return the arm of ``.if`` .. ``.endif`` that is taken; None if that is open."""
    arms: list[tuple[Node, list[Node]]] = []
    depth = 0
    for node in nodes:
        name = mnemonic(node) if node.kind == "directive" else ""
        if depth == 1 and name.startswith((".else", ".elseif")):
            arms.append((node, []))
            continue
        depth += name.startswith(".if") - (name == ".endif")
        if depth == 1 and not arms:
            arms.append((node, []))
        elif depth:
            arms[-1][1].append(node)
    for head, arm in arms:
        holds = mnemonic(head) == ".else" or _holds(said(head.text), wide=wide)
        if holds is None:
            return None
        if holds:
            return (tuple(arm),)
    return ()


def _holds(text: str, *, wide: bool) -> bool | None:
    found = _IF.fullmatch(text.strip())
    if found is None:
        return None
    how, said = found[1], found[2].strip()
    if how in ("ifb", "ifnb"):
        return (not said) == (how == "ifb")
    if how in ("ifc", "ifnc"):
        one, sign, two = said.partition(",")
        return (one.strip() == two.strip()) == (how == "ifc") if sign else None
    if wide:
        said = _FALSE.sub("0", _TRUE.sub("1", said))
    value = number(said) if how in ("if", "ifne", "ifeq") else None
    return None if value is None else (value == 0) == (how == "ifeq")
