# SPDX-License-Identifier: GPL-2.0-or-later
"""The control flow of an assembly routine: which statement can follow which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patchlint.analysis.registers import is_jump, mnemonic, operands_of
from patchlint.syntax.node import Node

_WORDS = re.compile(r"(?<![\w.])(?:\d+[bf]\b|[A-Za-z_.][\w.$]*)")
_DIFFERENCE = re.compile(r"-\s*(?:\d+[bf]\b|[A-Za-z_.][\w.$]*)")
_NUMERIC = re.compile(r"(\d+)([bf])")
_END = re.compile(
    r"RET|l?ret[ql]?|iret[ql]?|sysret[ql]?|ud2|ljmp[ql]?|jmpq?|JMP_NOSPEC"
)
_IF = re.compile(r"if\w*|\.if\w*")
_ELSE = re.compile(r"el\w+|\.else\w*")
_LAST = ("else", ".else")
_ENDIF = re.compile(r"\.?endif")


class Graph(Struct, frozen=True, eq=False):
    """``following[n]`` are the statements that can come after statement n.

    ``open`` are the statements control can also reach from elsewhere.
    """

    following: tuple[tuple[int, ...], ...]
    open: frozenset[int]


def graph(statements: Sequence[Node], outside: frozenset[str]) -> Graph:
    """Link the statements of a routine; ``outside`` are words of the rest of the file.

    Both arms of a conditional assembly can run, so each is a branch.
    """
    labels = _labels(statements)
    arms = _arms(statements)
    following = tuple(
        tuple(_after(at, statements, labels, arms)) for at in range(len(statements))
    )
    return Graph(following, frozenset(_open(statements, labels, outside)))


def words(statements: Sequence[Node]) -> Iterator[str]:
    """Yield the names that statements mention, as often as they do.

    What is only subtracted, as in ``$target - 0b``, gives a distance, not a place.
    """
    for node in statements:
        if node.kind not in ("comment", "preproc", "label"):
            yield from _WORDS.findall(_DIFFERENCE.sub("", node.text))


Labels = Mapping[str, Sequence[int]]
Arms = Mapping[int, Sequence[int]]


def _labels(statements: Sequence[Node]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, node in enumerate(statements):
        name = node.child("operand" if _is_inner(node) else "name")
        if (node.kind == "label" or _is_inner(node)) and name:
            found.setdefault(name.text, []).append(at)
    return found


def _is_inner(node: Node) -> bool:
    return node.kind == "macro_call" and mnemonic(node).startswith("SYM_INNER_LABEL")


def _is_own(node: Node) -> bool:
    """Say whether an inner label is for this file alone."""
    return _is_inner(node) and "SYM_L_LOCAL" in node.text


def _target(word: str, at: int, labels: Labels) -> int | None:
    """Return the label a word means at statement ``at``: ``1b`` is the last 1."""
    if found := _NUMERIC.fullmatch(word):
        places = labels.get(found[1], ())
        if found[2] == "f":
            return next((place for place in places if place > at), None)
        return next((place for place in reversed(places) if place <= at), None)
    places = labels.get(word, ())
    return places[0] if places else None


def _arms(statements: Sequence[Node]) -> dict[int, list[int]]:
    """Map each ``#if`` to where its arms begin, and each ``#else`` to its end."""
    found: dict[int, list[int]] = {}
    stack: list[list[int]] = []
    for at, node in enumerate(statements):
        name = mnemonic(node) if node.kind in ("preproc", "directive") else ""
        if _IF.fullmatch(name):
            stack.append([at])
        elif stack and _ELSE.fullmatch(name):
            stack[-1].append(at)
        elif stack and _ENDIF.fullmatch(name):
            head, *others = stack.pop()
            arms = [head + 1, *(other + 1 for other in others)]
            complete = others and mnemonic(statements[others[-1]]) in _LAST
            found[head] = arms if complete else [*arms, at]
            found.update({other: [at] for other in others})
        elif name == ".macro":
            found[at] = [_end_of_macro(statements, at)]
    return found


def _end_of_macro(statements: Sequence[Node], start: int) -> int:
    for at in range(start, len(statements)):
        if mnemonic(statements[at]) == ".endm":
            return at
    return len(statements) - 1


def _after(
    at: int, statements: Sequence[Node], labels: Labels, arms: Arms
) -> Iterator[int]:
    node = statements[at]
    name = mnemonic(node) if node.kind in ("instruction", "macro_call") else ""
    if is_jump(name):
        for operand in operands_of(node)[:1]:
            target = _target(operand.text, at, labels)
            if target is not None:
                yield target
    if _END.fullmatch(name):
        return
    for place in arms.get(at, (at + 1,)):
        if place < len(statements):
            yield place


def _open(
    statements: Sequence[Node], labels: Labels, outside: frozenset[str]
) -> Iterator[int]:
    """Labels used otherwise than by a jump of this routine, and global ones."""
    for name, places in labels.items():
        own = name.startswith(".L") or name.isdigit() or _is_own(statements[places[0]])
        if not own or name in outside:
            yield from places
    for at, node in enumerate(statements):
        if not (is_jump(mnemonic(node)) or _is_inner(node)):
            targets = (_target(word, at, labels) for word in words((node,)))
            yield from (target for target in targets if target is not None)
