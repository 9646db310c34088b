# SPDX-License-Identifier: GPL-2.0-or-later
"""Misspelt words: those of the kernel's own list, and those next to a common word."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import takewhile

from msgspec import Struct

_DATA = "words.txt"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = "aeiou"
_SHORTEST = 5
_START = 2
# From so many letters on, a slip of the pen still leaves one word that was meant, even
# if that is a rare one, or two letters were left out.
_LONG = 8
_ENDINGS = (
    "s", "es", "d", "ed", "ing", "er", "ers", "ly", "able", "ness", "less", "ish", "y",
    "ization", "ize", "ized", "izes", "izing", "ise", "ised", "ising", "ify", "ified",
    "ability", "ible", "ful", "ment", "ments", "like", "wise",
)  # fmt: skip
_BEGINNINGS = (
    "un", "re", "non", "de", "pre", "sub", "co", "over", "under", "multi", "mis",
    "auto", "super", "inter", "micro", "mini", "dis", "in", "out", "up", "down", "anti",
)  # fmt: skip
_PLAIN = re.compile(r"[a-z]+")


class Vocabulary(AbstractSet[str]):
    """Words, from rows of those that begin with the same two letters.

    A row is taken apart when one of its words is first asked for: a message has words
    of a few rows, and 70,000 words would take longer than the look at them.
    """

    def __init__(self, *texts: str) -> None:
        """Take in one text or more, as ``rows_of`` writes them."""
        self._rows: dict[str, str] = {}
        for text in texts:
            for row in text.split("\n"):
                start = row[:_START]
                self._rows[start] = f"{self._rows.get(start, '')} {row[_START:]}"
        self._sets: dict[str, frozenset[str]] = {}

    def __contains__(self, word: object) -> bool:
        """Say whether a word is one of them."""
        return isinstance(word, str) and word in self._row(word[:_START])

    def __iter__(self) -> Iterator[str]:
        """Yield all words, row by row."""
        for start in self._rows:
            yield from self._row(start)

    def __len__(self) -> int:
        """Count them."""
        return sum(len(self._row(start)) for start in self._rows)

    @classmethod
    def _from_iterable(cls, it: Iterable[str]) -> set[str]:  # type: ignore[override]
        """Return what set operations make: plain sets."""
        return set(it)

    def _row(self, start: str) -> frozenset[str]:
        if start not in self._sets:
            self._sets[start] = frozenset(self._rows.get(start, "").split())
        return self._sets[start]


class Words(Struct, frozen=True, eq=False):
    """``slips`` are wrong and right spellings; ``common`` words are known, too."""

    slips: Mapping[str, str]
    common: Vocabulary
    known: Vocabulary


def packed(
    slips: Mapping[str, str], common: Iterable[str], rare: Iterable[str]
) -> bytes:
    """Return the bytes of a file."""
    pairs = (f"{wrong} {right}" for wrong, right in slips.items())
    parts = ("\n".join(pairs), rows_of(common), rows_of(rare))
    return "\n\n".join(parts).encode()


def rows_of(words: Iterable[str]) -> str:
    """Return words as a row for each two letters that they begin with."""
    rows: dict[str, list[str]] = {}
    for word in sorted(words):
        rows.setdefault(word[:_START], []).append(word)
    return "\n".join(f"{start} {' '.join(row)}" for start, row in rows.items())


@cache
def learned() -> Words:
    """Return the words of the package; they are read when they are first asked for."""
    data = pkgutil.get_data(__package__, _DATA)
    if data is None:
        raise FileNotFoundError(_DATA)
    slips, common, rare = data.decode().split("\n\n")
    pairs = dict(pair.split(" ", 1) for pair in slips.split("\n"))
    return Words(pairs, Vocabulary(common), Vocabulary(common, rare))


def listed(word: str, words: Words) -> str:
    """Return the right spelling of a word that is on the list of wrong ones."""
    lower = word.lower()
    right = words.slips.get(lower, "")
    return right.capitalize() if right and word[:1].isupper() else right


def guessed(word: str, words: Words) -> str:
    """Return the one common word next to a word that nobody knows, if there is one.

    Next to it are words with a letter missing or too many, two letters swapped, or
    another vowel, that begin with the same letter. With another consonant it is
    more often a real word that is rare. Long words may be next to a rare one, or lack
    two letters that stand together.
    """
    if len(word) < _SHORTEST or not _PLAIN.fullmatch(word):
        return ""
    if right := _of_verb(word, words):
        return right
    if is_known(word, words):
        return ""
    near = set(_short(word) if len(word) == _SHORTEST else _near(word))
    found = near & words.common
    if not found and len(word) >= _LONG:
        found = near & words.known or _longer(word, words) & words.common
    if not found and len(word) > _LONG:
        found = _longer(word, words)
    if len(found) != 1:
        return ""
    (right,) = found
    is_form = right + "s" == word or right.startswith(word)
    return "" if is_form or right == word.replace("our", "or") else right


def is_known(word: str, words: Words) -> bool:
    """Say whether a word, or what it is derived from, is known."""
    if word in words.known:
        return True
    stems = {word.removesuffix(ending) for ending in _ENDINGS}
    stems |= {f"{stem}e" for stem in stems}
    stems |= {f"{stem[:-1]}y" for stem in stems if stem[-1:] == "i"}
    stems |= {f"{word[:-3]}y"} if word.endswith(("ies", "ied")) else set()
    stems |= {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}
    stems |= {stem.removeprefix(start) for stem in stems for start in _BEGINNINGS}
    stems.discard(word)
    return any(len(stem) > 2 and stem in words.known for stem in stems) or any(
        word[:at] in words.common and word[at:] in words.common
        for at in range(3, len(word) - 2)
    )


def _of_verb(word: str, words: Words) -> str:
    """Return the right form of a verb that lost its y: ``modifing``, ``modifed``."""
    for ending, right in (("ing", "ying"), ("ed", "ied")):
        stem = word.removesuffix(ending)
        is_verb = stem[-1:] not in _VOWELS and f"{stem}y" in words.common
        if stem != word and is_verb and f"{stem}{right}" in words.known:
            return "" if word in words.known else f"{stem}{right}"
    return ""


def _longer(word: str, words: Words) -> set[str]:
    """Return the words that lost two letters side by side."""
    found = set()
    for right in _by_size(words).get((word[0], len(word) + 2), ()):
        same = sum(1 for _ in takewhile(_equal, zip(word, right, strict=False)))
        if any(right[at + 2 :] == word[at:] for at in range(same + 1)):
            found.add(right)
    return found


@cache
def _by_size(words: Words) -> Mapping[tuple[str, int], Sequence[str]]:
    """Return the long words by first letter and length."""
    found: dict[tuple[str, int], list[str]] = {}
    for word in sorted(words.known):
        if len(word) > _LONG:
            found.setdefault((word[0], len(word)), []).append(word)
    return found


def _equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _near(word: str) -> Iterator[str]:
    yield from _short(word)
    for at in range(1, len(word)):
        left, right = word[:at], word[at:]
        yield left + right[1:]
        if right[0] in _VOWELS:
            yield from (left + letter + right[1:] for letter in _VOWELS)


def _short(word: str) -> Iterator[str]:
    """Yield what a short word may be: others are next to too many real words."""
    for at in range(1, len(word) + 1):
        left, right = word[:at], word[at:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        yield from (left + letter + right for letter in _LETTERS)
