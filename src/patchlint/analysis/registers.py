# SPDX-License-Identifier: GPL-2.0-or-later
"""x86-64 registers by their names, and the words of an instruction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from patchlint.syntax.node import Node

ARGUMENTS = ("rdi", "rsi", "rdx", "rcx", "r8", "r9")
CALLER_SAVED = frozenset((*ARGUMENTS, "rax", "r10", "r11"))
CALLEE_SAVED = frozenset(("rbx", "rbp", "r12", "r13", "r14", "r15"))
GENERAL = CALLER_SAVED | CALLEE_SAVED | {"rsp"}
FLAGS = "flags"

_LEGACY = {
    "rax": ("eax", "ax", "al"), "rbx": ("ebx", "bx", "bl"),
    "rcx": ("ecx", "cx", "cl"), "rdx": ("edx", "dx", "dl"),
    "rsi": ("esi", "si", "sil"), "rdi": ("edi", "di", "dil"),
    "rbp": ("ebp", "bp", "bpl"), "rsp": ("esp", "sp", "spl"),
}  # fmt: skip
_NUMBERED = {f"r{n}": (f"r{n}d", f"r{n}w", f"r{n}b") for n in range(8, 16)}
_WIDTHS = {
    alias: (full, bits)
    for full, aliases in (_LEGACY | _NUMBERED).items()
    for alias, bits in zip((full, *aliases), (64, 32, 16, 8), strict=True)
} | {f"{letter}h": (f"r{letter}x", 8) for letter in "abcd"}
# What <asm/asm.h> calls the registers of the word size, and those of the arguments.
_WIDTHS |= {f"_ASM_{full[1:].upper()}": (full, 64) for full in _LEGACY}
_WIDTHS |= {
    f"_ASM_ARG{position}{letter}": (full, bits)
    for position, full in enumerate(ARGUMENTS, 1)
    for letter, bits in (("", 64), ("Q", 64), ("L", 32), ("W", 16), ("B", 8))
}

_ALIAS = re.compile(r"%(\w+)")
CONDITION = r"(?:n?[abgl]e?|n?[ceopsz]|p[eo])"
_JUMP = re.compile(rf"jmpq?|JMP_NOSPEC|j{CONDITION}|j[er]?cxz|loopn?[ez]?")


def canonical(name: str) -> str | None:
    """Return the 64-bit register behind an alias: ``%r8d`` is ``r8``."""
    found = _WIDTHS.get(name.removeprefix("%"))
    return found[0] if found else None


def width(name: str) -> int | None:
    """Return how many bits an alias names; None if it is no general register."""
    found = _WIDTHS.get(name.removeprefix("%"))
    return found[1] if found else None


def alias(register: str, bits: int) -> str:
    """Return the name of the lower ``bits`` of a 64-bit register: r8, 32 is ``r8d``."""
    pair = (register, bits)
    return next(name for name, known in _WIDTHS.items() if known == pair)


def mentioned(nodes: Iterable[Node]) -> frozenset[str]:
    """Return the registers that stand anywhere in the text of some nodes."""
    aliases = (alias for node in nodes for alias in _ALIAS.findall(node.text))
    return frozenset(full for alias in aliases if (full := canonical(alias)))


def mnemonic(statement: Node) -> str:
    """Return the name of an instruction or macro, or ""."""
    name = statement.child("name")
    return name.text if name else ""


def operands_of(statement: Node) -> tuple[Node, ...]:
    """Return the operands; the destination is the last one."""
    return tuple(node for node in statement.children if node.field == "operand")


def is_jump(name: str) -> bool:
    """Say whether a mnemonic jumps, with or without a condition."""
    return _JUMP.fullmatch(name) is not None
