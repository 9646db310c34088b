# SPDX-License-Identifier: GPL-2.0-or-later
"""The routines of an x86-64 assembly file with their control flow and effects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from patchlint.analysis.asm_effects import Effect, effect
from patchlint.analysis.asm_graph import Graph, graph, words
from patchlint.analysis.registers import (
    CALLEE_SAVED,
    FLAGS,
    is_jump,
    mentioned,
    mnemonic,
    operands_of,
)
from patchlint.analysis.routines import Routine, routines, tree
from patchlint.lint.context import Source
from patchlint.syntax.node import Node

_LOCAL = re.compile(r"\.L[\w$.]+|\d+[bf]")
_CALLS = ("call", "callq")


class Code(Struct, frozen=True, eq=False):
    """A routine, what can follow each of its statements, and what each one does."""

    routine: Routine
    graph: Graph
    effects: tuple[Effect, ...]


def codes(source: Source) -> tuple[Code, ...]:
    """Return the routines of a file, in order."""
    return tuple(code_of(source, routine) for routine in routines(source))


def code_of(source: Source, routine: Routine) -> Code:
    """Return one routine of a file with its flow and effects."""
    return source.facts.of(_code, (source, routine))


def leaves(node: Node) -> bool:
    """Say whether a statement jumps or calls."""
    name = mnemonic(node)
    return is_jump(name) or name in _CALLS


def callee(node: Node) -> str:
    """Return what a statement calls, or ""."""
    if mnemonic(node) not in _CALLS:
        return ""
    return "".join(operand.text for operand in operands_of(node))


def _code(key: tuple[Source, Routine]) -> Code:
    source, routine = key
    all_words = source.facts.of(_all_words, source)
    lost = source.facts.of(_lost_by_calls, source)
    own = Counter(words(routine.written))
    outside = frozenset(word for word in all_words if all_words[word] > own[word])
    effects = tuple(
        Effect(lost=lost[name] | {FLAGS})
        if (name := callee(node)) in lost
        else effect(node)
        for node in routine.statements
    )
    return Code(routine, graph(routine.statements, outside), effects)


def _all_words(source: Source) -> Counter[str]:
    return Counter(words(tree(source).children))


def _lost_by_calls(source: Source) -> Mapping[str, frozenset[str]]:
    """What a call of a routine in this file may change, where its code shows it.

    Such routines need not keep to the ABI. Of one that calls or goes on to others,
    nothing better is known than the ABI says.
    """
    every = routines(source)
    called = {callee(node) for routine in every for node in routine.statements}
    found = {}
    for routine in every:
        if routine.name not in called:
            continue
        effects = [effect(node) for node in routine.statements]
        known = all(done.known for done in effects)
        if known and not any(_goes_on(node) for node in routine.statements):
            written = (done.writes | done.lost for done in effects)
            kept = _kept(routine)
            found[routine.name] = frozenset[str]().union(*written) - kept
    return found


def _kept(routine: Routine) -> frozenset[str]:
    """The callee-saved registers that a routine pushes and pops."""
    pushed, popped = (
        mentioned(o for n in routine.statements if _is(n, how) for o in operands_of(n))
        for how in ("push", "pop")
    )
    return pushed & popped & CALLEE_SAVED


def _is(node: Node, how: str) -> bool:
    return node.kind == "instruction" and mnemonic(node).rstrip("q") == how


def _goes_on(node: Node) -> bool:
    operands = operands_of(node)
    return leaves(node) and not any(_LOCAL.fullmatch(o.text) for o in operands)
