# SPDX-License-Identifier: GPL-2.0-or-later
"""What a gap looks like to the article model: hashed features and a window of words.

A feature is a letter and the texts it is made of; its number is its CRC. All of it
is part of the model, see ``gaps``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from zlib import crc32

from msgspec import Struct

from patchlint.prose.gaps import Bare, gaps, is_plural, phrase

WINDOW = 4
SLOTS = 2 * WINDOW + 5
BEGIN, END, UNKNOWN = "<s>", "</s>", "<unk>"
SINGULAR, PLURAL = "<one>", "<many>"
LENGTHS = tuple(f"<{length}>" for length in range(6))


class Seen(Struct, frozen=True):
    """How often a text has an article before a phrase, by its head and first word."""

    heads: Counter[str]
    pairs: Counter[tuple[str, str]]


def seen(texts: Iterable[Bare]) -> Seen:
    """Count the articles that are there."""
    heads: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for at in gaps(text):
            if text.articles[at]:
                head = text.names[phrase(text, at)[0]]
                heads[head] += 1
                pairs[text.names[at], head] += 1
    return Seen(heads, pairs)


def features(text: Bare, at: int, known: Seen) -> list[int]:
    """Return the numbers of the features of a gap, 32 bits each."""
    names, shapes, size = text.names, text.shapes, len(text.names)
    head, end = phrase(text, at)
    l1, l2, l3 = (names[at - n] if at >= n else BEGIN for n in (1, 2, 3))
    r1 = names[at]
    r2 = names[at + 1] if at + 1 < size else END
    r3 = names[at + 2] if at + 2 < size else END
    s0 = shapes[at - 1] if at else BEGIN
    s1 = shapes[at]
    s2 = shapes[at + 1] if at + 1 < size else END
    noun, number = names[head], "P" if is_plural(text.tokens[head]) else "S"
    after = names[end] if end < size else END
    after_shape = shapes[end] if end < size else END
    long = f"{number}{head - at}"
    own = bool(text.articles[at])
    heads = min(2, known.heads[noun] - own)
    pairs = min(1, known.pairs[r1, noun] - own)
    found = (
        "*",
        f"A{l1}", f"B{r1}", f"C{r2}", f"D{noun}", f"E{after}",
        f"F{l1}|{r1}", f"G{r1}|{r2}", f"H{l1}|{r1}|{r2}", f"I{l2}|{l1}",
        f"J{l2}|{l1}|{r1}", f"K{r1}|{r2}|{r3}", f"L{l1}|{noun}", f"M{noun}|{after}",
        f"N{l1}|{noun}|{after}", f"O{l1}|{s1}|{number}", f"P{s1}|{s2}|{number}",
        f"Q{l1}|{noun}|{long}", f"R{r1}|{noun}", f"S{l1}|{after}|{number}",
        f"T{l3}|{l2}|{l1}", f"U{s0}|{after_shape}|{long}", f"V{s0}|{s1}|{s2}",
        f"W{noun}|{long}", f"X{s0}|{shapes[head]}|{number}|{after_shape}",
        f"Y{heads}|{pairs}|{number}", f"Z{heads}|{pairs}|{long}|{l1}",
        f"a{heads}|{pairs}|{noun}", f"b{l2}|{l1}|{number}|{after}",
    )  # fmt: skip
    return [crc32(feature.encode("utf-8", "surrogatepass")) for feature in found]


def choice_features(text: Bare, at: int, is_new: bool) -> list[int]:  # noqa: FBT001
    """Return the features that tell "the" from "a"; new is what is first told of."""
    names, size = text.names, len(text.names)
    head, end = phrase(text, at)
    noun, after = names[head], names[end] if end < size else END
    l1, l2 = (names[at - n] if at >= n else BEGIN for n in (1, 2))
    found = (
        f"c{is_new}", f"d{l1}", f"e{names[at]}", f"f{noun}", f"g{after}",
        f"h{l1}|{noun}", f"i{l2}|{l1}", f"j{names[at]}|{noun}", f"k{noun}|{after}",
        f"l{is_new}|{noun}", f"m{l1}|{after}", f"n{is_new}|{head - at}|{after}",
        f"o{l1}|{names[at]}", f"p{text.shapes[at]}|{text.shapes[head]}",
    )  # fmt: skip
    return [crc32(feature.encode("utf-8", "surrogatepass")) for feature in found]


def window(text: Bare, at: int) -> tuple[tuple[str, str], ...]:
    """Return the words around a gap for the net, each with its shape in reserve."""
    head, end = phrase(text, at)
    around = [_slot(text, at + n) for n in range(-WINDOW, WINDOW + 1)]
    number = PLURAL if is_plural(text.tokens[head]) else SINGULAR
    length = LENGTHS[min(head - at, len(LENGTHS) - 1)]
    return (
        *around,
        _slot(text, head),
        _slot(text, end),
        (number, number),
        (length, length),
    )


def _slot(text: Bare, at: int) -> tuple[str, str]:
    if at < 0:
        return BEGIN, BEGIN
    if at >= len(text.names):
        return END, END
    return text.names[at], "#" + text.shapes[at]


def first_told(texts: Sequence[Bare]) -> dict[str, int]:
    """Return the sentence in which each word is first told of."""
    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        for name in text.names:
            first.setdefault(name, number)
    return first
