# SPDX-License-Identifier: GPL-2.0-or-later
"""What one x86-64 statement does to the stack and to what registers hold on it.

Places are distances below the stack pointer of the entry: a number of bytes, and names
for what the assembler or the linker knows better. A name beginning with ``@`` is a
distance that nobody here knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.asm_effects import Effect
from patchlint.analysis.numbers import number
from patchlint.analysis.registers import (
    GENERAL,
    canonical,
    is_jump,
    mnemonic,
    operands_of,
    width,
)
from patchlint.syntax.node import Node

_PUSH = re.compile(r"(push|pop)(f?)[wlq]?")
_MOVE = re.compile(r"movq?|movabsq?")
_STACK = re.compile(r"(add|sub)q?")
_LOAD_ADDRESS = re.compile(r"leaq?")
_CALLS = ("call", "callq", "CALL_NOSPEC")
_FRAME = {"FRAME_BEGIN": "push", "FRAME_END": "pop"}
_MOST = 4


class Place(Struct, frozen=True):
    """``bytes`` below the stack pointer of the entry, and so much of each name."""

    bytes: int = 0
    names: tuple[tuple[str, int], ...] = ()

    def plus(self, other: Place, sign: int = 1) -> Place:
        """Return the sum, or with ``sign`` -1 the difference, of two distances."""
        sums = dict(self.names)
        for name, count in other.names:
            sums[name] = sums.get(name, 0) + sign * count
        names = tuple(sorted((name, n) for name, n in sums.items() if n))
        return Place(self.bytes + sign * other.bytes, names)


class Content(Struct, frozen=True):
    """What a register or a stack slot may hold.

    ``kind`` is ``entry`` (what ``register`` held at the entry), ``stack`` (the address
    of ``place``), ``written`` (something else, by statement ``at``), ``loaded`` (from
    memory, by ``at``, and not looked at since), or ``unknown``.
    """

    kind: str
    register: str = ""
    place: Place = Place()
    at: int = -1


Contents = frozenset[Content]
UNKNOWN: Contents = frozenset((Content("unknown"),))


class Frame(Struct, frozen=True):
    """The stack and the registers at one point of some paths.

    ``depth`` is how far the stack pointer has moved down. ``held`` has what registers
    may hold, ``slots`` what lies on the stack; what is missing is unknown.
    """

    depth: Place
    held: Mapping[str, Contents]
    slots: Mapping[Place, Contents]

    def of(self, register: str) -> Contents:
        """Return what a register may hold."""
        return self.held.get(register, UNKNOWN)

    def with_held(self, register: str, contents: Contents) -> Frame:
        """Return the frame with something else in a register."""
        return replace(self, held={**self.held, register: _few(contents)})

    def unknown(self, at: int) -> Frame:
        """Return a frame of which nothing is known since statement ``at``."""
        return Frame(Place(0, ((f"@{at}", 1),)), {}, {})


AT_ENTRY = Frame(
    Place(),
    {name: frozenset((Content("entry", name),)) for name in sorted(GENERAL - {"rsp"})},
    {},
)


def joined(one: Frame, two: Frame) -> Frame:
    """Return what may hold where two paths of one depth meet."""
    if one == two:
        return one
    return Frame(one.depth, _union(one.held, two.held), _union(one.slots, two.slots))


def _union(one: Mapping, two: Mapping) -> Mapping:  # type: ignore[type-arg]
    keys = (*one, *(key for key in two if key not in one))
    return {key: _few(one.get(key, UNKNOWN) | two.get(key, UNKNOWN)) for key in keys}


def _few(contents: Contents) -> Contents:
    if len(contents) <= _MOST:
        return contents
    return frozenset(sorted(contents, key=_order)[:_MOST])


def _order(content: Content) -> tuple[str, str, int, str]:
    return content.kind, content.register, content.at, str(content.place)


def stepped(before: Frame, at: int, node: Node, done: Effect) -> Frame:
    """Return the frame behind statement ``at``."""
    if not done.known:
        return before.unknown(at)
    if node.kind == "opaque":
        return _lost(before, done.lost)
    if node.kind not in ("instruction", "macro_call"):
        return before
    return _stepped(_looked_at(before, done.reads), at, node, done)


def _stepped(before: Frame, at: int, node: Node, done: Effect) -> Frame:
    name, operands = mnemonic(node), operands_of(node)
    if name in _CALLS or is_jump(name):
        return _lost(before, done.lost - {"rsp"})
    if name in _FRAME:
        return _frame_macro(before, _FRAME[name])
    if found := _PUSH.fullmatch(name):
        return _push(before, at, found, operands)
    if name in ("leave", "leaveq"):
        return _pop(_to_place(before, at, before.of("rbp"), Place()), "rbp", 8)
    return _special(before, at, name, operands) or _written(before, at, done)


def _looked_at(before: Frame, reads: Iterable[str]) -> Frame:
    """What is loaded and then looked at is no restored value."""
    for register in reads:
        contents = before.of(register)
        if any(content.kind == "loaded" for content in contents):
            seen = (
                replace(c, kind="written") if c.kind == "loaded" else c
                for c in contents
            )
            before = before.with_held(register, frozenset(seen))
    return before


def _lost(before: Frame, registers: Iterable[str]) -> Frame:
    held = {name: of for name, of in before.held.items() if name not in registers}
    return replace(before, held=held)


def _frame_macro(before: Frame, how: str) -> Frame:
    if how == "pop":
        return _pop(before, "rbp", 8)
    pushed = _pushed(before, before.of("rbp"), 8)
    return pushed.with_held("rbp", _address(pushed.depth))


def _push(
    before: Frame, at: int, found: re.Match[str], operands: tuple[Node, ...]
) -> Frame:
    short = found[0].endswith("w") or (operands and width(operands[0].text) == 16)
    size = 2 if short else 8
    if found[2]:
        depth = 8 if found[1] == "push" else -8
        return replace(before, depth=before.depth.plus(Place(depth)))
    if len(operands) != 1:
        return before.unknown(at)
    register = canonical(operands[0].text)
    if found[1] == "push":
        given = (
            before.of(register) if register else frozenset((Content("written", at=at),))
        )
        return _pushed(before, _own(before, given, register), size)
    if register == "rsp":
        return before.unknown(at)
    return _pop(before, register, size)


def _own(before: Frame, given: Contents, register: str | None) -> Contents:
    return _address(before.depth) if register == "rsp" else given


def _pushed(before: Frame, contents: Contents, size: int) -> Frame:
    depth = before.depth.plus(Place(size))
    return Frame(depth, before.held, {**before.slots, depth: contents})


def _pop(before: Frame, register: str | None, size: int) -> Frame:
    contents = before.slots.get(before.depth, UNKNOWN)
    slots = {place: of for place, of in before.slots.items() if place != before.depth}
    after = Frame(before.depth.plus(Place(size), -1), before.held, slots)
    return after.with_held(register, contents) if register else after


def _to_place(before: Frame, at: int, contents: Contents, offset: Place) -> Frame:
    """Set the stack pointer to ``offset`` above what ``contents`` point to."""
    if len(contents) == 1:
        (only,) = contents
        if only.kind == "stack":
            return replace(before, depth=only.place.plus(offset, -1))
    return replace(before, depth=Place(0, ((f"@{at}", 1),)))


def _special(
    before: Frame, at: int, name: str, operands: tuple[Node, ...]
) -> Frame | None:
    """Moves to, from and of the stack; None for everything else."""
    if len(operands) != 2:
        return None
    source, target = operands
    to_rsp = target.text == "%rsp"
    if _STACK.fullmatch(name) and to_rsp:
        by = distance(source)
        sign = -1 if name.startswith("add") else 1
        return (
            None if by is None else replace(before, depth=before.depth.plus(by, sign))
        )
    if _LOAD_ADDRESS.fullmatch(name):
        return _load_address(before, _place(before, source), canonical(target.text))
    if _MOVE.fullmatch(name):
        return _moved(before, at, source, target)
    return None


def _load_address(
    before: Frame, place: Place | None, register: str | None
) -> Frame | None:
    if place is None or register is None:
        return None
    if register == "rsp":
        return replace(before, depth=place)
    return before.with_held(register, _address(place))


def _moved(before: Frame, at: int, source: Node, target: Node) -> Frame | None:
    origin, register = canonical(source.text), canonical(target.text)
    if origin is None and register and source.kind == "memory":
        return None if register == "rsp" else _loaded(before, at, source, register)
    if origin is None or width(source.text) != 64:
        return None
    contents = _address(before.depth) if origin == "rsp" else before.of(origin)
    if register is None:
        place = _place(before, target)
        slots = before.slots if place is None else {**before.slots, place: contents}
        return replace(before, slots=slots)
    if register == "rsp":
        return _to_place(before, at, contents, Place())
    return before.with_held(register, contents)


def _loaded(before: Frame, at: int, source: Node, register: str) -> Frame:
    place = _place(before, source)
    if place is None:
        return before.with_held(register, frozenset((Content("loaded", at=at),)))
    return before.with_held(register, before.slots.get(place, UNKNOWN))


def _written(before: Frame, at: int, done: Effect) -> Frame:
    if "rsp" in done.writes | done.lost:
        before = replace(before, depth=Place(0, ((f"@{at}", 1),)))
    made = frozenset((Content("written", at=at),))
    held = {name: of for name, of in before.held.items() if name not in done.lost}
    held |= dict.fromkeys(sorted(done.writes - {"rsp"}), made)
    return replace(before, held=held)


def distance(operand: Node) -> Place | None:
    """Return how many bytes an immediate is."""
    if operand.kind != "immediate":
        return None
    return _distance(operand.text.removeprefix("$"))


def _distance(text: str) -> Place:
    value = number(text) if text.strip() else 0
    return (
        Place(value) if value is not None else Place(0, (("".join(text.split()), 1),))
    )


def _place(before: Frame, operand: Node) -> Place | None:
    """Return the place on the stack an operand names; None if it is not there."""
    if operand.kind != "memory" or operand.child("segment") or operand.child("index"):
        return None
    base = operand.child("base")
    register = canonical(base.text) if base and width(base.text) == 64 else None
    offset = operand.child("displacement")
    away = _distance(offset.text if offset else "")
    if register == "rsp":
        return before.depth.plus(away, -1)
    contents = before.of(register) if register else UNKNOWN
    if len(contents) != 1:
        return None
    (only,) = contents
    return only.place.plus(away, -1) if only.kind == "stack" else None


def _address(place: Place) -> Contents:
    return frozenset((Content("stack", place=place),))
