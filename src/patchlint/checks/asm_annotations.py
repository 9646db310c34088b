# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: symbols that begin and do not end, and branches without mitigation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.analysis.arch import is_x86_64
from patchlint.analysis.asm_symbols import Mark, marks
from patchlint.analysis.registers import canonical, mnemonic, operands_of
from patchlint.analysis.routines import tree
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.syntax.node import Node

_ASIDE = ("label", "comment", "preproc", "directive", "assignment")
_SYMBOL = re.compile(r"SYM_\w*(START|END)\w*")
_INDIRECT = re.compile(r"(call|jmp)[qlw]?")


def sym_pairing(program: Program, options: Options) -> Iterator[Match]:
    """What SYM_*_START begins, SYM_*_END of the same kind and name ends."""
    mixed = options.pattern("mixed")
    for source in program.written_in("asm"):
        if mixed.search(source.path):
            continue
        found = tuple(marks(tree(source).children))
        for macro in dict.fromkeys(mark.macro for mark in found):
            inside = tuple(mark for mark in found if mark.macro == macro)
            yield from _unpaired(source, inside)


def _unpaired(source: Source, found: Sequence[Mark]) -> Iterator[Match]:
    """Pair by name; of what is left, an end right after a start has a wrong name."""
    paired: set[int] = set()
    for at, start in enumerate(found):
        end = _end_of(at, found) if start.starts else None
        if end is None:
            continue
        paired |= {at, end}
        if found[end].kind != start.kind:
            yield _other_kind(source, start, found[end])
    if found and found[0].macro:
        return  # a macro may begin what another one ends
    left = [mark for at, mark in enumerate(found) if at not in paired]
    while left:
        mark = left.pop(0)
        if left and _adjacent(mark, left[0], found):
            yield _other_name(source, mark, left.pop(0))
        else:
            yield _alone(source, mark)


def _end_of(at: int, found: Sequence[Mark]) -> int | None:
    """Return the next end of the same name that is built together with the start."""
    start = found[at]
    for place in range(at + 1, len(found)):
        mark = found[place]
        if mark.name == start.name and mark.can_meet(start):
            return None if mark.starts else place
    return None


def _adjacent(start: Mark, end: Mark, found: Sequence[Mark]) -> bool:
    follows = found.index(end) == found.index(start) + 1
    return start.starts and not end.starts and follows


def _other_kind(source: Source, start: Mark, end: Mark) -> Match:
    right = f"SYM_{start.kind}_END({start.name})"
    return Match(
        where=source.at(end.node.span),
        message=(
            f"{mnemonic(start.node)} begins {start.name}, so {right} ends it, not"
            f" {mnemonic(end.node)}."
        ),
        trace=(_began(source, start),),
        suggestion=right,
        key=f"kind:{start.name}:{start.kind}:{end.kind}",
    )


def _other_name(source: Source, start: Mark, end: Mark) -> Match:
    right = f"{mnemonic(end.node)}({start.name})"
    return Match(
        where=source.at(end.node.span),
        message=f"What began as {start.name} ends as {end.name} here. Use one name.",
        trace=(_began(source, start),),
        suggestion=right,
        key=f"name:{start.name}:{end.name}",
    )


def _alone(source: Source, mark: Mark) -> Match:
    word = "END" if mark.starts else "START"
    wanted = f"SYM_{mark.kind}_{word}({mark.name})"
    where = "ends" if mark.starts else "begins"
    return Match(
        where=source.at(mark.node.span),
        message=f"Nothing {where} {mark.name}: add {wanted}.",
        key=f"alone:{word}:{mark.name}",
    )


def _began(source: Source, mark: Mark) -> Step:
    return Step(source.at(mark.node.span), mark.node.text, "begins here")


def plain_ret(program: Program, options: Options) -> Iterator[Match]:
    """A ``ret`` where the kernel's RET belongs."""
    words = options.pattern("instructions")
    for branch in _branches(program, options):
        if words.fullmatch(mnemonic(branch.node)):
            yield Match(
                where=branch.source.at(branch.node.span),
                message=(
                    f"`{_text(branch.node)}` gets none of the mitigations of RET. Use"
                    " RET, or say ANNOTATE_UNRET_SAFE and why."
                ),
                trace=branch.trace,
                suggestion="RET",
                key=branch.key,
            )


def indirect_branch(program: Program, options: Options) -> Iterator[Match]:
    """A ``call *`` or ``jmp *`` where CALL_NOSPEC or JMP_NOSPEC belongs.

    Only 64-bit code is checked for them when the kernel is built.
    """
    for branch in _branches(program, options):
        if not is_x86_64(branch.source.path):
            continue
        found = _INDIRECT.fullmatch(mnemonic(branch.node))
        operands = operands_of(branch.node)
        if found is None or [o.kind for o in operands] != ["indirect"]:
            continue
        macro = f"{found[1].upper()}_NOSPEC"
        register = operands[0].text.removeprefix("*").strip()
        plain = canonical(register) == register.removeprefix("%")
        yield Match(
            where=branch.source.at(branch.node.span),
            message=(
                f"`{_text(branch.node)}` is an indirect branch without a retpoline."
                f" Use {macro}, or say ANNOTATE_RETPOLINE_SAFE and why."
            ),
            trace=branch.trace,
            suggestion=f"{macro} {register.removeprefix('%')}" if plain else "",
            key=branch.key,
        )


class _Branch(Struct, frozen=True):
    """An instruction that no annotation precedes; ``trace`` says where it stands."""

    source: Source
    node: Node
    key: str
    trace: tuple[Step, ...]


def _branches(program: Program, options: Options) -> Iterator[_Branch]:
    """Yield the instructions of mitigated code that no annotation precedes.

    Of several that read alike, those that the patch touches come last: they are the
    ones that are left over when what was there before is taken away.
    """
    code, other = options.pattern("code"), options.pattern("not_code")
    annotation = options.pattern("annotations")
    for source in program.written_in("asm"):
        if code.match(source.path) and not other.search(source.path):
            found = list(_bare(source, annotation))
            yield from sorted(found, key=lambda b: b.node.span.line in source.changed)


def _bare(source: Source, annotation: re.Pattern[str]) -> Iterator[_Branch]:
    """Code in a SYM_DATA is data to objtool, and meant to be."""
    annotated = False
    routine: Node | None = None
    for node in tree(source).children:
        name = mnemonic(node)
        if found := _SYMBOL.fullmatch(name):
            routine = node if found[1] == "START" else None
        if node.kind in _ASIDE:
            continue
        in_data = routine is not None and "DATA" in mnemonic(routine)
        if node.kind == "instruction" and not annotated and not in_data:
            yield _branch(source, node, routine)
        annotated = annotation.fullmatch(name) is not None


def _branch(source: Source, node: Node, routine: Node | None) -> _Branch:
    if routine is None:
        return _Branch(source, node, _text(node), ())
    where = Step(source.at(routine.span), routine.text, "in this routine")
    return _Branch(source, node, f"{_text(routine)}:{_text(node)}", (where,))


def _text(node: Node) -> str:
    return " ".join(node.text.split())
