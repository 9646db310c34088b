# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: arguments of 32 bits or less that are read as 64."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from patchlint.analysis.asm_code import Code, code_of
from patchlint.analysis.asm_patch import names_of, transfers, x86_64
from patchlint.analysis.asm_width import Halves, Wide, halves, wide_reads
from patchlint.analysis.prototypes import (
    Parameter,
    Prototype,
    prototype_of,
    prototypes,
)
from patchlint.analysis.registers import (
    ARGUMENTS,
    alias,
    canonical,
    mnemonic,
    operands_of,
    width,
)
from patchlint.analysis.roots import root_of_argument
from patchlint.analysis.routines import RegisterDoc, Routine, normal, routines
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InFile
from patchlint.syntax.node import Node

_QUALIFIER = re.compile(r"\b(?:const|volatile|register|__maybe_unused|__unused)\b")
_BY_VALUE = re.compile(r"(?:struct|union)\s+\w+|float|double|.*\b(?:__)?[us]?int128\w*")
_COMPARING = ("test", "testq", "cmp", "cmpq")
_SPOKEN = re.compile(r"int|unsigned|s\d")
_ROUTINES = 16


class _Entry(Struct, frozen=True):
    """A routine with a prototype, and its parameters of 32 bits or less."""

    source: Source
    code: Code
    prototype: Prototype
    narrow: Mapping[str, Parameter]


class _Use(Struct, frozen=True):
    """A whole read of the register an entry's parameter is in.

    ``code`` is where it stands; ``path`` are the steps from the entry to there.
    """

    entry: _Entry
    register: str
    code: Code
    wide: Wide
    path: tuple[Step, ...]

    @property
    def node(self) -> Node:
        """The instruction."""
        return self.code.routine.statements[self.wide.at]

    @property
    def parameter(self) -> Parameter:
        """The parameter in C."""
        return self.entry.narrow[self.register]

    @property
    def name(self) -> tuple[str, str]:
        """Which argument it is."""
        return self.entry.code.routine.name, self.register

    @property
    def key(self) -> str:
        """What it is, wherever it stands."""
        words = (self.register, _type(self.parameter), self.code.routine.name)
        return ":".join((self.entry.code.routine.name, *words, _text(self.node)))


def param_width(
    context: PatchContext, options: Options
) -> Iterator[Match | NotChecked]:
    """A patch makes code read the undefined upper half of a narrow argument."""
    types = frozenset(options.words("narrow"))
    uses = tuple(_uses(context.after, types, _concerned(context.after)))
    names = frozenset(use.entry.code.routine.name for use in uses)
    known = {use.key for use in _uses(context.before, types, names)}
    done: set[tuple[str, str]] = set()
    for use in uses:
        if use.name not in done and _is_brought(context, use, known):
            done.add(use.name)
            alone = sum(other.name == use.name for other in uses) == 1
            yield _match(use, alone=alone)
    yield from _unknown(context.after)


def _unknown(program: Program) -> Iterator[NotChecked]:
    """New code looks at a whole argument register, of a type that is not at hand."""
    for source in x86_64(program):
        for routine in routines(source):
            if routine.local or routine.kind != "FUNC":
                continue
            if not _is_touched(source, routine):
                continue
            if prototype_of(program, routine.name, source.path) is not None:
                continue
            code = code_of(source, routine)
            if any(at in source.changed for at in _whole_reads(code)):
                yield NotChecked(f"the prototype of {routine.name}()")


def _whole_reads(code: Code) -> Iterator[int]:
    """Yield the lines that read all of an argument register other than as address."""
    statements = code.routine.statements
    arguments = {register: frozenset((register,)) for register in ARGUMENTS}
    before = halves((statements, code.graph, code.effects), arguments)
    for wide in wide_reads(statements, before):
        node = statements[wide.at]
        if not any(operand.kind == "memory" for operand in operands_of(node)):
            yield node.span.line


def _is_brought(context: PatchContext, use: _Use, known: set[str]) -> bool:
    """The read, the type or the value comes with the patch."""
    if use.node.span.line in use.entry.source.changed:
        return use.key not in known
    old = _before(context, use)
    if old is None:
        return False
    if use.key not in known:
        return True
    return _holds_another(context, use, old)


def _before(context: PatchContext, use: _Use) -> Prototype | None:
    name = use.entry.code.routine.name
    return prototype_of(context.before, name, use.entry.source.path)


def _holds_another(context: PatchContext, use: _Use, old: Prototype) -> bool:
    """The parameter is renamed, and its callers pass something else."""
    position = ARGUMENTS.index(use.register)
    if position >= len(old.parameters):
        return False
    if normal(old.parameters[position].name) == normal(use.parameter.name):
        return False
    name = use.entry.code.routine.name
    was = root_of_argument(context.before, name, position)
    now = root_of_argument(context.after, name, position)
    return was is not None and now is not None and was.atoms != now.atoms


def _concerned(program: Program) -> frozenset[str]:
    """Return the routines a patch may change, in assembly or in their prototype."""
    found = set(prototypes(program))
    for source in x86_64(program):
        every = {routine.name: routine for routine in routines(source)}
        touched = {name for name, r in every.items() if _is_touched(source, r)}
        for name, routine in every.items():
            if touched and (name in touched or names_of(routine) & touched):
                found.add(name)
    return frozenset(found)


def _is_touched(source: Source, routine: Routine) -> bool:
    lines = {node.span.line for node in routine.written}
    lines |= {document.span.line for document in routine.documents}
    return not lines.isdisjoint(source.changed)


def _uses(
    program: Program, types: frozenset[str], names: frozenset[str]
) -> Iterator[_Use]:
    for source in x86_64(program):
        for routine in routines(source):
            if routine.local or routine.name not in names:
                continue
            entry = _entry(program, source, routine, types)
            if entry is not None:
                yield from _from(entry)


def _entry(
    program: Program, source: Source, routine: Routine, types: frozenset[str]
) -> _Entry | None:
    prototype = prototype_of(program, routine.name, source.path)
    if prototype is None or any(
        _BY_VALUE.fullmatch(_type(p)) for p in prototype.parameters
    ):
        return None
    pairs = zip(ARGUMENTS, prototype.parameters, strict=False)
    narrow = {register: p for register, p in pairs if p.name and _type(p) in types}
    code = code_of(source, routine) if narrow else None
    return None if code is None else _Entry(source, code, prototype, narrow)


def _type(parameter: Parameter) -> str:
    return " ".join(_QUALIFIER.sub(" ", parameter.type).split())


def _from(entry: _Entry) -> Iterator[_Use]:
    """Follow the arguments through a routine, and the ones it goes on to."""
    every = {routine.name: routine for routine in routines(entry.source)}
    names = {register: frozenset((register,)) for register in entry.narrow}
    waiting: list[tuple[Code, Halves, tuple[Step, ...]]] = [(entry.code, names, ())]
    seen = {entry.code.routine.name}
    found: list[_Use] = []
    while waiting and len(seen) <= _ROUTINES:
        code, held, path = waiting.pop(0)
        statements = code.routine.statements
        before = halves((statements, code.graph, code.effects), held)
        found += [
            _Use(entry, register, code, wide, path)
            for wide in wide_reads(statements, before)
            for register in sorted(wide.origins)
        ]
        for name in sorted(names_of(code.routine) & every.keys() - seen):
            state, at = _handed(entry, code, before, every[name])
            if state:
                seen.add(name)
                step = _step(entry.source, statements[at], f"goes on to {name}")
                following = code_of(entry.source, every[name])
                waiting.append((following, state, (*path, step)))
    yield from found


def _handed(
    entry: _Entry, code: Code, before: tuple[Halves | None, ...], following: Routine
) -> tuple[Halves, int]:
    """Return what a routine finds of the arguments, and from where.

    Where its address is computed only comments tell that control goes there with the
    value: it must have the same name in both.
    """
    places = transfers(code.routine, following.name)
    state: dict[str, frozenset[str]] = {}
    for at in places:
        node = code.routine.statements[at]
        direct = following.name in {o.text for o in operands_of(node)}
        for register, origins in (before[at] or {}).items():
            if origins and (direct or _same_value(entry, register, origins, following)):
                state[register] = state.get(register, frozenset()) | origins
    return state, places[0] if places else 0


def _same_value(
    entry: _Entry, register: str, origins: frozenset[str], following: Routine
) -> bool:
    there = following.document(register)
    if there is None:
        return False
    return any(there.name in _names(entry, origin) for origin in origins)


def _names(entry: _Entry, register: str) -> tuple[str, ...]:
    own = entry.code.routine.document(register)
    name = normal(entry.narrow[register].name)
    return (name,) if own is None else (name, own.name)


def _match(use: _Use, *, alone: bool) -> Match:
    """``alone`` says that this is the only whole read of the argument."""
    parameter, routine = use.parameter, use.entry.code.routine
    new, advice = _rewritten(use, alone=alone)
    return Match(
        where=use.entry.source.at(use.node.span),
        message=(
            f"{parameter.name} is {_article(_type(parameter))}, so the upper half of"
            f" %{use.wide.register} is not defined here. {advice}"
        ),
        trace=tuple(_trace(use)),
        suggestion=new,
        key=f"{routine.name}:{parameter.name}:{use.key}",
    )


def _trace(use: _Use) -> Iterator[Step]:
    where, parameter = use.entry.prototype.where, use.parameter
    place = InFile(where.path, where.side, parameter.span)
    position = ARGUMENTS.index(use.register) + 1
    name = use.entry.code.routine.name
    text = f"{parameter.type} {parameter.name}"
    yield Step(place, text, f"argument {position} of {name}(), in %{use.register}")
    own = use.entry.code.routine.document(use.register)
    if own is not None:
        yield _documented(use.entry.source, own)
    yield from use.path
    there = use.code.routine.document(use.wide.register)
    if use.code is not use.entry.code and there is not None:
        yield _documented(use.entry.source, there)


def _rewritten(use: _Use, *, alone: bool) -> tuple[str, str]:
    """Return the instruction at 32 bits where that says the same, and the advice."""
    node, register = use.node, use.wide.register
    operands = operands_of(node)
    name = mnemonic(node)
    plain = alone and name in _COMPARING and width(operands[-1].text) == 64
    plain = plain and all(
        o.kind == "immediate" or canonical(o.text) == register for o in operands
    )
    low = f"%{alias(register, 32)}"
    if plain:
        words = [low if o.kind != "immediate" else o.text for o in operands]
        new = f"{name.removesuffix('q')}l {', '.join(words)}"
        return new, f"Read 32 bits: `{new}`."
    signed = _type(use.parameter) in _SIGNED
    new = f"movslq {low}, %{register}" if signed else f"movl {low}, {low}"
    return new, f"Extend it first: `{new}`."


_SIGNED = ("int", "signed int", "signed", "s32", "__s32", "int32_t")


def _article(kind: str) -> str:
    """As it is said: a u32, an s32, an unsigned int."""
    return f"an {kind}" if _SPOKEN.match(kind) else f"a {kind}"


def _step(source: Source, node: Node, note: str) -> Step:
    return Step(source.at(node.span), node.text, note)


def _documented(source: Source, document: RegisterDoc) -> Step:
    return Step(source.at(document.span), document.line(), "what the register holds")


def _text(node: Node) -> str:
    return " ".join(node.text.split())
