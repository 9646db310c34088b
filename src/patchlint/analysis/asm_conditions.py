# SPDX-License-Identifier: GPL-2.0-or-later
"""What holds where an assembly routine comes to an instruction.

One pass down the statements: a conditional jump forwards divides, a label brings
together. A jump backwards makes a loop, whose end is no condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from patchlint.analysis.asm_effects import effect
from patchlint.analysis.conditions import plain
from patchlint.analysis.formula import (
    Formula,
    Literal,
    all_of,
    any_of,
    atom,
    contrary,
    simplified,
    texts,
)
from patchlint.analysis.registers import is_jump, mnemonic, operands_of
from patchlint.syntax.node import Node

Held = Formula[Literal]
# What a conditional jump at one statement, after a test at another, asks to be taken.
Taken = Callable[[int, int], Held]

ALWAYS: Held = Formula("&&")
NEVER: Held = Formula("||")
_END = re.compile(
    r"RET|l?ret[ql]?|iret[ql]?|sysret[ql]?|ud2|ljmp[ql]?|jmpq?|JMP_NOSPEC"
)
_NUMERIC = re.compile(r"(\d+)f")
_LIMIT = 12
_LOCAL = re.compile(r"\.L[\w$.]+|\d+")


def reached(
    statements: Sequence[Node], taken: Taken, places: Sequence[int]
) -> Iterator[tuple[int, Held]]:
    """Yield what must hold for control to come to some statements.

    The rest is left out from where it depends on too much to be told.
    """
    walk = _Walk(statements, taken, _labels(statements))
    for at in range(max(places, default=-1) + 1):
        if at in places:
            yield at, simplified(walk.held)
        walk.step(at)
        if len(texts(walk.held)) > _LIMIT:
            return


class _Walk(Struct):
    """One pass; ``waiting`` is what jumps bring to labels further down.

    ``arms`` are the ``#if`` that are open: what held before, what they ask, and what
    held at the ends of their arms.
    """

    statements: Sequence[Node]
    taken: Taken
    labels: Mapping[str, Sequence[int]]
    held: Held = ALWAYS
    test: int = 0
    waiting: dict[int, Held] = field(default_factory=dict)
    arms: list[tuple[Held, Held, list[Held]]] = field(default_factory=list)

    def step(self, at: int) -> None:
        """Go past one statement."""
        node = self.statements[at]
        name = mnemonic(node)
        if node.kind == "label":
            self.held = _at_label(node, self.held, self.waiting.pop(at, None))
        elif node.kind == "preproc":
            self._arm(name, node.text)
        elif name == "SYM_INNER_LABEL":
            self.held = ALWAYS
        elif is_jump(name) or _END.fullmatch(name):
            self._jump(at, conditional=not _END.fullmatch(name))
        elif _judges(node):
            self.test = at

    def _jump(self, at: int, *, conditional: bool) -> None:
        node = self.statements[at]
        asked = self.taken(at, self.test) if conditional else ALWAYS
        target = _target(node, at, self.labels)
        if target is not None:
            jumping = all_of((self.held, asked))
            self.waiting[target] = any_of((self.waiting.get(target, NEVER), jumping))
        if not (conditional and target is None and _is_back(node, at, self.labels)):
            self.held = all_of((self.held, contrary(asked)))

    def _arm(self, name: str, text: str) -> None:
        if name in ("if", "ifdef", "ifndef"):
            asked = atom(Literal(_configured(text), name == "ifndef"))
            self.arms.append((self.held, asked, []))
            self.held = all_of((self.held, asked))
        elif not self.arms:
            return
        elif name in ("else", "elif"):
            before, asked, ends = self.arms[-1]
            ends.append(self.held)
            rest = all_of((before, contrary(asked)))
            self.held = rest
            if name == "else":
                self.arms[-1] = (NEVER, asked, ends)
        elif name == "endif":
            before, asked, ends = self.arms.pop()
            skipped = all_of((before, contrary(asked)))
            self.held = simplified(any_of((*ends, self.held, skipped)))


def _configured(text: str) -> str:
    """Return what an ``#if`` asks; ``#ifdef X`` and ``IS_ENABLED(X)`` are one."""
    asked = plain(re.sub(r"^\s*#\s*\w+", "", text))
    found = re.fullmatch(r"(?:IS_ENABLED\(|defined\(?)\s*(\w+)\)?", asked)
    return found[1] if found else asked


def _at_label(node: Node, held: Held, jumped: Held | None) -> Held:
    """A label with a name others can know is entered from anywhere."""
    name = node.child("name")
    if name is None or not _LOCAL.fullmatch(name.text):
        return ALWAYS
    if jumped is not None:
        return simplified(any_of((held, jumped)))
    return ALWAYS if held.never else held


def _judges(node: Node) -> bool:
    if node.kind not in ("instruction", "macro_call"):
        return False
    done = effect(node)
    return done.judges or not done.known


def _labels(statements: Sequence[Node]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for at, node in enumerate(statements):
        name = node.child("name")
        if node.kind == "label" and name is not None:
            found.setdefault(name.text, []).append(at)
    return found


def _target(node: Node, at: int, labels: Mapping[str, Sequence[int]]) -> int | None:
    """Return the label below that a jump leads to; None if it leads elsewhere."""
    word = "".join(operand.text for operand in operands_of(node)[:1])
    numeric = _NUMERIC.fullmatch(word)
    places = labels.get(numeric[1] if numeric else word, ())
    return next((place for place in places if place > at), None)


def _is_back(node: Node, at: int, labels: Mapping[str, Sequence[int]]) -> bool:
    word = "".join(operand.text for operand in operands_of(node)[:1])
    places = labels.get(word.removesuffix("b"), labels.get(word, ()))
    return any(place <= at for place in places)
