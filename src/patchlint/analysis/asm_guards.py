# SPDX-License-Identifier: GPL-2.0-or-later
"""Guarded operations in assembly: the jumps before them, and their registers.

``testq %r8, %r8; jz 1f; wbinvd; 1:`` runs wbinvd where %r8 is not zero. The register
is traced to C: by its documentation to a name, by the prototype to a parameter, by
the call site to an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.analysis.asm_conditions import Held, reached
from patchlint.analysis.asm_flow import Registers, State
from patchlint.analysis.asm_patch import documented, followed, x86_64
from patchlint.analysis.conditions import compared, plain, written
from patchlint.analysis.formula import Literal, atom, contrary
from patchlint.analysis.prototypes import prototype_of
from patchlint.analysis.registers import canonical, mnemonic, operands_of
from patchlint.analysis.root import Root
from patchlint.analysis.roots import root_of_argument, root_of_flag
from patchlint.analysis.routines import RegisterDoc, Routine, routines
from patchlint.lint.context import Program, Source
from patchlint.model.finding import Step
from patchlint.model.location import InFile
from patchlint.syntax.node import Node

_ASKS = {
    **dict.fromkeys(("z", "e"), "=="), **dict.fromkeys(("nz", "ne"), "!="),
    **dict.fromkeys(("b", "c", "nae", "l", "nge"), "<"),
    **dict.fromkeys(("be", "na", "le", "ng"), "<="),
    **dict.fromkeys(("a", "nbe", "g", "nle"), ">"),
    **dict.fromkeys(("ae", "nb", "nc", "ge", "nl"), ">="),
}  # fmt: skip
# Whether a jump is taken where the bits are off: after a test, and after bt.
_OFF = ({"==": True, "!=": False}, {">=": True, "<": False})
_SITES = 40
_KIND = re.compile(r"(test|cmp|bt|and|or)[bwlq]?")
_GLOBAL = re.compile(r"(?:%gs:)?(?:PER_CPU_VAR\()?([A-Za-z_]\w*)\)?(?:\(%rip\))?")


class AsmSite(Struct, frozen=True):
    """One execution of an operation; ``asked`` are the tests before it."""

    routine: str
    name: str
    where: InFile
    guard: Root
    asked: str


class _Body(Struct):
    """A routine, and what its registers hold if they are documented.

    ``told`` collects what was traced of the tests: step by step, by statement.
    """

    program: Program
    source: Source
    routine: Routine
    registers: Sequence[Registers | None]
    told: dict[int, Root] = field(default_factory=dict)


def sites(program: Program, names: frozenset[str]) -> Iterator[AsmSite]:
    """Yield the places where one of the operations runs, with their guards."""
    for source in x86_64(program):
        if not any(name in source.image.text for name in names):
            continue
        known = {entry.routine: entry.registers for entry in followed(source)}
        for routine in routines(source):
            registers = known.get(routine, ())
            body = _Body(program, source, routine, registers)
            yield from _sites(body, names)


def _sites(body: _Body, names: frozenset[str]) -> Iterator[AsmSite]:
    def taken(jump: int, test: int) -> Held:
        body.told[jump] = _condition(body, jump, test)
        return body.told[jump].formula

    statements = body.routine.statements
    places = [
        at
        for at, node in enumerate(statements)
        if node.kind == "instruction" and mnemonic(node) in names
    ]
    for at, held in reached(statements, taken, places[:_SITES]):
        yield _site(body, at, held)


def _site(body: _Body, at: int, held: Held) -> AsmSite:
    """Return a site, its guard led by the tests that made it."""
    node = body.routine.statements[at]
    name = mnemonic(node)
    texts = frozenset(literal.text for literal in held.literals())
    guards = [
        told
        for jump, told in body.told.items()
        if jump < at
        and not texts.isdisjoint(literal.text for literal in told.formula.literals())
    ]
    steps = tuple(dict.fromkeys(step for told in guards for step in told.steps))
    asked = "; ".join(step.text for step in steps if step.note == "guards")
    steps = tuple(
        replace(step, note=f"guards {name}") if step.note == "guards" else step
        for step in steps
    )
    root = Root(held, steps, all(told.seen for told in guards))
    where = body.source.at(node.span)
    return AsmSite(body.routine.name, name, where, root, asked)


def _condition(body: _Body, jump: int, test: int) -> Root:
    """Return what must hold for a conditional jump to be taken."""
    statements = body.routine.statements
    node, how = statements[test], mnemonic(statements[jump])
    text = f"{' '.join(node.text.split())}; {how}"
    step = Step(body.source.at(node.span), text, "guards")
    asks = _ASKS.get(how.removeprefix("j"), "")
    found = _compared(body, test, asks) if asks else None
    return (found or Root(atom(Literal(text)), seen=False)).led_by(step)


def _compared(body: _Body, test: int, asks: str) -> Root | None:
    """Return what a test and the condition of its jump say together."""
    node = body.routine.statements[test]
    operands, kind = operands_of(node), _KIND.fullmatch(mnemonic(node))
    if len(operands) != 2 or kind is None:
        return None
    first, second = operands
    if kind[1] == "cmp":
        return _ordered(body, test, asks)
    off = _OFF[kind[1] == "bt"].get(asks)
    if off is None:
        return None
    bit = ""
    if first.kind == "immediate" and kind[1] != "or":
        given = plain(first.text.removeprefix("$"))
        bit = f"BIT({given})" if kind[1] == "bt" else given
    elif first.text != second.text:
        return None
    return _turned(_value(body, second, test, bit), when=off)


def _ordered(body: _Body, test: int, asks: str) -> Root | None:
    first, second = operands_of(body.routine.statements[test])
    value = _value(body, second, test)
    if first.kind == "immediate":
        limit = plain(first.text.removeprefix("$"))
        if limit == "0" and asks in ("==", "!="):
            return _turned(value, when=asks == "==")
        other = Root(atom(Literal(limit)))
    else:
        known = _value(body, first, test)
        if known is None:
            return None
        other = known
    if value is None:
        return None
    literal = compared(_text(value), asks, _text(other), negated=False)
    steps = (*value.steps, *other.steps)
    return Root(atom(literal), steps, value.seen and other.seen)


def _text(root: Root) -> str:
    text = written(root.formula)
    return text if root.formula.joint == "" else f"({text})"


def _turned(root: Root | None, *, when: bool) -> Root | None:
    if root is None or not when:
        return root
    return replace(root, formula=contrary(root.formula))


def _value(body: _Body, operand: Node, at: int, bit: str = "") -> Root | None:
    """Trace a register, or a global in memory."""
    register = canonical(operand.text)
    if register is not None:
        return _register(body, register, at, bit)
    name = _GLOBAL.fullmatch(operand.text.strip())
    if name is None or operand.kind in ("register", "immediate"):
        return None
    root = root_of_flag(body.program, name[1])
    if bit:
        return Root(atom(Literal(f"{name[1]}&{bit}")), seen=False)
    return root


def _register(body: _Body, register: str, at: int, bit: str) -> Root:
    """Trace a register at a statement to what the callers of the routine pass."""
    mask = f"&{bit}" if bit else ""
    unknown = Root(atom(Literal(f"%{register}{mask}")))
    held = body.registers[at] if at < len(body.registers) else None
    if held is None or held[register].state not in (State.ENTRY, State.MOVED):
        return unknown
    document = body.routine.document(held[register].origin)
    if document is None:
        return unknown
    where = body.source.at(document.span)
    step = Step(where, document.text, f"what %{document.register} is")
    found = _argument(body, document, bit)
    if found is None:
        named = Root(atom(Literal(f"{document.name}{mask}")), seen=False)
        return named.led_by(step)
    return found.led_by(step)


def _argument(body: _Body, document: RegisterDoc, bit: str) -> Root | None:
    """Find the parameter of the documented name, in this routine or one before it."""
    entries = (body.routine, *documented(body.source))
    for routine in dict.fromkeys(entries):
        prototype = prototype_of(body.program, routine.name, body.source.path)
        if prototype is None:
            continue
        for position, parameter in enumerate(prototype.parameters):
            if _spoken(parameter.name) != document.name:
                continue
            root = root_of_argument(body.program, routine.name, position, bit)
            if root is not None:
                where = replace(prototype.where, span=parameter.span)
                text = f"{parameter.type} {parameter.name}"
                note = f"parameter {position + 1} of {routine.name}()"
                return root.led_by(Step(where, text, note))
    return None


def _spoken(name: str) -> str:
    """Return a C name as register comments have it: blanks for underscores."""
    return name.replace("_", " ").lower()
