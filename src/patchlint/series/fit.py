# SPDX-License-Identifier: GPL-2.0-or-later
"""Find quoted lines in the text they come from, in order.

Both texts are compared without blanks, as one run of characters: a quote that was
wrapped anew, that lost its tabs or was indented, is still a piece of that run. Lines
are looked up by what they begin with; of all places where each may stand, the chain
that keeps the order and explains most is chosen (a longest increasing subsequence with
weights). What is left is filled in between what stands fast. The time grows with the
number of lines, whatever they hold.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from patchlint.series.run import HEAD, Text

# A line that stands in more places than these says nothing of where it is from.
_PLACES = 8
_HEAVY = 40
_LINE = 24
_BONUS = 20
# A piece of a line, looked for where neither its beginning nor a neighbour is known.
_PIECE = 12
_STUB = 6
_WINDOW = 1 << 16

Place = tuple[int, int]


def fit(source: Text, keys: Sequence[str], loose: Sequence[bool]) -> list[Place | None]:
    """Return (offset, end) in ``source`` for each key, None for one that is not there.

    Places come in order and do not overlap. A key that is ``loose`` is taken only where
    it completes a line that was cut in two: whether it is a quote is not known.
    """
    tight = ["" if is_loose else key for key, is_loose in zip(keys, loose, strict=True)]
    found = _chain(source, tight)
    _go_on(source, keys, loose, found)
    _go_back(source, tight, found)
    _look_between(source, tight, found)
    return found


def _candidates(source: Text, key: str) -> Sequence[int]:
    """Return the offsets at which a line may begin that says ``key``, or its start."""
    exact = source.whole.get(key, ())
    if exact or len(key) < HEAD:
        return exact if len(exact) <= _PLACES else ()
    near = source.heads.get(key[:HEAD], ())
    if len(near) > _PLACES:
        return ()
    return [offset for offset in near if source.run.startswith(key, offset)]


class _Best:
    """The best score of all places that end at or before one: a Fenwick tree."""

    def __init__(self, ends: Sequence[int]) -> None:
        self._ends = ends
        self._tree = [(0, -1)] * (len(ends) + 1)

    def until(self, offset: int) -> tuple[int, int]:
        """Return (score, number) of the best place that ends by ``offset``."""
        at = bisect_right(self._ends, offset)
        best = (0, -1)
        while at:
            best = max(best, self._tree[at])
            at -= at & -at
        return best

    def add(self, end: int, score: int, number: int) -> None:
        """Learn of a place; of two alike, the later number counts."""
        at = bisect_left(self._ends, end) + 1
        while at < len(self._tree):
            self._tree[at] = max(self._tree[at], (score, number))
            at += at & -at


def _chain(source: Text, keys: Sequence[str]) -> list[Place | None]:
    """Place what stands fast: the heaviest chain of lines in order.

    Each line weighs something, and what it is long; one that follows its neighbour in
    both texts weighs more, so that of equal lines the one beside the others is meant,
    but not at the price of another line.
    """
    places = [(at, o) for at, made in enumerate(keys) for o in _offsets(source, made)]
    best = _Best(sorted({offset + len(keys[at]) for at, offset in places}))
    scores: list[int] = []
    before: list[int] = []
    beside: dict[int, tuple[int, int]] = {}
    number = 0
    while number < len(places):
        at, here = places[number][0], number
        while number < len(places) and places[number][0] == at:
            offset = places[number][1]
            follows = beside.get(offset, (0, -1))
            chosen = max((follows[0] + _BONUS * (follows[1] >= 0), follows[1]),
                         best.until(offset))  # fmt: skip
            scores.append(chosen[0] + _LINE + min(len(keys[at]), _HEAVY))
            before.append(chosen[1])
            number += 1
        beside = {}
        for placed in range(here, number):
            end = places[placed][1] + len(keys[at])
            best.add(end, scores[placed], placed)
            beside[end] = (scores[placed], placed)
    return _traced(keys, places, scores, before)


def _offsets(source: Text, made: str) -> Sequence[int]:
    return _candidates(source, made) if made else ()


def _traced(
    keys: Sequence[str],
    places: Sequence[tuple[int, int]],
    scores: Sequence[int],
    before: Sequence[int],
) -> list[Place | None]:
    found: list[Place | None] = [None] * len(keys)
    last = max(range(len(scores)), key=lambda n: (scores[n], -n), default=-1)
    while last >= 0:
        at, offset = places[last]
        found[at] = (offset, offset + len(keys[at]))
        last = before[last]
    return found


def _go_on(
    source: Text,
    keys: Sequence[str],
    loose: Sequence[bool],
    found: list[Place | None],
) -> None:
    """Place what goes on where the quote before it ended."""
    limits = _limits(found, len(source.run))
    begins = _begins(source)
    end, is_beside = -1, False
    for at, made in enumerate(keys):
        place = found[at]
        if place is None and made and end >= 0:
            fits = end + len(made) <= limits[at] and source.run.startswith(made, end)
            is_inside = is_beside and end not in begins
            is_likely = not loose[at] and _is_line(begins, end, end + len(made))
            if fits and (is_inside or is_likely):
                place = found[at] = (end, end + len(made))
        if place is not None:
            end = place[1]
        is_beside = place is not None


def _begins(source: Text) -> frozenset[int]:
    return frozenset((*source.starts, len(source.run)))


def _is_line(begins: frozenset[int], first: int, end: int) -> bool:
    """Say whether a place is a whole line, or too long to be there by chance."""
    if first not in begins:
        return end - first >= _PIECE
    return end in begins or end - first >= _STUB


def _limits(found: Sequence[Place | None], most: int) -> list[int]:
    """Return, for each key, where the next one that is placed begins."""
    limits = [most] * len(found)
    for at in range(len(found) - 1, -1, -1):
        limits[at] = most
        if (place := found[at]) is not None:
            most = place[0]
    return limits


def _go_back(source: Text, keys: Sequence[str], found: list[Place | None]) -> None:
    """Place what ends where the quote after it begins."""
    ends = _ends(found)
    begins = _begins(source)
    start = -1
    for at in range(len(keys) - 1, -1, -1):
        place, made = found[at], keys[at]
        if place is None and made and start >= 0:
            first = start - len(made)
            fits = first >= ends[at] and source.run.startswith(made, first)
            if fits and _is_line(begins, first, start):
                place = found[at] = (first, start)
        if place is not None:
            start = place[0]
        elif made:
            start = -1


def _ends(found: Sequence[Place | None]) -> list[int]:
    """Return, for each key, where the one placed before it ends."""
    ends: list[int] = []
    last = 0
    for place in found:
        ends.append(last)
        last = place[1] if place else last
    return ends


def _look_between(source: Text, keys: Sequence[str], found: list[Place | None]) -> None:
    """Place what stands between its neighbours: whole lines, then long pieces."""
    limits = _limits(found, len(source.run))
    end = 0
    for at, made in enumerate(keys):
        if found[at] is None and made:
            found[at] = next(_between(source, made, end, limits[at]), None)
        place = found[at]
        end = place[1] if place else end


def _between(source: Text, made: str, low: int, high: int) -> Iterator[Place]:
    exact = source.whole.get(made, ())
    at = bisect_left(exact, low)
    if at < len(exact) and exact[at] + len(made) <= high:
        yield exact[at], exact[at] + len(made)
    if len(made) >= _PIECE:
        offset = source.run.find(made, low, min(high, low + _WINDOW))
        if offset >= 0:
            yield offset, offset + len(made)
