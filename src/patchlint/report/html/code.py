# SPDX-License-Identifier: GPL-2.0-or-later
"""One line of text or code: colours, marks, and hidden characters made visible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from patchlint.report.html.colour import Span
from patchlint.report.html.markup import Html, join, tag, text
from patchlint.report.safe import printable

LONGEST = 1000
_CUT = " [...]"


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
    """Return text with each hidden character named where a pointer rests on it."""
    shown = printable(words)
    if shown == words:
        return text(words)
    return join(
        tag("span", now, class_="x", title=_name(was)) if was != now else now
        for was, now in zip(words, shown, strict=True)
    )


def _name(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()
