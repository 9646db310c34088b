# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: functions that leave the stack or a register of their caller changed."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.analysis.asm_patch import x86_64
from patchlint.analysis.asm_stack import Leaving, Unbalanced, Unsaved, leaving
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.syntax.node import Node


def stack_balance(program: Program, _: Options) -> Iterator[Match | NotChecked]:
    """What a function pushes it pops, on every path to a return."""
    for source, left in _functions(program):
        if not left.followed and _is_touched(source, left):
            yield NotChecked(f"fewer paths in {left.code.routine.name}")
        for found in left.unbalanced[:1]:
            yield _unbalanced(source, left, found)


def callee_saved(program: Program, options: Options) -> Iterator[Match | NotChecked]:
    """A function called from C keeps the registers that the caller owns."""
    special = options.pattern("own_convention")
    for source, left in _functions(program):
        routine = left.code.routine
        if routine.local or special.fullmatch(routine.name):
            continue
        if not left.followed and _is_touched(source, left):
            yield NotChecked(f"fewer paths in {routine.name}")
        for found in left.unsaved:
            yield _unsaved(source, left, found)


def _functions(program: Program) -> Iterator[tuple[Source, Leaving]]:
    for source in x86_64(program):
        if source.image.whole:
            for left in leaving(source):
                yield source, left


def _is_touched(source: Source, left: Leaving) -> bool:
    return any(n.span.line in source.changed for n in left.code.routine.written)


def _unbalanced(source: Source, left: Leaving, found: Unbalanced) -> Match:
    statements = left.code.routine.statements
    moves = [statements[at] for at in found.moves]
    back = statements[found.at]
    name = left.code.routine.name
    if found.bytes > 0:
        said = f"{found.bytes} bytes that {name} put on the stack are still there"
        advice = "Take them off"
    else:
        said = f"{name} takes {-found.bytes} bytes more off the stack than it put there"
        advice = "Put there what is taken off"
    return Match(
        where=source.at(back.span),
        message=f"{said} when it returns here. {advice} on every path to a return.",
        trace=tuple(_step(source, node, "moves the stack") for node in moves),
        key=f"{name}:{found.bytes}",
    )


def _unsaved(source: Source, left: Leaving, found: Unsaved) -> Match:
    statements = left.code.routine.statements
    writer, back = statements[found.writer], statements[found.at]
    name = left.code.routine.name
    return Match(
        where=source.at(writer.span),
        message=(
            f"%{found.register} belongs to the caller of {name}, and does not hold what"
            " it did when this function returns. Save and restore it, or use %r10 or"
            " %r11."
        ),
        trace=(
            _step(source, writer, "writes it"),
            _step(source, back, "returns without it"),
        ),
        key=f"{name}:{found.register}",
    )


def _step(source: Source, node: Node, note: str) -> Step:
    return Step(source.at(node.span), " ".join(node.text.split()), note)
