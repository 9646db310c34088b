# SPDX-License-Identifier: GPL-2.0-or-later
"""The SYM_* macros of an assembly file: what begins, what ends, and what fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.analysis.registers import mnemonic, operands_of
from patchlint.syntax.node import Node

_MARK = re.compile(r"SYM_(?:TYPED_)?(FUNC|CODE|DATA)_(START|END)\w*")


class Mark(Struct, frozen=True):
    """A SYM_*_START or _END: ``kind`` is FUNC, CODE or DATA.

    ``macro`` is the name of the .macro it stands in, or "". ``arms`` are the #if it
    stands under, outermost first: (number of the #if, number of its arm).
    """

    node: Node
    kind: str
    starts: bool
    name: str
    macro: str
    arms: tuple[tuple[int, int], ...]

    def can_meet(self, other: Mark) -> bool:
        """Say whether both can be built: no two arms of one #if."""
        mine = dict(self.arms)
        return all(mine.get(number, arm) == arm for number, arm in other.arms)


def marks(nodes: Sequence[Node]) -> Iterator[Mark]:
    """Yield the marks in the order of the file; macros stand for themselves."""
    macro = ""
    arms: list[tuple[int, int]] = []
    for at, node in enumerate(nodes):
        word = mnemonic(node)
        if node.kind == "preproc":
            _follow(at, word, arms)
        if word == ".macro":
            macro = next((o.text.split()[0] for o in operands_of(node) if o.text), "?")
        elif word == ".endm":
            macro = ""
        found = _MARK.fullmatch(word) if node.kind == "macro_call" else None
        named = operands_of(node)[:1]
        if found and named:
            starts = found[2] == "START"
            yield Mark(
                node, found[1], starts, named[0].text.strip(), macro, tuple(arms)
            )


def _follow(at: int, word: str, arms: list[tuple[int, int]]) -> None:
    if word.startswith("if"):
        arms.append((at, 0))
    elif word == "endif" and arms:
        arms.pop()
    elif word.startswith("el") and arms:
        arms[-1] = (arms[-1][0], arms[-1][1] + 1)
