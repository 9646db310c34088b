# SPDX-License-Identifier: GPL-2.0-or-later
"""The x86-64 assembly of a patch: its routines, their flow, and their other side."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.arch import is_x86_64
from patchlint.analysis.asm_code import Code, code_of, leaves
from patchlint.analysis.asm_effects import Effect, effect
from patchlint.analysis.asm_flow import Registers, flow
from patchlint.analysis.asm_graph import words
from patchlint.analysis.registers import canonical, is_jump, mnemonic, operands_of
from patchlint.analysis.routines import Routine, routines
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.model.change import FileChange, Hunk, Kind
from patchlint.syntax.node import Node

_RETURNS = ("ret", "retq", "RET")
_TEST = re.compile(r"(?:test|cmp|bt)[bwlq]?")


class Followed(Struct, frozen=True, eq=False):
    """A documented routine with the registers before each of its statements."""

    routine: Routine
    registers: tuple[Registers | None, ...]
    effects: tuple[Effect, ...]


def x86_64(program: Program) -> tuple[Source, ...]:
    """Return the assembly files that follow the 64-bit x86 conventions."""
    return tuple(
        source
        for source in program.written_in("asm")
        if is_x86_64(source.path)
        and (source.path.startswith("arch/x86/") or "arch/" not in source.path)
    )


def documented(source: Source) -> tuple[Routine, ...]:
    """Return the routines whose registers are documented, by 64-bit names."""
    return source.facts.of(_documented, source)


def _documented(source: Source) -> tuple[Routine, ...]:
    found = routines(source)
    return tuple(routine for routine in found if _is_64_bit(routine))


def followed(source: Source) -> tuple[Followed, ...]:
    """Return the documented routines of a file with their register flow."""
    return source.facts.of(_followed, source)


def _followed(source: Source) -> tuple[Followed, ...]:
    return tuple(_follow(code_of(source, routine)) for routine in documented(source))


def _follow(code: Code) -> Followed:
    registers = flow(code.routine.statements, code.graph, code.effects)
    return Followed(code.routine, registers, code.effects)


def counterpart(context: PatchContext, source: Source) -> Source | None:
    """Return the other side of a file of the post-image; None if it is new."""
    change = _change(context, source)
    for other in context.before.sources:
        if change and other.path == change.old_path:
            return other
    return None


def old_line(context: PatchContext, source: Source, number: int) -> int | None:
    """Return the line before the patch that is line ``number`` now; None if added."""
    change = _change(context, source)
    if number in source.changed or change is None:
        return None
    shown = [line.old for line in change.lines if line.new == number]
    if shown:
        return shown[0]
    return number + sum(_shift(h) for h in change.hunks if h.new_start < number)


def tested(statement: Node) -> tuple[str, ...]:
    """Return the registers a test or comparison looks at, by their 64-bit names."""
    if statement.kind != "instruction" or not _TEST.fullmatch(mnemonic(statement)):
        return ()
    registers = [canonical(o.text) for o in operands_of(statement)]
    return tuple(dict.fromkeys(register for register in registers if register))


def names_of(routine: Routine) -> frozenset[str]:
    """Return the symbols the code of a routine mentions."""
    return frozenset(words(routine.statements))


def transfers(routine: Routine, target: str) -> tuple[int, ...]:
    """Return the statements where control leaves ``routine`` for ``target``.

    Where its address is only taken, these are the indirect jumps, and the returns if
    the address is put on the stack.
    """
    naming = [
        at
        for at, node in enumerate(routine.statements)
        if node.kind in ("instruction", "macro_call") and target in set(words((node,)))
    ]
    direct = tuple(at for at in naming if leaves(routine.statements[at]))
    if direct or not naming:
        return direct
    pushed = _pushed(routine.statements, naming)
    return tuple(
        at
        for at, node in enumerate(routine.statements)
        if (at >= naming[0] and _jumps_indirectly(node))
        or (at > pushed and mnemonic(node) in _RETURNS)
    )


def _pushed(statements: tuple[Node, ...], naming: list[int]) -> int:
    """Return where an address, taken at ``naming``, gets on the stack first."""
    holding = frozenset[str]()
    for at, node in enumerate(statements):
        done = effect(node)
        named = at in naming
        if not named and not done.reads & holding:
            continue
        stored = [o for o in operands_of(node)[-1:] if o.kind == "memory"]
        on_stack = any("%rsp" in operand.text for operand in stored)
        if mnemonic(node).startswith("push") or on_stack or not done.known:
            return at
        holding |= done.writes | done.lost
    return len(statements)


def _is_64_bit(routine: Routine) -> bool:
    return any(document.wide for document in routine.documents)


def _change(context: PatchContext, source: Source) -> FileChange | None:
    changes: Iterator[FileChange] = iter(context.patch.changes)
    return next((c for c in changes if c.new_path == source.path), None)


def _shift(hunk: Hunk) -> int:
    signs = {Kind.ADDED: -1, Kind.REMOVED: 1, Kind.CONTEXT: 0}
    return sum(signs[line.kind] for line in hunk.lines)


def _jumps_indirectly(node: Node) -> bool:
    name = mnemonic(node)
    if name == "JMP_NOSPEC":
        return True
    return is_jump(name) and any(o.kind == "indirect" for o in operands_of(node))
