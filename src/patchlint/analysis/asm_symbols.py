# SPDX-License-Identifier: GPL-2.0-or-later
"""The SYM_* macros of an assembly file: what begins, what ends, and what fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patchlint.analysis.registers import mnemonic, operands_of
from patchlint.syntax.node import Node

_MARK = re.compile(r"SYM_(?:TYPED_)?(FUNC|CODE|DATA)_(START|END)\w*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A SYM_*_START or _END: ``kind`` is FUNC, CODE or DATA.

    ``macro`` is the name of the .macro it stands in, or "".
    """

    node: Node
    kind: str
    starts: bool
    name: str
    macro: str


def marks(nodes: Sequence[Node]) -> Iterator[Mark]:
    """Yield the marks in the order of the file; macros stand for themselves."""
    macro = ""
    for node in nodes:
        word = mnemonic(node)
        if word == ".macro":
            macro = next((o.text.split()[0] for o in operands_of(node) if o.text), "?")
        elif word == ".endm":
            macro = ""
        found = _MARK.fullmatch(word) if node.kind == "macro_call" else None
        named = operands_of(node)[:1]
        if found and named:
            starts = found[2] == "START"
            yield Mark(node, found[1], starts, named[0].text.strip(), macro)
