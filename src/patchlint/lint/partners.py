# SPDX-License-Identifier: GPL-2.0-or-later
"""Which finding of a version is which of the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from patchlint.lint.identity import KEYS, NOWHERE, Key, Known

ALIKE = 0.6
_MANY = 60
"""How many findings of one rule in one place are compared with each other."""
_WORDS = 80


def alike(one: str, other: str) -> float:
    """Return how much of two lines is the same words in the same order, 0 to 1."""
    # Only versions that are compared need it.
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one.split()[:_WORDS], other.split()[:_WORDS]).ratio()


def partners(olds: Sequence[Known], news: Sequence[Known]) -> dict[int, int]:
    """Return which of the findings before is which of those after, by number."""
    found: dict[int, int] = {}
    left_old, left_new = dict(enumerate(olds)), dict(enumerate(news))
    for key in KEYS:
        for old, new in tuple(_same(left_old, left_new, key)):
            found[old] = new
            del left_old[old], left_new[new]
    return {**found, **dict(_near(left_old, left_new))}


def _same(
    olds: Mapping[int, Known], news: Mapping[int, Known], key: Key
) -> Iterator[tuple[int, int]]:
    """Yield what has the same key, one after the other, as often as on both sides."""
    waiting: dict[object, deque[int]] = {}
    for number, one in news.items():
        if (value := key(one)) is not None:
            waiting.setdefault((one.rule, value), deque()).append(number)
    # What stood in a patch that is gone may have moved, and comes second.
    order = sorted(olds, key=lambda number: (olds[number].place == NOWHERE, number))
    for number in order:
        value = key(olds[number])
        others = waiting.get((olds[number].rule, value)) if value is not None else None
        if others:
            yield number, others.popleft()


def _near(
    olds: Mapping[int, Known], news: Mapping[int, Known]
) -> Iterator[tuple[int, int]]:
    """Yield what is said of a line that was reworded, the most alike first."""
    groups: dict[object, tuple[list[int], list[int]]] = {}
    for side, ones in enumerate((olds, news)):
        for number, one in ones.items():
            key = (one.rule, one.place, one.path, one.section)
            groups.setdefault(key, ([], []))[side].append(number)
    for some, others in groups.values():
        rated = [
            (-alike(olds[old].text, news[new].text), old, new)
            for old in some[:_MANY]
            for new in others[:_MANY]
        ]
        taken: set[tuple[bool, int]] = set()
        for rate, old, new in sorted(rated):
            if -rate >= ALIKE and not {(True, old), (False, new)} & taken:
                taken |= {(True, old), (False, new)}
                yield old, new
