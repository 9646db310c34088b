# SPDX-License-Identifier: GPL-2.0-or-later
"""Characters nobody sees, and letters that look like others.

Both make text mean something else than it seems to (CVE-2021-42574, CVE-2021-42694;
Unicode Technical Reports 36 and 39). What is said of them names them by number.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct

from patchlint.analysis.added_lines import new_text
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.change import FileChange, Kind
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.model.message import Message
from patchlint.model.series import Patch

_WORD = re.compile(r"\w+")
_MARK = "\ufeff"
_SHOWN = 5


class _Row(Struct, frozen=True):
    """A line that somebody wrote, and how to name a place in it."""

    text: str
    path: str
    number: int

    def at(self, first: int, end: int) -> Location:
        """Return the place of the characters from ``first`` up to ``end``, from 0."""
        span = Span(self.number, first + 1, self.number, end + 1)
        return InFile(self.path, Side.NEW, span) if self.path else InMessage(span)


def hidden_characters(context: MessageContext, options: Options) -> Iterator[Match]:
    """No character is added that is not seen, or that moves others.

    ``code`` and ``log`` are the ranges to look for there. ``joiners`` are those that
    some scripts are written with: they may stand between letters outside ASCII.
    """
    patch = context.patch
    if patch is None:
        return
    code, log = _some(options, "code"), _some(options, "log")
    joiners = _some(options, "joiners")
    if code and code.search(context.facts.of_one(new_text, patch)):
        gone = _counted(patch, code)
        for change in _files(patch, options):
            known = gone.copy()
            hits = (
                (row, at)
                for row in _added(change)
                for at in _found(row, code, joiners)
                if not _was_there(row.text[at], known)
            )
            yield from _told(hits, options)
    if log and log.search(context.facts.of_one(_log_text, patch)):
        hits = ((row, at) for row in _log(patch) for at in _found(row, log, joiners))
        yield from _told(hits, options)


def _files(patch: Patch, options: Options) -> Iterator[FileChange]:
    spared = options.some_pattern("spared_paths")
    return (change for change in patch.changes if not spared.search(change.path))


def _added(change: FileChange) -> Iterator[_Row]:
    for line in change.lines:
        if line.kind is Kind.ADDED and line.new:
            yield _Row(line.text.removesuffix("\r"), change.path, line.new)


def _log(patch: Patch) -> Iterator[_Row]:
    """Yield the subject, the log and the trailers: what becomes the commit."""
    message = patch.message
    numbers = (*_subject(message), *range(patch.parts.log.start, _log_end(patch)))
    return (_Row(message.line(number), "", number) for number in numbers)


def _log_text(patch: Patch) -> str:
    return "\n".join(row.text for row in _log(patch))


def _subject(message: Message) -> range:
    first = end = message.subject.line
    if not 0 < first < message.body_start:
        return range(0)
    end += 1
    while end < message.body_start and message.line(end)[:1] in (" ", "\t"):
        end += 1
    return range(first, end)


def _log_end(patch: Patch) -> int:
    last = max((trailer.line + 1 for trailer in patch.parts.trailers), default=0)
    return max(patch.parts.log.stop, last)


def _some(options: Options, key: str) -> re.Pattern[str] | None:
    """Return a list of characters and ranges, as ``U+202A-U+202E``, as a class."""
    return _class(options.some_words(key))


@cache
def _class(words: tuple[str, ...]) -> re.Pattern[str] | None:
    parts = ("-".join(re.escape(_char(end)) for end in w.split("-")) for w in words)
    return re.compile(f"[{''.join(parts)}]") if words else None


def _char(name: str) -> str:
    return chr(int(name.removeprefix("U+"), 16))


def _found(
    row: _Row, pattern: re.Pattern[str], joiners: re.Pattern[str] | None
) -> Iterator[int]:
    for hit in pattern.finditer(row.text):
        at = hit.start()
        is_mark = hit[0] == _MARK and at == 0 and row.number == 1
        is_joiner = joiners is not None and joiners.match(hit[0]) is not None
        if not is_mark and not (is_joiner and _joins(row.text, at)):
            yield at


def _joins(text: str, at: int) -> bool:
    """Say whether a joiner stands behind a letter or a symbol of another script."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before) and not before.isascii() and not (after.isascii() and after)


def _counted(patch: Patch, pattern: re.Pattern[str]) -> Counter[str]:
    """Count what the lines that go had: they may only have moved."""
    return Counter(
        char
        for change in patch.changes
        for line in change.lines
        if line.kind is Kind.REMOVED
        for char in pattern.findall(line.text)
    )


def _was_there(char: str, known: Counter[str]) -> bool:
    known[char] -= 1
    return known[char] >= 0


def _told(hits: Iterable[tuple[_Row, int]], options: Options) -> Iterator[Match]:
    """Yield one match at the first place; the others are its trace."""
    places = list(hits)
    if not places:
        return
    (row, at), *more = places
    text = f"{named(row.text[at])} {options.text('say', 'is hidden here')}"
    if more:
        text += f" ({len(more)} more like it)"
    yield Match(
        row.at(at, at + 1),
        f"{text}.",
        trace=tuple(_step(*place) for place in more[:_SHOWN]),
        key=named(row.text[at]),
    )


def _step(row: _Row, at: int) -> Step:
    return Step(row.at(at, at + 1), row.text, f"{named(row.text[at])}, column {at + 1}")


def named(char: str) -> str:
    """Return a character by its number and its name."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}" + (f" {name}" if name else " (a control character)")


def mixed_scripts(context: MessageContext, options: Options) -> Iterator[Match]:
    """No word is made of Latin letters and of others that look like Latin ones.

    ``lookalikes`` are lines of a character by its number, and the letter it looks like.
    """
    patch = context.patch
    if patch is None:
        return
    is_plain = context.facts.of_one(new_text, patch).isascii()
    if is_plain and context.facts.of_one(_log_text, patch).isascii():
        return
    alike = dict(_lookalike(line) for line in options.words("lookalikes"))
    files = () if is_plain else _files(patch, options)
    rows = [row for change in files for row in _added(change)]
    known = {word for word in _removed_words(patch) if not word.isascii()}
    for row in (*_log(patch), *rows):
        if row.text.isascii():
            continue
        for hit in _WORD.finditer(row.text):
            if hit[0] not in known and (at := _foreign(hit[0], alike)) >= 0:
                known.add(hit[0])
                yield _looks(row, hit, at, alike)


def _lookalike(line: str) -> tuple[str, str]:
    name, _, letter = line.partition(" ")
    return _char(name), letter


def _removed_words(patch: Patch) -> Iterator[str]:
    for change in patch.changes:
        for line in change.lines:
            if line.kind is not Kind.ADDED and not line.text.isascii():
                yield from _WORD.findall(line.text)


def _foreign(word: str, alike: dict[str, str]) -> int:
    """Return where the first look-alike stands in a word that seems Latin, or -1."""
    letters = [char for char in word if char.isalpha()]
    if not any(char.isascii() for char in letters):
        return -1
    if not all(char.isascii() or char in alike for char in letters):
        return -1
    return next((at for at, char in enumerate(word) if char in alike), -1)


def _looks(row: _Row, hit: re.Match[str], at: int, alike: dict[str, str]) -> Match:
    char = hit[0][at]
    seems = "".join(alike.get(char, char) for char in hit[0])
    text = f'{named(char)} is not the letter {alike[char]}; this is not "{seems}".'
    return Match(row.at(hit.start(), hit.end()), text, key=ascii(hit[0]))
