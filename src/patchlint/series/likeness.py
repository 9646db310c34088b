# SPDX-License-Identifier: GPL-2.0-or-later
"""How much two patches have in common: lines, files, words of the subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from patchlint.model.change import Kind
from patchlint.model.series import Patch

Bag = Mapping[str, int]

_WORD = re.compile(r"\w+")
_TELLING = re.compile(r"(?:\w[^\w]*){4}")
_FILE = 3
_TITLE = 1
_FACTOR = 60
"""What it costs to have no partner, in percent of the size: git's creation factor."""
_LINES = 5
"""How many lines two patches that share no file have to share."""
_COMMON, _COMMON_LINE = 40, 10
"""In how many patches of a side something, or a line, may be that tells them apart."""


def title(text: str) -> str:
    """Return the words of a subject as they are compared."""
    return " ".join(_WORD.findall(text.lower()))


def bag(patch: Patch) -> Bag:
    """Return what a patch consists of, and how much each weighs.

    A line that comes or goes weighs 1, whatever its blanks; one like ``}`` tells
    nothing. A file weighs as much as a few lines, a word of the subject as one.
    """
    found: Counter[str] = Counter()
    for change in patch.changes:
        found[f"file {change.path}"] += _FILE
        for line in change.lines:
            if line.kind is not Kind.CONTEXT and _TELLING.search(line.text):
                found[f"{line.kind.value}{' '.join(line.text.split())}"] += 1
    for word in set(_WORD.findall(patch.message.subject.text.lower())):
        found[f"word {word}"] += _TITLE
    return found


def gains(olds: Sequence[Bag], news: Sequence[Bag]) -> dict[tuple[int, int], int]:
    """Return what it is worth to pair two patches, where it is worth anything.

    As in git range-diff, a pair costs what differs, and a patch without a partner costs
    60 % of its size: a pair is worth what it saves. What many patches of a side have
    is left out, so that a series of any length is read in linear time.
    """
    olds, news = _telling(olds, news)
    places = _places(olds)
    common: Counter[tuple[int, int]] = Counter()
    held: Counter[tuple[int, int]] = Counter()
    for new, one in enumerate(news):
        for item, weight in one.items():
            for old in places.get(item, ()):
                shared = min(weight, olds[old][item])
                common[old, new] += shared
                held[old, new] += _hold(item, shared)
    sizes = [sum(one.values()) for one in olds], [sum(one.values()) for one in news]
    found: dict[tuple[int, int], int] = {}
    for (old, new), shared in common.items():
        if held[old, new] < _LINES:
            continue
        size = sizes[0][old] + sizes[1][new]
        gain = 200 * shared - (100 - _FACTOR) * size
        if gain > 0:
            found[old, new] = gain
    return found


def _hold(item: str, weight: int) -> int:
    """Return how much two patches are held together by a thing they share.

    Words of a subject alone do not; nor do a few lines in other files.
    """
    kind = item.partition(" ")[0]
    return 0 if kind == "word" else _LINES if kind == "file" else weight


def _telling(olds: Sequence[Bag], news: Sequence[Bag]) -> tuple[list[Bag], list[Bag]]:
    """Return what the patches consist of without what many of a side have."""
    counts = [Counter(item for one in side for item in one) for side in (olds, news)]

    def tells(item: str) -> bool:
        is_line = not item.startswith(("file ", "word "))
        most = _COMMON_LINE if is_line else _COMMON
        return all(count[item] <= most for count in counts)

    first, second = (
        [{item: weight for item, weight in one.items() if tells(item)} for one in side]
        for side in (olds, news)
    )
    return [*first], [*second]


def _places(bags: Iterable[Bag]) -> dict[str, list[int]]:
    """Return in which patches a thing is."""
    found: dict[str, list[int]] = {}
    for number, one in enumerate(bags):
        for item in one:
            found.setdefault(item, []).append(number)
    return found
