# SPDX-License-Identifier: GPL-2.0-or-later
"""Guarded operations in assembly: the jumps before them, and their registers.

``testq %r8, %r8; jz 1f; wbinvd; 1:`` runs wbinvd where %r8 is not zero. The register
is traced to C: by its documentation to a name, by the prototype to a parameter, by
the call site to an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from patchlint.analysis.asm_flow import Registers, State
from patchlint.analysis.asm_patch import documented, followed, x86_64
from patchlint.analysis.conditions import negate, plain
from patchlint.analysis.prototypes import prototype_of
from patchlint.analysis.registers import canonical, mnemonic, operands_of
from patchlint.analysis.roots import Root, root_of_argument
from patchlint.analysis.routines import RegisterDoc, Routine, routines
from patchlint.lint.context import Program, Source
from patchlint.model.finding import Step
from patchlint.model.location import InFile
from patchlint.syntax.node import Node

_SKIPS_ZERO = frozenset(("jz", "je"))
_SKIPS_OTHER = frozenset(("jnz", "jne"))
_CONDITIONAL = re.compile(r"j(?!mp)\w+")
_TEST = re.compile(r"test[bwlq]?")


@dataclass(frozen=True, slots=True)
class _Guard:
    """A conditional jump before a site, and the statement that sets its flags."""

    jump: Node
    test: Node
    test_at: int


@dataclass(frozen=True, slots=True)
class _Body:
    """A routine, and what its registers hold if they are documented."""

    program: Program
    source: Source
    routine: Routine
    registers: Sequence[Registers | None]


def sites(
    program: Program, names: frozenset[str]
) -> Iterator[tuple[str, str, InFile, Root]]:
    """Yield (routine, mnemonic, place, guard) for each of the operations."""
    for source in x86_64(program):
        if not any(name in source.image.text for name in names):
            continue
        known = {entry.routine: entry.registers for entry in followed(source)}
        for routine in routines(source):
            body = _Body(program, source, routine, known.get(routine, ()))
            for at, node in enumerate(routine.statements):
                name = mnemonic(node)
                if node.kind == "instruction" and name in names:
                    guard = _root(body, name, _around(routine.statements, at))
                    yield routine.name, name, source.at(node.span), guard


def _around(statements: Sequence[Node], at: int) -> list[_Guard]:
    """Return the conditional jumps that are not taken before statement ``at``.

    Control falls through each of them, wherever it would go. A label may be reached
    from elsewhere, so nothing further back counts.
    """
    found: list[_Guard] = []
    for before in range(at - 1, 0, -1):
        node = statements[before]
        if node.kind == "label":
            break
        if _CONDITIONAL.fullmatch(mnemonic(node)):
            found.insert(0, _Guard(node, statements[before - 1], before - 1))
    return found


def _root(body: _Body, name: str, guards: list[_Guard]) -> Root:
    atoms: set[str] = set()
    steps: list[Step] = []
    seen = True
    for guard in guards:
        root = _condition(body, guard)
        text = f"{' '.join(guard.test.text.split())}; {guard.jump.text.split()[0]}"
        where = body.source.at(guard.test.span)
        steps += [Step(where, text, f"guards {name}"), *root.steps]
        atoms |= root.atoms
        seen = seen and root.seen
    return Root(frozenset(atoms), tuple(steps), seen)


def _condition(body: _Body, guard: _Guard) -> Root:
    """Return what must hold for control not to jump."""
    how = mnemonic(guard.jump)
    tested = _tested(guard.test)
    if how not in _SKIPS_ZERO | _SKIPS_OTHER or tested is None:
        text = f"{' '.join(guard.test.text.split())}; {how}"
        return Root(frozenset((f"!({text})",)))
    bits, register = tested
    root = _register(body, register, guard.test_at)
    if bits:
        root = Root(frozenset(f"{a}&{bits}" for a in root.atoms), root.steps, root.seen)
    if how in _SKIPS_OTHER:
        text = " && ".join(sorted(root.atoms))
        root = Root(frozenset((negate(text),)), root.steps, root.seen)
    return root


def _tested(test: Node) -> tuple[str, str] | None:
    """Return (bits, 64-bit register) of ``test %r, %r`` or ``test $bits, %r``."""
    operands = operands_of(test)
    if len(operands) != 2 or not _TEST.fullmatch(mnemonic(test)):
        return None
    register = canonical(operands[1].text)
    if register is None:
        return None
    if operands[0].text == operands[1].text:
        return "", register
    if operands[0].kind == "immediate":
        return plain(operands[0].text.removeprefix("$")), register
    return None


def _register(body: _Body, register: str, at: int) -> Root:
    """Trace a register at a statement to what the callers of the routine pass."""
    unknown = Root(frozenset((f"%{register}",)))
    held = body.registers[at] if at < len(body.registers) else None
    if held is None or held[register].state not in (State.ENTRY, State.MOVED):
        return unknown
    document = body.routine.document(held[register].origin)
    if document is None:
        return unknown
    where = body.source.at(document.span)
    step = Step(where, document.text, f"what %{document.register} is")
    found = _argument(body, document)
    if found is None:
        return Root(frozenset((document.name,)), (step,), seen=False)
    return Root(found.atoms, (step, *found.steps), found.seen)


def _argument(body: _Body, document: RegisterDoc) -> Root | None:
    """Find the parameter of the documented name, in this routine or one before it."""
    entries = (body.routine, *documented(body.source))
    for routine in dict.fromkeys(entries):
        prototype = prototype_of(body.program, routine.name, body.source.path)
        if prototype is None:
            continue
        for position, parameter in enumerate(prototype.parameters):
            root = root_of_argument(body.program, routine.name, position)
            if _spoken(parameter.name) == document.name and root is not None:
                where = replace(prototype.where, span=parameter.span)
                text = f"{parameter.type} {parameter.name}"
                step = Step(
                    where, text, f"parameter {position + 1} of {routine.name}()"
                )
                return Root(root.atoms, (step, *root.steps), root.seen)
    return None


def _spoken(name: str) -> str:
    """Return a C name as register comments have it: blanks for underscores."""
    return name.replace("_", " ").lower()
