# SPDX-License-Identifier: GPL-2.0-or-later
"""Where x86-64 code reads all of a register of which only the lower half is defined.

Of an argument of 32 bits or less the upper half of its register is whatever the caller
left there (System V ABI, AMD64, 3.2.3). A 32-bit write makes it zero.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patchlint.analysis.asm_effects import Effect, is_vector
from patchlint.analysis.asm_graph import Graph
from patchlint.analysis.asm_table import base_of
from patchlint.analysis.numbers import number
from patchlint.analysis.registers import canonical, mnemonic, operands_of, width
from patchlint.syntax.node import Node

_VISITS = 40
_ALIAS = re.compile(r"%\w+")
_ALL_OF = re.compile(
    r"add|adc|sub|sbb|and|or|xor|cmp|test|inc|dec|neg|i?mul|i?div|sh[rl]x?|sa[rl]x?"
    r"|ro[rl]|bs[fr]|[tl]zcnt|popcnt|bswap|xadd|cmpxchg|andn"
)
_NO_ADDRESS = ("nop", "nopl", "nopw")
_LEFT = frozenset(("shl", "sal"))
_SAME = frozenset(("xor", "sub"))
_REPEATS = re.compile(r"rep\w*")

Halves = Mapping[str, frozenset[str]]


class Wide(Struct, frozen=True):
    """Statement ``at`` reads ``register`` whole; ``origins`` say whose half it is."""

    at: int
    register: str
    origins: frozenset[str]


def halves(
    code: tuple[Sequence[Node], Graph, Sequence[Effect]], entry: Halves
) -> tuple[Halves | None, ...]:
    """Return which registers may hold an undefined upper half, before each statement.

    ``code`` is statements, their graph and effects; ``entry`` names such registers at
    the entry, each with where its value came from. On some path is enough.
    """
    statements, graph, effects = code
    before: list[Halves | None] = [None] * len(statements)
    if not statements:
        return ()
    before[0] = entry
    waiting = deque((0,))
    for _ in range(_VISITS * len(statements)):
        if not waiting:
            break
        at = waiting.popleft()
        after = _step(before[at] or {}, statements[at], effects[at])
        for place in graph.following[at]:
            merged = _join(before[place], after)
            if merged != before[place]:
                before[place] = merged
                waiting.append(place)
    return tuple(before)


def wide_reads(
    statements: Sequence[Node], before: Sequence[Halves | None]
) -> Iterator[Wide]:
    """Yield the statements for whose result the undefined half counts."""
    for at, (node, held) in enumerate(zip(statements, before, strict=True)):
        for register in _read_whole(node) if held else ():
            if held and held.get(register):
                yield Wide(at, register, held[register])


def _step(before: Halves, node: Node, done: Effect) -> Halves:
    if not before:
        return before
    if not done.known:
        return {}
    after = {name: of for name, of in before.items() if name not in done.lost}
    kept = _kept(node)
    for register in done.writes - kept:
        after.pop(register, None)
    operands = operands_of(node)
    if done.move and all(width(operand.text) == 64 for operand in operands):
        origin, target = done.move
        _put(after, target, before.get(origin))
        if done.swap:
            _put(after, origin, before.get(target))
    return after


def _kept(node: Node) -> frozenset[str]:
    """A register of which an instruction writes 8 or 16 bits keeps the rest."""
    operands = operands_of(node)
    if not operands or (width(operands[-1].text) or 32) >= 32:
        return frozenset()
    return frozenset((canonical(operands[-1].text) or "",))


def _put(
    after: dict[str, frozenset[str]], register: str, of: frozenset[str] | None
) -> None:
    if of:
        after[register] = of
    else:
        after.pop(register, None)


def _join(one: Halves | None, two: Halves) -> Halves:
    if one is None:
        return two
    nothing = frozenset[str]()
    return {
        name: one.get(name, nothing) | two.get(name, nothing)
        for name in (*one, *(name for name in two if name not in one))
    }


def _read_whole(node: Node) -> frozenset[str]:
    """Return the registers of whose 64 bits all count, where that is certain."""
    if node.kind != "instruction":
        return frozenset()
    operands = operands_of(node)
    name = mnemonic(node).lower()
    base = base_of(name)
    prefix = node.child("prefix")
    found = set(_in_addresses(base, operands))
    if prefix and _REPEATS.fullmatch(prefix.text):
        found.add("rcx")
    counts = base and _ALL_OF.fullmatch(base) and not name.startswith("cmov")
    if base and counts and not _harmless(base, operands):
        found.update(canonical(o.text) or "" for o in operands if width(o.text) == 64)
    return frozenset(found - {""})


def _in_addresses(base: str | None, operands: Sequence[Node]) -> Iterator[str]:
    if base == "lea" and width(operands[-1].text) != 64:
        return
    if base in _NO_ADDRESS or (base is None and not is_vector(operands)):
        return
    for operand in operands:
        if operand.kind == "memory":
            for alias in _ALIAS.findall(operand.text):
                if width(alias) == 64:
                    yield canonical(alias) or ""


def _harmless(base: str, operands: Sequence[Node]) -> bool:
    """The upper half is masked out, shifted out, or not looked at."""
    first = operands[0] if operands else None
    if first is None:
        return True
    if base in _SAME and len({operand.text for operand in operands}) == 1:
        return True
    if first.kind != "immediate":
        return base in _LEFT
    value = number(first.text.removeprefix("$"))
    if base in _LEFT:
        return value is None or value >= 32
    if base in ("and", "test"):
        return value is None or 0 <= value < 1 << 31
    return False
