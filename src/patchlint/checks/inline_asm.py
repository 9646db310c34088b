# SPDX-License-Identifier: GPL-2.0-or-later
"""Inline assembly of x86: what the compiler has to be told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.c_file import FUNCTION, outline
from patchlint.analysis.registers import mnemonic
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.syntax import inline_asm
from patchlint.syntax.c import Item
from patchlint.syntax.inline_asm import InlineAsm
from patchlint.syntax.node import Node

_KINDS = (FUNCTION, "preproc_def", "preproc_function_def")
_MAY_CALL = re.compile(r"\bcall|CALL")
_CALL = re.compile(r"call[lq]?")
_NARROW = re.compile(r"%e[a-ds][xip]")


def inline_call_constraint(program: Program, options: Options) -> Iterator[Match]:
    """A ``call`` in inline assembly tells the compiler that it needs a stack frame."""
    code, other = options.pattern("code"), options.pattern("not_code")
    told = options.pattern("told")
    for source in program.written_in("c"):
        if not code.match(source.path) or other.search(source.path):
            continue
        for item in outline(source):
            if (
                item.kind in _KINDS
                and "asm" in item.text
                and _MAY_CALL.search(item.text)
            ):
                yield from _untold(source, item, told)


def _untold(source: Source, item: Item, told: re.Pattern[str]) -> Iterator[Match]:
    node = Node(item.kind, "", item.text, item.span)
    for asm in inline_asm.find(node):
        call = _call(asm, source.path)
        if call is None or _is_told(asm, told):
            continue
        name = item.name or "this macro"
        yield Match(
            where=source.at(call.span),
            message=(
                f"`{_text(call)}` in inline assembly: {name} may not have set up its"
                " stack frame here. Add ASM_CALL_CONSTRAINT to the outputs."
            ),
            trace=(Step(source.at(asm.span), _outputs(asm), "the outputs"),),
            key=f"{item.name}:{_text(call)}",
        )


def _call(asm: InlineAsm, path: str) -> Node | None:
    """Return the first call; code of 32 bits is not checked by objtool."""
    if asm.is_basic or not _MAY_CALL.search(asm.text):
        return None
    for node in inline_asm.instructions(asm, path):
        if _CALL.fullmatch(mnemonic(node)) and not _NARROW.search(node.text):
            return node
    return None


def _is_told(asm: InlineAsm, told: re.Pattern[str]) -> bool:
    """The stack pointer is an output, or a macro stands where it may be one."""
    if "..." in asm.unknown or asm.labels:
        return True
    return any(operand.macro or told.search(operand.text) for operand in asm.outputs)


def _outputs(asm: InlineAsm) -> str:
    texts = (" ".join(operand.text.split()) for operand in asm.outputs)
    return ", ".join(texts) or "none"


def _text(node: Node) -> str:
    return " ".join(node.text.split())
