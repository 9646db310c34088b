# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: register comments against prototypes and each other, and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from patchlint.analysis.asm_carry import carried
from patchlint.analysis.asm_patch import documented, names_of, transfers, x86_64
from patchlint.analysis.prototypes import prototype_of
from patchlint.analysis.registers import ARGUMENTS
from patchlint.analysis.routines import RegisterDoc, Routine, normal, tree
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.syntax.node import Node

_LABEL = re.compile(r"\.L[\w$.]+")
_USE = re.compile(r"(?<![\w.$\\])\.L[\w$.]+(?![\w$.\\])")


def register_doc_between_labels(program: Program, _: Options) -> Iterator[Match]:
    """A value documented in two registers must be moved from the one to the other."""
    for source in x86_64(program):
        known = source.facts.of(documented, source)
        for first, second in permutations(known, 2):
            if second.name in names_of(first):
                yield from _unmoved(program, source, first, second)


def label_use_after_rename(context: PatchContext, _: Options) -> Iterator[Match]:
    """A local label that the patch takes away is still jumped to."""
    gone = _labels(context.before) - _labels(context.after)
    if not gone:
        return
    new = _labels(context.after) - _labels(context.before)
    for source in context.after.written_in("asm"):
        uses = [
            use for use in _uses(source, gone) if _was_defined(context, source, use)
        ]
        for label in dict.fromkeys(use.text for use in uses):
            yield _dangling(source, [u for u in uses if u.text == label], new)


def _unmoved(
    program: Program, source: Source, first: Routine, second: Routine
) -> Iterator[Match]:
    for here in first.documents:
        if _wrong_by_prototype(program, source, first, here):
            continue
        for there in second.documents:
            if here.name != there.name or here.register == there.register:
                continue
            if _again(first, there) or _again(second, here):
                continue
            if there.register not in carried(first, here.register, second.name):
                yield _handed_over_wrong(source, first, here, second, there)


def _again(routine: Routine, document: RegisterDoc) -> bool:
    """Say whether a routine documents the same value in the same register."""
    own = routine.document(document.register)
    return own is not None and own.name == document.name


def _wrong_by_prototype(
    program: Program, source: Source, routine: Routine, document: RegisterDoc
) -> bool:
    """The comment contradicts the prototype, which is another rule's word."""
    prototype = prototype_of(program, routine.name, source.path)
    if prototype is None:
        return False
    names = [normal(parameter.name) for parameter in prototype.parameters]
    order = dict(zip(names, ARGUMENTS, strict=False))
    return order.get(document.name, document.register) != document.register


def _handed_over_wrong(
    source: Source,
    first: Routine,
    here: RegisterDoc,
    second: Routine,
    there: RegisterDoc,
) -> Match:
    leaving = first.statements[transfers(first, second.name)[-1]]
    return Match(
        where=source.at(there.span),
        message=(
            f"{first.name} has {there.name} in %{here.register} and nothing in it"
            f" brings it to %{there.register}. Correct the register here, or add the"
            " move."
        ),
        trace=(
            _step(source, here, f"{first.name} gets it in %{here.register}"),
            Step(source.at(leaving.span), leaving.text, f"goes on to {second.name}"),
        ),
        suggestion=f"%{here.register} {there.text}",
        key=f"{first.name}:{here.register}:{second.name}:{there.register}:{there.name}",
    )


def _step(source: Source, document: RegisterDoc, note: str) -> Step:
    text = f"%{document.register} {document.text}"
    return Step(source.at(document.span), text, note)


def _labels(program: Program) -> frozenset[str]:
    return frozenset(
        node.text
        for source in program.written_in("asm")
        for node in _definitions(source)
    )


def _definitions(source: Source) -> Iterator[Node]:
    for node in tree(source).children:
        name = node.child("name")
        if node.kind == "label" and name and _LABEL.fullmatch(name.text):
            yield name


def _was_defined(context: PatchContext, source: Source, use: Node) -> bool:
    """The label was this file's (or one's it comes from), not another's."""
    paths = {c.old_path for c in context.patch.changes if c.new_path == source.path}
    return any(
        name.text == use.text
        for before in context.before.written_in("asm")
        if before.path in paths
        for name in _definitions(before)
    )


def _uses(source: Source, labels: frozenset[str]) -> Iterator[Node]:
    """The operands, as wide as the label, where one of ``labels`` is named."""
    for node in tree(source).children:
        if node.kind in ("instruction", "macro_call", "directive", "assignment"):
            for found in _USE.finditer(node.text):
                if found.group() in labels and "\n" not in node.text:
                    yield _part(node, found)


def _part(node: Node, found: re.Match[str]) -> Node:
    start = node.span.column + found.start()
    line = node.span.line
    span = type(node.span)(line, start, line, start + len(found.group()))
    return Node("symbol", "", found.group(), span)


def _dangling(source: Source, uses: list[Node], new: frozenset[str]) -> Match:
    label = uses[0].text
    return Match(
        where=source.at(uses[0].span),
        message=f"{label} is gone with this patch but still used here. Rename the use,"
        " or keep the label.",
        trace=tuple(
            Step(source.at(use.span), use.text, "also used here") for use in uses[1:]
        ),
        suggestion=next(iter(new)) if len(new) == 1 else "",
        key=label,
    )
