# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: a documented register is tested after it was overwritten."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.asm_carry import fetches, puts_away
from patchlint.analysis.asm_effects import Effect
from patchlint.analysis.asm_flow import Registers, State, Value
from patchlint.analysis.asm_patch import (
    Followed,
    counterpart,
    followed,
    old_line,
    tested,
    transfers,
    x86_64,
)
from patchlint.analysis.routines import RegisterDoc
from patchlint.lint.context import PatchContext, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.syntax.node import Node


class _Test(Struct, frozen=True, eq=False):
    """A test of a documented register, and what the register holds there."""

    source: Source
    code: Followed
    at: int
    document: RegisterDoc
    value: Value

    @property
    def node(self) -> Node:
        """The instruction."""
        return self.code.routine.statements[self.at]

    @property
    def key(self) -> str:
        """What the test is, wherever it stands."""
        register = self.document.register
        return f"{self.code.routine.name}:{register}:{_code(self.node)}"


def register_clobbered_before_use(context: PatchContext, _: Options) -> Iterator[Match]:
    """A documented value that a test looked at, or is to look at, is gone there."""
    for source in x86_64(context.after):
        old = counterpart(context, source)
        before = tuple(_tests(old)) if old else ()
        for test in _tests(source):
            if not _is_gone(test):
                continue
            lost = _was_read(context, test, before) and not _is_kept(test)
            if lost or (_is_new(test, old) and not _is_used(test)):
                yield _clobbered(test)
        if old is not None:
            yield from _handed_over(old, source)


def _tests(source: Source) -> Iterator[_Test]:
    for code in followed(source):
        for at, (node, state) in enumerate(
            zip(code.routine.statements, code.registers, strict=True)
        ):
            for register in tested(node) if state else ():
                document = code.routine.document(register)
                if document and state:
                    yield _Test(source, code, at, document, state[register])


def _is_gone(test: _Test) -> bool:
    """The documented value is not in the register, nor anything made from it."""
    value = test.value
    return value.overwritten and test.document.register not in value.inputs


def _was_read(context: PatchContext, test: _Test, before: tuple[_Test, ...]) -> bool:
    """Before the patch this test, or the one it takes away, saw the value."""
    line = old_line(context, test.source, test.node.span.line)
    for old in before:
        if old.key != test.key or old.value.state is not State.ENTRY:
            continue
        was = old.node.span.line
        if was == line or (line is None and was in old.source.changed):
            return True
    return False


def _is_new(test: _Test, old: Source | None) -> bool:
    """The test or the register line comes with the patch."""
    added = test.source.changed
    if test.node.span.line in added:
        return True
    return test.document.span.line in added and not _had_document(test, old)


def _had_document(test: _Test, old: Source | None) -> bool:
    """A line that is only reworded documents nothing new."""
    for code in followed(old) if old else ():
        if code.routine.name == test.code.routine.name:
            return code.routine.document(test.document.register) is not None
    return False


def _is_kept(test: _Test) -> bool:
    """The value is looked at in another register, or fetched back from memory."""
    register = test.document.register
    writer = test.code.routine.statements[test.value.writer]
    stored = False
    for node, done, state in _steps(test.code):
        for name in done.reads:
            value = state[name]
            if value.state is State.MOVED and value.origin == register:
                return True
            if name == register and value.state is State.ENTRY and puts_away(node):
                stored = True
    return stored and fetches(writer)


def _is_used(test: _Test) -> bool:
    """The value is read or moved somewhere, so the register may be used again."""
    register = test.document.register
    return any(
        register in done.reads and state[register].state is State.ENTRY
        for _, done, state in _steps(test.code)
    )


def _steps(code: Followed) -> Iterator[tuple[Node, Effect, Registers]]:
    """Walk the statements control reaches, with what they do and find."""
    return (
        (node, done, state)
        for node, done, state in zip(
            code.routine.statements, code.effects, code.registers, strict=True
        )
        if state is not None
    )


def _handed_over(old: Source, new: Source) -> Iterator[Match]:
    """A value that the next routine tests is overwritten on the way to it."""
    before = {code.routine.name: code for code in followed(old)}
    for code in followed(new):
        was = before.get(code.routine.name)
        for test in _tests(new) if was else ():
            if was and test.code is not code and test.value.state is State.ENTRY:
                yield from _lost_on_the_way(was, code, test)


def _lost_on_the_way(was: Followed, code: Followed, test: _Test) -> Iterator[Match]:
    register, target = test.document.register, test.code.routine.name
    given = code.routine.document(register)
    if given is None or given.name != test.document.name:
        return
    olds, news = _leaving(was, target, register), _leaving(code, target, register)
    if not olds or not news or any(v.state is not State.ENTRY for v in olds):
        return
    if all(v.overwritten and register not in v.inputs for v in news):
        write = _Test(test.source, code, news[0].writer, given, news[0])
        if not _is_kept(write):
            yield _overwritten_for(write, test)


def _leaving(code: Followed, target: str, register: str) -> list[Value]:
    """Return what a register holds wherever control goes on to ``target``."""
    states = [code.registers[at] for at in transfers(code.routine, target)]
    return [state[register] for state in states if state is not None]


def _clobbered(test: _Test) -> Match:
    writer = test.code.routine.statements[test.value.writer]
    return Match(
        where=test.source.at(test.node.span),
        message=(
            f"%{test.document.register} no longer holds {_name(test)} here:"
            f" `{_code(writer)}` overwrites it first. Use another register there, or"
            " save the value before."
        ),
        trace=(
            _step(test.source, test.document, "what the register is said to hold"),
            Step(test.source.at(writer.span), writer.text, "overwrites it"),
        ),
        key=f"{test.key}:{test.document.name}",
    )


def _overwritten_for(write: _Test, test: _Test) -> Match:
    """The write and the test stand in two routines; the write is what to change."""
    target = test.code.routine.name
    return Match(
        where=write.source.at(write.node.span),
        message=(
            f"This overwrites {_name(test)} in %{test.document.register}, and {target}"
            " still tests it there. Use another register."
        ),
        trace=(
            _step(test.source, write.document, "what the register is said to hold"),
            _step(test.source, test.document, f"and still is, in {target}"),
            Step(test.source.at(test.node.span), test.node.text, "tests it"),
        ),
        key=f"{write.code.routine.name}:{test.key}:{test.document.name}",
    )


def _name(test: _Test) -> str:
    return test.document.text.split(",")[0].strip()


def _code(node: Node) -> str:
    return " ".join(node.text.split())


def _step(source: Source, document: RegisterDoc, note: str) -> Step:
    return Step(source.at(document.span), document.line(), note)
