# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly: register comments against prototypes and each other, and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from patchlint.analysis.asm_carry import carried
from patchlint.analysis.asm_patch import (
    counterpart,
    documented,
    names_of,
    transfers,
    x86_64,
)
from patchlint.analysis.prototypes import prototype_of
from patchlint.analysis.registers import ARGUMENTS, mnemonic, operands_of
from patchlint.analysis.routines import RegisterDoc, Routine, normal, tree
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import Span
from patchlint.syntax.node import Node

_IN_MACRO = re.compile(r"(\.L[\w$.]+)\s*:")
_OPEN = re.compile(r"^[ \t]*#[ \t]*include\b.*\.S\"|\.include\b", re.MULTILINE)
_USE = re.compile(r"(?<![\w.$\\])\.L[\w$.]+(?![\w$.\\])")
_PASTED = re.compile(r"(\.L[\w$.]*)(?:\s*##|\\)")
_MACRO = re.compile(r"\.macro\s+([\w$.]+)")
_NAMING = re.compile(r"SYM_INNER_LABEL\w*|SYM_\w*START\w*|SYM_ENTRY|\.set|\.equi?v?")
_NAMES_NONE = re.compile(r"SYM_\w+|_ASM_\w+|ALTERNATIVE\w*|ANNOTATE_\w+|\w+_NOSPEC")


def register_doc_between_labels(program: Program, _: Options) -> Iterator[Match]:
    """A value documented in two registers must be moved from the one to the other."""
    for source in x86_64(program):
        known = documented(source)
        for first, second in permutations(known, 2):
            if second.name in names_of(first):
                yield from _unmoved(program, source, first, second)


def label_use_after_rename(context: PatchContext, _: Options) -> Iterator[Match]:
    """A local label is used that the patch takes away, or that it forgot to make."""
    before, after = _labels(context.before), _labels(context.after)
    gone, new = before - after, after - before
    words = _arguments_of_new_calls(context)
    for source in context.after.written_in("asm"):
        old = counterpart(context, source)
        lost = gone & _labels_of(old) if old else frozenset[str]()
        for label, uses in _uses(source).items():
            if _may_be_made(label, source, words):
                continue
            if label in lost:
                yield _dangling(source, label, uses, new)
            elif label not in after and _is_new_to(old, source, label):
                yield _undefined(source, label, uses)


def _is_new_to(old: Source | None, source: Source, label: str) -> bool:
    """Whole files show that a label is nowhere; macros and includes may make one."""
    if old is None or not old.image.whole or not source.image.whole:
        return False
    if label in _uses(old) or _OPEN.search(source.image.text):
        return False
    return not _pasted(source)


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
    if routine.local:
        return False
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
            f"{first.name} has {there.said} in %{here.register} and nothing in it"
            f" brings it to %{there.register}. Correct the register here, or add the"
            " move."
        ),
        trace=(
            _step(source, here, f"{first.name} gets it in %{here.register}"),
            Step(source.at(leaving.span), leaving.text, f"goes on to {second.name}"),
        ),
        suggestion=there.line(register=here.register),
        key=f"{first.name}:{here.register}:{second.name}:{there.register}:{there.name}",
    )


def _step(source: Source, document: RegisterDoc, note: str) -> Step:
    return Step(source.at(document.span), document.line(), note)


def _labels(program: Program) -> frozenset[str]:
    every = (_labels_of(source) for source in program.written_in("asm"))
    return frozenset[str]().union(*every)


def _labels_of(source: Source) -> frozenset[str]:
    """The local labels of a file, those in the text of its macros included."""
    labels = {name.text for name in _definitions(source)}
    for node in tree(source).children:
        if node.kind in ("preproc", "macro_call"):
            labels.update(_IN_MACRO.findall(node.text))
    return frozenset(labels)


def _definitions(source: Source) -> Iterator[Node]:
    for node in tree(source).children:
        name = node.child("name")
        if node.kind in ("macro_call", "directive") and _NAMING.fullmatch(
            mnemonic(node)
        ):
            name = node.child("operand")
        elif node.kind not in ("label", "assignment"):
            continue
        if name and name.text.startswith(".L"):
            yield name


def _pasted(source: Source) -> frozenset[str]:
    """How the labels begin that macros of a file put together."""
    found = {
        name.text.split("\\")[0] for name in _definitions(source) if "\\" in name.text
    }
    for node in tree(source).children:
        if node.kind == "preproc":
            found.update(_PASTED.findall(node.text))
    return frozenset(found)


def _may_be_made(label: str, source: Source, words: frozenset[str]) -> bool:
    """A macro may name a label by an argument, or put it together with one."""
    if label in words or label.removeprefix(".L") in words:
        return True
    ends = [label[len(p) :] for p in _pasted(source) if label.startswith(p)]
    return any(word in end for word in words for end in ends)


def _arguments_of_new_calls(context: PatchContext) -> frozenset[str]:
    """What the patch gives to macros that may, as far as is known, make labels."""
    calls = _calls(context.after) - _calls(context.before)
    return frozenset(word for _, words in calls for word in words if word)


def _calls(program: Program) -> frozenset[tuple[str, tuple[str, ...]]]:
    sources = program.written_in("asm")
    every = [node for source in sources for node in tree(source).children]
    own = {name for node in every for name in _MACRO.findall(node.text)}
    return frozenset(
        (name, tuple(operand.text for operand in operands_of(node)))
        for node in every
        if (name := mnemonic(node)) in own
        or (node.kind == "macro_call" and not _NAMES_NONE.fullmatch(name))
    )


def _uses(source: Source) -> dict[str, list[Span]]:
    """Where each local label is named in code, as wide as the label."""
    found: dict[str, list[Span]] = {}
    for node in tree(source).children:
        if node.kind not in ("instruction", "macro_call", "directive", "assignment"):
            continue
        for use in _USE.finditer(node.text):
            if "\n" not in node.text:
                line, column = node.span.line, node.span.column
                place = Span(line, column + use.start(), line, column + use.end())
                found.setdefault(use.group(), []).append(place)
    return found


def _dangling(
    source: Source, label: str, uses: list[Span], new: frozenset[str]
) -> Match:
    return Match(
        where=source.at(uses[0]),
        message=f"{label} is gone with this patch but still used here. Rename the use,"
        " or keep the label.",
        trace=_also(source, label, uses),
        suggestion=next(iter(new)) if len(new) == 1 else "",
        key=label,
    )


def _undefined(source: Source, label: str, uses: list[Span]) -> Match:
    return Match(
        where=source.at(uses[0]),
        message=f"{label} is used here, but nothing in this file is called so. Rename"
        " the label too.",
        trace=_also(source, label, uses),
        key=label,
    )


def _also(source: Source, label: str, uses: list[Span]) -> tuple[Step, ...]:
    return tuple(Step(source.at(use), label, "also used here") for use in uses[1:])
