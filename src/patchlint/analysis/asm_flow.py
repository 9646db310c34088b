# SPDX-License-Identifier: GPL-2.0-or-later
"""What each register holds at each statement of an assembly routine."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from patchlint.analysis.asm_effects import Effect
from patchlint.analysis.asm_graph import Graph
from patchlint.analysis.registers import FLAGS, GENERAL
from patchlint.syntax.node import Node

_VISITS = 40


class State(StrEnum):
    """How what a register holds came about."""

    ENTRY = "entry"
    MOVED = "moved"
    WRITTEN = "written"
    UNKNOWN = "unknown"


class Value(Struct, frozen=True):
    """What a register holds, on every path that comes here.

    ENTRY: what it held at the entry. MOVED: what ``origin`` held at the entry.
    WRITTEN: something else; ``inputs`` are the entry registers it was made from.
    ``writer`` is the index of the statement that wrote it (the first of several).
    """

    state: State
    origin: str = ""
    writer: int = -1
    inputs: frozenset[str] = frozenset()

    @property
    def overwritten(self) -> bool:
        """Say whether the register lost what it held at the entry, for certain."""
        return self.state in (State.MOVED, State.WRITTEN)


Registers = Mapping[str, Value]
_UNKNOWN = Value(State.UNKNOWN)
_LOST: Registers = dict.fromkeys((*GENERAL, FLAGS), _UNKNOWN)
_AT_ENTRY: Registers = {
    name: Value(State.ENTRY, name, inputs=frozenset((name,)))
    for name in (*GENERAL, FLAGS)
}


def flow(
    statements: Sequence[Node], graph: Graph, effects: Sequence[Effect]
) -> tuple[Registers | None, ...]:
    """Return the registers before each statement; None where control does not come.

    ``effects`` are what the statements do. Where paths join with different values,
    nothing is known.
    """
    before: list[Registers | None] = [None] * len(statements)
    waiting: deque[int] = deque()
    for at, state in _entries(statements, graph):
        before[at] = state
        waiting.append(at)
    for _ in range(_VISITS * len(statements)):
        if not waiting:
            return tuple(before)
        at = waiting.popleft()
        after = _step(before[at] or _LOST, at, effects[at])
        for place in graph.following[at]:
            merged = _join(before[place], after)
            if merged != before[place]:
                before[place] = merged
                waiting.append(place)
    return (None,) * len(statements) if waiting else tuple(before)


def _entries(
    statements: Sequence[Node], graph: Graph
) -> tuple[tuple[int, Registers], ...]:
    entries = tuple((at, _LOST) for at in sorted(graph.open))
    if not statements or 0 in graph.open:
        return entries
    return ((0, _AT_ENTRY), *entries)


def _step(before: Registers, at: int, done: Effect) -> Registers:
    if not (done.writes or done.lost or done.judges):
        return before
    after = dict(before)
    value = _made(before, at, done)
    for register in done.writes:
        after[register] = value
    if done.move:
        origin, target = done.move
        after[target] = _moved(before[origin], target, at)
        if done.swap:
            after[origin] = _moved(before[target], origin, at)
    for register in done.aside:
        after[register] = Value(State.WRITTEN, writer=at)
    if done.judges:
        after[FLAGS] = _judged(before, at, done)
    for register in (*done.lost, FLAGS) if done.lost else ():
        after[register] = _UNKNOWN
    return after


def _judged(before: Registers, at: int, done: Effect) -> Value:
    """Return what the flags tell; what also writes a register may leave some."""
    names = {*done.reads, FLAGS} if done.writes else done.reads
    made_of = frozenset[str]().union(*(before[name].inputs for name in names))
    unknown = any(before[name].state is State.UNKNOWN for name in names)
    return _UNKNOWN if unknown else Value(State.WRITTEN, "", at, made_of)


def _made(before: Registers, at: int, done: Effect) -> Value:
    """Return what a computation leaves; from the unknown comes only the unknown."""
    read = {*done.reads, FLAGS} if done.decides else done.reads
    inputs = [before[register] for register in read if register != "rsp"]
    if any(value.state is State.UNKNOWN for value in inputs):
        return _UNKNOWN
    made_of = frozenset[str]().union(*(value.inputs for value in inputs))
    return Value(State.WRITTEN, "", at, made_of)


def _moved(value: Value, target: str, at: int) -> Value:
    if value.state is State.UNKNOWN:
        return value
    if value.state is State.WRITTEN:
        return Value(State.WRITTEN, "", at, value.inputs)
    if value.origin == target:
        return _AT_ENTRY[target]
    return Value(State.MOVED, value.origin, at, value.inputs)


def _join(one: Registers | None, two: Registers) -> Registers:
    if one is None or one == two:
        return two
    return {name: _join_values(one[name], two[name]) for name in one}


def _join_values(one: Value, two: Value) -> Value:
    if one == two:
        return one
    if not (one.overwritten and two.overwritten):
        return _UNKNOWN
    same = one.origin == two.origin and one.state is two.state
    return Value(
        one.state if same else State.WRITTEN,
        one.origin if same else "",
        min(one.writer, two.writer),
        one.inputs | two.inputs,
    )
