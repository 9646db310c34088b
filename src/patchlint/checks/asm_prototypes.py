# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: what a register comment calls the parameters of its prototype."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import permutations

from msgspec import Struct

from patchlint.analysis.asm_patch import counterpart, documented, names_of, x86_64
from patchlint.analysis.prototypes import Parameter, Prototype, prototype_of
from patchlint.analysis.registers import ARGUMENTS
from patchlint.analysis.routines import RegisterDoc, Routine, normal
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step

_PROSE = frozenset(("the", "a", "an", "of", "to", "for", "from", "with", "in"))
_NAME = re.compile(r"[A-Za-z]\w*_\w*\b|[A-Za-z]\w*\d\w*(?!\s*\w)")
_SPECIAL = re.compile(
    r"__raw_callee_save_\w+|__x86_\w*thunk\w*|__(?:get|put)_user_\w+"
    r"|rep_\w+_alternative"
)


class _Pair(Struct, frozen=True, eq=False):
    """A routine's register comment and the prototype that holds for it."""

    source: Source
    routine: Routine
    prototype: Prototype

    def argument(self, register: str) -> Parameter | None:
        """Return the parameter that arrives in a register."""
        if register not in ARGUMENTS[: len(self.prototype.parameters)]:
            return None
        return self.prototype.parameters[ARGUMENTS.index(register)]

    def register_of(self, name: str) -> str | None:
        """Return where the parameter of that (normal) name arrives."""
        parameters = zip(ARGUMENTS, self.prototype.parameters, strict=False)
        return next((r for r, p in parameters if normal(p.name) == name), None)


def register_doc_vs_prototype(
    context: PatchContext, _: Options
) -> Iterator[Match | NotChecked]:
    """Comment and prototype name the same parameter for the same register."""
    before = {pair.routine.name: pair for pair in _pairs(context.before)}
    after = {pair.routine.name: pair for pair in _pairs(context.after)}
    known = Counter(match.key for p in before.values() for match in _wrong(p))
    for pair in after.values():
        for match in _wrong(pair):
            known[match.key] -= 1
            if known[match.key] < 0:
                yield match
        if old := before.get(pair.routine.name):
            yield from _drifted(old, pair)
    for source in x86_64(context.after):
        if (was := counterpart(context, source)) is not None:
            yield from _left_in_next(was, source, frozenset(after))
    yield from _unknown(context)


def _pairs(program: Program) -> Iterator[_Pair]:
    for source in x86_64(program):
        for routine in documented(source):
            if _SPECIAL.fullmatch(routine.name):
                continue
            prototype = prototype_of(program, routine.name, source.path)
            if prototype is not None and prototype.parameters:
                yield _Pair(source, routine, prototype)


def _unknown(context: PatchContext) -> Iterator[NotChecked]:
    """A register comment changes, and the prototype is in no file at hand."""
    for source in x86_64(context.after):
        for routine in documented(source):
            lines = {document.span.line for document in routine.documents}
            special = routine.local or _SPECIAL.fullmatch(routine.name)
            if special or not lines & source.changed:
                continue
            known = prototype_of(context.after, routine.name, source.path)
            if known is None and counterpart(context, source) is not None:
                yield NotChecked(f"the prototype of {routine.name}()")


def _wrong(pair: _Pair) -> Iterator[Match]:
    """Parameters documented at another register, and registers without parameter."""
    swapped: set[str] = set()
    for document in pair.routine.documents:
        right = pair.register_of(document.name)
        if right is None or right == document.register or document.name in swapped:
            continue
        other = pair.routine.document(right)
        if other and pair.register_of(other.name) == document.register:
            swapped.add(other.name)
            yield _swap(pair, document, other)
        elif document.register in ARGUMENTS or _is_misplaced(pair, right):
            yield _elsewhere(pair, document, right)
    yield from _too_many(pair)


def _is_misplaced(pair: _Pair, right: str) -> bool:
    """No argument comes in this register; the rest of the comment must agree."""
    agreeing = any(
        pair.register_of(d.name) == d.register for d in pair.routine.documents
    )
    return agreeing and pair.routine.document(right) is None


def _swap(pair: _Pair, one: RegisterDoc, two: RegisterDoc) -> Match:
    first, second = _spelled(pair, one.name), _spelled(pair, two.name)
    earlier = min(one, two, key=lambda line: ARGUMENTS.index(line.register))
    return Match(
        where=pair.source.at(one.span),
        message=(
            f"{pair.routine.name}() takes {first} in %{two.register} and {second} in"
            f" %{one.register}; the comment has them the other way round. Swap the"
            " two lines."
        ),
        trace=(*_proof(pair), _line(pair, two, "the other line")),
        suggestion=two.line(register=one.register),
        key=_key(pair, "swapped", earlier.register, earlier.name),
    )


def _elsewhere(pair: _Pair, document: RegisterDoc, right: str) -> Match:
    name = _spelled(pair, document.name)
    return Match(
        where=pair.source.at(document.span),
        message=(
            f"{name} is argument {ARGUMENTS.index(right) + 1} of"
            f" {pair.routine.name}() and arrives in %{right}, not in"
            f" %{document.register}. Correct the register."
        ),
        trace=_proof(pair),
        suggestion=document.line(register=right),
        key=_key(pair, "elsewhere", document.register, document.name),
    )


def _too_many(pair: _Pair) -> Iterator[Match]:
    """Only for an unbroken run: others have a calling convention of their own."""
    count = len(pair.prototype.parameters)
    plural = "" if count == 1 else "s"
    documents = [pair.routine.document(register) for register in ARGUMENTS]
    run = documents[: documents.index(None)] if None in documents else documents
    for document in run[count : count + 1]:
        if document and pair.register_of(document.name) is None:
            yield Match(
                where=pair.source.at(document.span),
                message=(
                    f"{pair.routine.name}() takes {count} parameter{plural}, so"
                    f" nothing arrives in %{document.register}. Drop the line, or"
                    " correct the prototype."
                ),
                trace=_proof(pair),
                key=_key(pair, "many", document.register, document.name),
            )


def _drifted(old: _Pair, new: _Pair) -> Iterator[Match]:
    """Names that were equal before the patch, and of which it renames only one."""
    for document in new.routine.documents:
        was = old.routine.document(document.register)
        had, has = old.argument(document.register), new.argument(document.register)
        if was is None or had is None or has is None or not has.name:
            continue
        name = normal(has.name)
        if was.name != normal(had.name) or document.name == name:
            continue
        moved = old.register_of(name) not in (None, document.register)
        if moved or new.register_of(document.name):
            continue
        renamed_here = name == normal(had.name)
        known = old.register_of(document.name) is not None
        if not renamed_here or known or _is_rename(document, name):
            yield _left_behind(new, document, has, renamed_here=renamed_here)


def _is_rename(document: RegisterDoc, name: str) -> bool:
    """Tell a new name, spelled like one in C, from a new wording of the old one."""
    said = document.name.split()
    if set(said) & (set(name.split()) | _PROSE) or not 0 < len(said) <= 4:
        return False
    return _NAME.match(document.said) is not None


def _left_in_next(
    old: Source, new: Source, declared: frozenset[str]
) -> Iterator[Match]:
    """A value keeps its old name where control goes on with it, or came from.

    Of the first of two routines its prototype says more, where it is declared.
    """
    before = {r.name: r for r in documented(old)}
    known = documented(new)
    for first, second in permutations(known, 2):
        had, has = before.get(first.name), before.get(second.name)
        if not had or not has or second.name not in names_of(first):
            continue
        for there in second.documents:
            was, here = had.document(there.register), first.document(there.register)
            if not was or not here or not _is_left(was, here, there, has):
                continue
            if there.name == was.name or first.name not in declared:
                yield _other_comment(new, first, here, there, second)


def _is_left(
    was: RegisterDoc, here: RegisterDoc, there: RegisterDoc, has: Routine
) -> bool:
    """One name in both comments before, and now the old one in one of them."""
    own = has.document(there.register)
    if own is None or not own.name == was.name != "" or here.name == there.name:
        return False
    return was.name in (here.name, there.name) and _is_rename(
        there if here.name == was.name else here, was.name
    )


def _other_comment(
    source: Source,
    first: Routine,
    here: RegisterDoc,
    there: RegisterDoc,
    second: Routine,
) -> Match:
    return Match(
        where=source.at(there.span),
        message=(
            f"The comment of {first.name} calls this value {here.said}, the one here"
            f" {there.said}. Use one name in both."
        ),
        trace=(Step(source.at(here.span), here.text, f"goes on to {second.name}"),),
        suggestion=there.line(text=here.said),
        key=f"{first.name}:{second.name}:{there.register}:{there.name}",
    )


def _left_behind(
    pair: _Pair, document: RegisterDoc, parameter: Parameter, *, renamed_here: bool
) -> Match:
    said = document.said
    reason = "is renamed to" if renamed_here else "still says"
    message = (
        f"The prototype of {pair.routine.name}() calls this {parameter.name}, the"
        f" register comment {reason} {said}. Use one name in both."
    )
    return Match(
        where=pair.source.at(document.span),
        message=message,
        trace=_proof(pair, parameter),
        suggestion=document.line(text=parameter.name),
        key=_key(pair, "renamed", document.register, document.name),
    )


def _proof(pair: _Pair, parameter: Parameter | None = None) -> tuple[Step, ...]:
    names = ", ".join(p.name or p.type for p in pair.prototype.parameters)
    place = pair.prototype.where
    if parameter is not None:
        place = type(place)(place.path, place.side, parameter.span)
    text = f"{pair.routine.name}({names})"
    return (Step(place, text, "the prototype"),)


def _line(pair: _Pair, document: RegisterDoc, note: str) -> Step:
    return Step(pair.source.at(document.span), document.line(), note)


def _spelled(pair: _Pair, name: str) -> str:
    names = (parameter.name for parameter in pair.prototype.parameters)
    return next(spelling for spelling in names if normal(spelling) == name)


def _key(pair: _Pair, *words: str) -> str:
    return ":".join((pair.routine.name, *words))
