# SPDX-License-Identifier: GPL-2.0-or-later
"""How an x86-64 function leaves the stack and the registers it has to keep.

All paths from the entry are followed, together where they have the same depth of
stack. A condition of the preprocessor that comes up again is decided as before.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.analysis.asm_code import Code, code_of
from patchlint.analysis.asm_frame import AT_ENTRY, Frame, Place, joined, stepped
from patchlint.analysis.registers import CALLEE_SAVED, mnemonic, operands_of
from patchlint.analysis.routines import Routine, routines, tree
from patchlint.lint.context import Source
from patchlint.syntax.node import Node

_KEYS = 24
_STEPS = 60
_MOST_STEPS = 40_000
_TRACE = 6
_RETURNS = ("RET", "ret", "retq")
_CONDITION = re.compile(r"[#.]\s*(if\w*)\s*(.*)", re.DOTALL)
_DEFINED = re.compile(r"!?\s*defined\s*\(?\s*(\w+)\s*\)?")

_BOTH = ("CONFIG_X86_64", "CONFIG_64BIT", "__x86_64__")
_ALWAYS = frozenset(
    (*((f"defined {name}", 0) for name in _BOTH), ("defined CONFIG_X86_32", 1))
)

Assumed = frozenset[tuple[str, int]]
Key = tuple[Place, Assumed]


class Unbalanced(Struct, frozen=True):
    """A return whose stack is ``bytes`` too deep, or too high if negative.

    ``moves`` are the statements on the way there that put there what is too much or
    take what is missing, as far as one path shows.
    """

    at: int
    bytes: int
    moves: tuple[int, ...]


class Unsaved(Struct, frozen=True):
    """A register that holds, at return ``at``, what statement ``writer`` put there."""

    register: str
    at: int
    writer: int


class Leaving(Struct, frozen=True, eq=False):
    """What was found out of a function; ``followed`` is False where it was too much."""

    code: Code
    unbalanced: tuple[Unbalanced, ...] = ()
    unsaved: tuple[Unsaved, ...] = ()
    followed: bool = True


def leaving(source: Source) -> tuple[Leaving, ...]:
    """Return how the functions of a file leave, as far as they are of 64 bits."""
    return source.facts.of(_leaving, source)


def _leaving(source: Source) -> tuple[Leaving, ...]:
    return tuple(
        _Paths(code_of(source, routine)).result()
        for routine in routines(source)
        if routine.kind == "FUNC" and _returns(routine) and _is_64_bit(source, routine)
    )


def _returns(routine: Routine) -> bool:
    return any(mnemonic(node) in _RETURNS for node in routine.statements)


def _is_64_bit(source: Source, routine: Routine) -> bool:
    """No .code32 before or in it that is still in force."""
    mode = ".code64"
    last = max((n.span.line for n in routine.written), default=0)
    for node in tree(source).children:
        name = mnemonic(node)
        if node.kind == "directive" and name.startswith(".code"):
            if node.span.line > last:
                break
            inside = node.span.line > routine.span.line
            mode = name if not inside or name != ".code64" else mode
    return mode == ".code64"


class _Paths:
    """Follows a routine; made, asked once, and dropped."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.statements = code.routine.statements
        self.before: list[dict[Key, Frame]] = [{} for _ in self.statements]
        self.came: dict[tuple[int, Key], tuple[int, Key]] = {}
        self.counting = _repeated(self.statements) | {text for text, _ in _ALWAYS}
        self.complete = self._follow()

    def _follow(self) -> bool:
        if not self.statements:
            return True
        start: Key = (Place(), _ALWAYS)
        self.before[0][start] = AT_ENTRY
        waiting = deque([(0, start)])
        for _ in range(min(_STEPS * len(self.statements), _MOST_STEPS)):
            if not waiting:
                return True
            at, key = waiting.popleft()
            for place, new in self._next(at, key):
                if len(self.before[place]) > _KEYS:
                    return False
                if self._arrive((at, key), place, new):
                    waiting.append((place, new[0]))
        return False

    def _arrive(
        self, origin: tuple[int, Key], place: int, new: tuple[Key, Frame]
    ) -> bool:
        """Note what comes to a statement; False if that was known."""
        key, frame = new
        known = self.before[place].get(key)
        merged = frame if known is None else joined(known, frame)
        if merged == known:
            return False
        self.before[place][key] = merged
        self.came.setdefault((place, key), origin)
        return True

    def _next(self, at: int, key: Key) -> Iterator[tuple[int, tuple[Key, Frame]]]:
        node, done = self.statements[at], self.code.effects[at]
        frame = stepped(self.before[at][key], at, node, done)
        following = self.code.graph.following[at]
        condition = _condition(node)
        for arm, place in enumerate(following):
            assumed = key[1]
            if condition and len(following) > 1 and condition[0] in self.counting:
                text, swapped = condition
                taken = 1 - arm if swapped and len(following) == 2 else arm
                if any(known == text and a != taken for known, a in assumed):
                    continue
                assumed |= {(text, taken)}
            yield place, ((frame.depth, assumed), frame)

    def result(self) -> Leaving:
        """Return what the returns show."""
        if not self.complete:
            return Leaving(self.code, followed=False)
        return Leaving(self.code, tuple(self._unbalanced()), tuple(self._unsaved()))

    def _at_returns(self) -> Iterator[tuple[int, Key, Frame]]:
        for at, node in enumerate(self.statements):
            if mnemonic(node) in _RETURNS and not operands_of(node):
                for key, frame in self.before[at].items():
                    yield at, key, frame

    def _unbalanced(self) -> Iterator[Unbalanced]:
        for at, key, frame in self._at_returns():
            if frame.depth.bytes and not frame.depth.names:
                yield Unbalanced(at, frame.depth.bytes, self._moves(at, key))

    def _unsaved(self) -> Iterator[Unsaved]:
        """One for each register: the first writer of those some path comes from."""
        found: dict[str, Unsaved] = {}
        for at, _, frame in self._at_returns():
            if frame.depth != Place():
                continue
            for register in sorted(CALLEE_SAVED):
                for content in sorted(frame.of(register), key=str):
                    if content.kind in ("unknown", "loaded"):
                        continue
                    if (content.kind, content.register) != ("entry", register):
                        writer = self._writer(register, content.at)
                        found.setdefault(register, Unsaved(register, at, writer))
        yield from found.values()

    def _writer(self, register: str, at: int) -> int:
        if at >= 0 and register in self.code.effects[at].writes:
            return at
        return next(
            at
            for at, done in enumerate(self.code.effects)
            if register in done.writes | done.lost
        )

    def _moves(self, at: int, key: Key) -> tuple[int, ...]:
        """Return what moved the stack on one path to a return, and was not undone."""
        moved: list[tuple[int, int]] = []
        for there, by in reversed(self._changes(at, key)):
            if moved and moved[-1][1] == -by:
                moved.pop()
            else:
                moved.append((there, by))
        return tuple(there for there, _ in moved[-_TRACE:])

    def _changes(self, at: int, key: Key) -> list[tuple[int, int]]:
        """Yield (statement, bytes) for each change of depth on the way, last first."""
        found: list[tuple[int, int]] = []
        seen = set[tuple[int, Key]]()
        now = (at, key)
        while now in self.came and now not in seen:
            seen.add(now)
            was = self.came[now]
            by = now[1][0].plus(was[1][0], -1)
            if by != Place():
                found.append((was[0], by.bytes))
            now = was
        return found


def _repeated(statements: Sequence[Node]) -> frozenset[str]:
    counts = Counter(found[0] for node in statements if (found := _condition(node)))
    return frozenset(text for text, count in counts.items() if count > 1)


def _condition(node: Node) -> tuple[str, bool] | None:
    """Return an #if as (condition, negated): #ifndef is #ifdef the other way round."""
    if node.kind not in ("preproc", "directive"):
        return None
    found = _CONDITION.fullmatch(node.text.strip())
    if found is None:
        return None
    how, text = found[1], " ".join(found[2].split())
    if how == "ifndef":
        return f"defined {text}", True
    if how == "ifdef":
        return f"defined {text}", False
    if single := _DEFINED.fullmatch(text):
        return f"defined {single[1]}", text.startswith("!")
    return f"{how} {text}", False
