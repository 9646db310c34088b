# SPDX-License-Identifier: GPL-2.0-or-later
"""Regular expressions that can take exponential time are refused.

A pattern is made an automaton with one state for each character it can match
(Glushkov's). Time is exponential where one text leads from a state back to it by two
ways (Weideman et al., "Analyzing matching time behavior of backtracking regular
expression matchers by using ambiguity of NFA", CIAA 2016): then a pair of states that
differ is reached from a pair that does not, and leads back there. Anchors, lookarounds
and the case of letters count as nothing, so that a harmless pattern may be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from msgspec import Struct, field

# ASCII, and three that stand for all the rest: a letter, a blank, a sign.
_UNIVERSE = [*(chr(code) for code in range(128)), "é", "\u2003", "€"]
_ALL = (1 << len(_UNIVERSE)) - 1
_BITS = {char: 1 << at for at, char in enumerate(_UNIVERSE)}
_REST = 7 << 128
_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
# So many times is as good as without end.
_MANY = 10
_STATES = 1000
_PAIRS = 50_000
_STEPS = 200_000
# A dot may match all in a part; then it does in all parts.
_INLINE = re.compile(r"\(\?[a-zA-Z]*s")
# Only a group that is repeated can be matched in two ways.
_REPEATED = re.compile(r"\)(?:[*+]|\{)")

Bits = int


class _TooLargeError(Exception):
    """Nobody needs such a pattern, and to look at it would take too long."""


class _Automaton(Struct):
    """States are numbers; ``sets`` says what each matches, ``after`` what follows.

    ``twice`` says that one follows another in two ways: a repeat within a repeat.
    ``any`` is what a dot matches, ``steps`` how often two states were looked at.
    """

    sets: list[Bits] = field(default_factory=list)
    after: list[set[int]] = field(default_factory=list)
    twice: bool = False
    any: Bits = _ALL
    steps: int = 0

    def state(self, bits: Bits) -> int:
        if len(self.sets) == _STATES:
            raise _TooLargeError
        self.sets.append(bits)
        self.after.append(set())
        return len(self.sets) - 1

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > _STEPS:
            raise _TooLargeError

    def link(self, last: Iterable[int], first: frozenset[int]) -> None:
        for state in last:
            self.twice |= not first.isdisjoint(self.after[state])
            self.after[state] |= first


class _Part(Struct, frozen=True):
    """A part of a pattern: where it begins and ends, and whether it may be empty."""

    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    empty: bool = True


def is_exponential(text: str, flags: int = 0) -> bool:
    """Say whether a pattern may take exponential time. Raises re.error."""
    if not _REPEATED.search(text):
        return False
    parsed = parser.parse(text, flags)
    is_all = parsed.state.flags & re.DOTALL or _INLINE.search(text)
    made = _Automaton(any=_ALL if is_all else _ALL & ~_chars("\n"))
    try:
        _sequence(list(parsed), made)
        return _is_ambiguous(made)
    except _TooLargeError:
        return True


def _sequence(items: Sequence[Any], made: _Automaton) -> _Part:
    whole = _Part()
    for operator, value in items:
        whole = _joined(whole, _part(operator, value, made), made)
    return whole


def _joined(one: _Part, two: _Part, made: _Automaton) -> _Part:
    made.link(one.last, two.first)
    return _Part(
        one.first | two.first if one.empty else one.first,
        one.last | two.last if two.empty else two.last,
        one.empty and two.empty,
    )


def _part(operator: Any, value: Any, made: _Automaton) -> _Part:
    if operator in _REPEATS:
        return _repeat(operator, value, made)
    if operator is sre.BRANCH:
        return _either([_sequence(list(arm), made) for arm in value[1]], made)
    if operator in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
        inner = value[3] if operator is sre.SUBPATTERN else value
        return _sequence(list(inner), made)
    if operator in (sre.ASSERT, sre.ASSERT_NOT):
        _sequence(list(value[1]), made)
        return _Part()
    bits = _bits(operator, value, made)
    if bits is None:
        return _Part()
    state = frozenset((made.state(bits),))
    return _Part(state, state, empty=False)


_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def _repeat(operator: Any, value: Any, made: _Automaton) -> _Part:
    least, most, inner = value
    part = _sequence(list(inner), made)
    if operator is sre.POSSESSIVE_REPEAT:
        # What it has taken it keeps: there is no second way through it.
        return _Part(part.first, part.last, part.empty or least == 0)
    if most >= _MANY:
        made.link(part.last, part.first)
    else:
        for _ in range(most - 1):
            part = _joined(part, _sequence(list(inner), made), made)
    return _Part(part.first, part.last, part.empty or least == 0)


def _either(parts: Sequence[_Part], made: _Automaton) -> _Part:
    made.twice |= sum(part.empty for part in parts) > 1
    return _Part(
        frozenset().union(*(part.first for part in parts)),
        frozenset().union(*(part.last for part in parts)),
        any(part.empty for part in parts),
    )


def _bits(operator: Any, value: Any, made: _Automaton) -> Bits | None:
    """Return what one character may be; None for what matches no character."""
    if operator is sre.ANY:
        return made.any
    if operator is sre.LITERAL:
        return _chars(chr(value))
    if operator is sre.NOT_LITERAL:
        return _ALL & ~_chars(chr(value))
    if operator is not sre.IN:
        return None
    bits = 0
    for kind, inner in value:
        bits |= _member(kind, inner)
    is_negated = value[0][0] is sre.NEGATE
    return _ALL & ~bits if is_negated else bits


def _member(kind: Any, value: Any) -> Bits:
    if kind is sre.LITERAL:
        return _chars(chr(value))
    if kind is sre.RANGE:
        low, high = value
        chars = (c for c in _UNIVERSE if low <= ord(c) <= high)
        return _chars("".join(chars)) | (_REST if high > 127 else 0)
    if kind is sre.CATEGORY:
        return _chars("".join(re.findall(_CATEGORIES[value], "".join(_UNIVERSE))))
    return 0


def _chars(text: str) -> Bits:
    bits = 0
    for char in text:
        bits |= _BITS.get(char, _REST)
        bits |= _BITS.get(char.swapcase(), 0)
    return bits


def _is_ambiguous(made: _Automaton) -> bool:
    """Say whether some text leads from a state back to it by two ways."""
    return made.twice or any(_parts_and_meets(made, q) for q in range(len(made.sets)))


def _parts_and_meets(made: _Automaton, state: int) -> bool:
    """Say whether two ways part at a state and meet there again."""
    reached: set[tuple[int, int]] = set()
    waiting = [pair for pair in _next(made, (state, state)) if pair[0] != pair[1]]
    while waiting:
        pair = waiting.pop()
        if pair == (state, state) or len(reached) > _PAIRS:
            return True
        if pair not in reached:
            reached.add(pair)
            waiting += _next(made, pair)
    return False


def _next(made: _Automaton, pair: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield where two ways may be after one more character, the same for both."""
    made.spend(len(made.after[pair[0]]) * len(made.after[pair[1]]))
    for one in made.after[pair[0]]:
        for two in made.after[pair[1]]:
            if made.sets[one] & made.sets[two]:
                yield one, two
