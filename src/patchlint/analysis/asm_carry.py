# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a value may have got to by the time one routine goes on to another."""

from __future__ import annotations

from patchlint.analysis.asm_effects import effect
from patchlint.analysis.asm_patch import transfers
from patchlint.analysis.registers import FLAGS, GENERAL, mnemonic, operands_of
from patchlint.analysis.routines import Routine
from patchlint.syntax.node import Node


def carried(routine: Routine, register: str, target: str) -> frozenset[str]:
    """Return the registers that may hold, or come from, what ``register`` held.

    Counted at the transfers to ``target``; order and conditions are not looked at, so
    that a register left out certainly holds something else. All of them, where there
    is no transfer or an instruction is not known.
    """
    leaving = transfers(routine, target)
    if not leaving:
        return GENERAL
    path = routine.statements[: leaving[-1]]
    steps = [(node, effect(node)) for node in path]
    if not all(done.known for _, done in steps):
        return GENERAL
    holding = frozenset((register,))
    stored = judged = False
    while True:
        before = holding, stored, judged
        for node, done in steps:
            if done.reads & holding or _calls(node) or (judged and done.decides):
                holding |= (done.writes | done.lost) - {FLAGS}
                judged = judged or done.judges
                stored = stored or puts_away(node)
            if stored and fetches(node):
                holding |= done.writes | done.lost
        if before == (holding, stored, judged):
            return holding


def _calls(node: Node) -> bool:
    """A callee may move anything to the registers it may change."""
    return mnemonic(node) in ("call", "callq", "CALL_NOSPEC")


def puts_away(node: Node) -> bool:
    """Say whether a statement stores to memory or the stack."""
    name, operands = mnemonic(node), operands_of(node)
    return name.startswith("push") or bool(operands and operands[-1].kind == "memory")


def fetches(node: Node) -> bool:
    """Say whether a statement loads from memory or the stack."""
    name, operands = mnemonic(node), operands_of(node)
    return name.startswith("pop") or any(o.kind == "memory" for o in operands[:1])
