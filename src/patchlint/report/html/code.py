# SPDX-License-Identifier: GPL-2.0-or-later
"""One line of text or code: colours, marks, and hidden characters made visible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from patchlint.report.html.colour import Span
from patchlint.report.html.markup import Html, join, tag, text
from patchlint.report.safe import printable

LONGEST = 1000
_CUT = " [...]"
_NAMED = 3


def line(
    words: str, colours: Sequence[Span] = (), marks: Sequence[tuple[int, int]] = ()
) -> Html:
    """Return a line; ``marks`` are columns from 0, ends excluded, to be pointed at.

    A line of more than a thousand characters is cut. An empty mark is an insertion,
    and marks the character that follows.
    """
    shown = words[:LONGEST]
    wide = [(first, max(end, first + 1)) for first, end in marks]
    pieces = _marked(shown, colours, sorted(wide))
    return join((*pieces, _CUT if len(words) > LONGEST else ""))


def _marked(
    words: str, colours: Sequence[Span], marks: Iterable[tuple[int, int]]
) -> Iterator[Html]:
    """Yield the text in and between marks; where they overlap, the first one wins."""
    at = 0
    for first, end in marks:
        start, stop = max(first, at), min(end, len(words))
        if start < stop:
            yield from _coloured(words, colours, at, start)
            yield tag("mark", *_coloured(words, colours, start, stop))
            at = stop
    yield from _coloured(words, colours, at, len(words))


def _coloured(
    words: str, colours: Sequence[Span], start: int, stop: int
) -> Iterator[Html]:
    at = start
    for first, end, name in colours:
        first, end = max(first, start), min(end, stop)
        if first >= end:
            continue
        if at < first:
            yield _visible(words[at:first])
        yield tag("span", _visible(words[first:end]), class_=name)
        at = end
    if at < stop:
        yield _visible(words[at:stop])


def _visible(words: str) -> Html:
    """Return text with hidden characters named where a pointer rests on them."""
    shown = printable(words)
    if shown == words:
        return text(words)
    pieces: list[Html] = []
    pairs = zip(words, shown, strict=True)
    for is_hidden, run in groupby(pairs, key=lambda pair: pair[0] != pair[1]):
        was, now = ("".join(side) for side in zip(*run, strict=True))
        made = text(now)
        pieces.append(
            tag("span", made, class_="x", title=_names(was)) if is_hidden else made
        )
    return join(pieces)


def _names(run: str) -> str:
    """Return the names of the first characters of a run, each once."""
    chars = [*dict.fromkeys(run)]
    names = [
        f"U+{ord(c):04X} {unicodedata.name(c, '')}".rstrip() for c in chars[:_NAMED]
    ]
    return ", ".join((*names, "...") if chars[_NAMED:] else names)
