# SPDX-License-Identifier: GPL-2.0-or-later
"""The control-flow graph of a C function: blocks of events, and what follows what."""

from __future__ import annotations

from msgspec import Struct

from patchlint.syntax.node import Node

# Calls after which control does not come back (include/linux/panic.h and others).
NORETURN = frozenset(
    (
        "panic", "nmi_panic", "BUG", "unreachable", "__builtin_unreachable", "do_exit",
        "do_group_exit", "make_task_dead", "machine_halt", "fortify_panic",
        "kthread_complete_and_exit",
    )
)  # fmt: skip

# Macros that jump to the label in their last argument (include/linux/uaccess.h).
JUMPS = frozenset(
    (
        "unsafe_get_user", "unsafe_put_user", "unsafe_copy_from_user",
        "unsafe_copy_to_user", "unsafe_copy_loop", "unsafe_copy_siginfo_to_user32",
        "unsafe_save_altstack", "unsafe_put_sigmask", "unsafe_put_compat_sigset",
        "__get_kernel_nofault", "__put_kernel_nofault", "arch_get_kernel_nofault",
    )
)  # fmt: skip

# Macros that give back the truth of their first argument.
TRANSPARENT = frozenset(("likely", "unlikely"))

# The task that runs, which is per-CPU data and reads like a variable.
CURRENT = "current"


class Event(Struct, frozen=True, eq=False):
    """Something a path does.

    ==========  ==================================================================
    ``kind``    ``name``; when it happens
    ==========  ==================================================================
    call        the callee; the call
    held        the callee; control goes where the call, a condition, is true
    asm         "asm"
    guard       the class of a guard() or scoped_guard(); its constructor
    leave       the same, with the same ``node``; control leaves its scope
    name        a watched name (CURRENT always is); it is read
    set         a watched name; it gets a value, or its address is taken
    store       the target, without spaces; something else gets a value
    entry       the function; before everything else
    ==========  ==================================================================
    """

    kind: str
    name: str
    node: Node


class Block(Struct, frozen=True, eq=False):
    """Events that run one after the other, and the blocks that may follow."""

    events: tuple[Event, ...]
    successors: tuple[int, ...]


class Graph(Struct, frozen=True, eq=False):
    """The blocks of a function; the first is the entry.

    ``unknown`` are nodes that hide control flow: ERROR nodes, computed gotos.
    """

    blocks: tuple[Block, ...]
    unknown: tuple[Node, ...]
