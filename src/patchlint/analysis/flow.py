# SPDX-License-Identifier: GPL-2.0-or-later
"""The control-flow graph of a C function: blocks of events, and what follows what."""

from __future__ import annotations

from dataclasses import dataclass

from patchlint.syntax.node import Node

# Calls after which control does not come back (include/linux/panic.h and others).
NORETURN = frozenset(
    (
        "panic", "nmi_panic", "BUG", "unreachable", "__builtin_unreachable", "do_exit",
        "do_group_exit", "make_task_dead", "machine_halt", "fortify_panic",
        "kthread_complete_and_exit",
    )
)  # fmt: skip

# The task that runs, which is per-CPU data and reads like a variable.
CURRENT = "current"


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """Something a path does.

    ``kind`` is "call" (``name`` is the callee), "asm", or "name" for CURRENT.
    """

    kind: str
    name: str
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Events that run one after the other, and the blocks that may follow."""

    events: tuple[Event, ...]
    successors: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """The blocks of a function; the first is the entry.

    ``unknown`` are nodes that hide control flow: ERROR nodes, computed gotos.
    """

    blocks: tuple[Block, ...]
    unknown: tuple[Node, ...]
