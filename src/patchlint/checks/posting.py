# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about a posting as one: cover letter, base, diffstats, recipients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchlint.analysis.maintainers import Entry, Maintainers, Person, maintainers
from patchlint.lint.context import MessageContext, SeriesContext
from patchlint.lint.options import Options
from patchlint.model.change import FileChange, Kind
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InMessage, Span
from patchlint.model.message import Message
from patchlint.model.series import Series

Seen = Match | NotChecked

_STAT = re.compile(r" (\S.*?) +\| +(\d+)(?: [+-]+)?\s*\Z")
_SUM = re.compile(
    r" (\d+) files? changed"
    r"(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?\s*\Z"
)
_MOST = 500
_SHOWN = 4


def cover_letter(context: SeriesContext, options: Options) -> Iterator[Match]:
    """Several patches have a letter that says what they are for."""
    series = context.series
    if series.cover is not None or len(series.patches) < options.number("patches"):
        return
    where = InMessage(Span(series.head.subject.line))
    said = f"{len(series.patches)} patches, and no cover letter says what they are for."
    yield Match(where, said, key="cover")


def base_named(context: SeriesContext, options: Options) -> Iterator[Match]:
    """A posting says what it applies to: a base-commit:, a tree, another series."""
    series, words = context.series, options.pattern("words")
    keys = options.words("footers")
    if series.base_commit or any(series.footer(key) for key in keys):
        return
    if len(series.patches) < options.number("patches"):
        return
    if set(map(str.lower, series.head.subject.prefixes)) - set(options.words("plain")):
        return
    if any(words.search(line) for line in _prose(series)):
        return
    where = InMessage(Span(series.head.subject.line))
    said = "Nothing says what the series applies to: no base-commit:, no tree is named."
    yield Match(where, said, key="base")


def _prose(series: Series) -> Iterator[str]:
    """Yield the lines of the cover letter, and of the first patch before its diff."""
    if series.cover:
        begin = series.cover.body_start - 1
        yield from series.cover.lines[begin : begin + _MOST]
    first = series.patches[0]
    for number in (*first.parts.log, *first.parts.notes):
        yield first.message.line(number)


def diffstat_mismatch(context: MessageContext, options: Options) -> Iterator[Match]:  # noqa: ARG001
    """The diffstat counts the lines of the diff, else one of them was edited."""
    patch = context.patch
    if patch is None or patch.defects or context.message.defects:
        return
    if any(not c.has_text or c.incomplete or c.copied for c in patch.changes):
        return
    counted = {change.path: _count(change) for change in patch.changes}
    for number in patch.parts.notes:
        text = context.message.line(number)
        if (total := _SUM.match(text)) and not _is_sum(total, counted):
            added = sum(plus for plus, _ in counted.values())
            removed = sum(minus for _, minus in counted.values())
            files = "file" if len(counted) == 1 else "files"
            said = (
                f"This does not fit the diff, which has +{added} "
                f"and -{removed} in {len(counted)} {files}."
            )
            yield Match(InMessage(Span(number)), said, key="sum")
            return
        if (row := _STAT.match(text)) and (wrong := _wrong(row, counted)):
            said = f"This does not fit the diff of the file: {wrong} changed lines."
            yield Match(InMessage(Span(number)), said, key=row[1])
            return


def _count(change: FileChange) -> tuple[int, int]:
    kinds = [line.kind for line in change.lines]
    return kinds.count(Kind.ADDED), kinds.count(Kind.REMOVED)


def _is_sum(total: re.Match[str], counted: dict[str, tuple[int, int]]) -> bool:
    added = sum(plus for plus, _ in counted.values())
    removed = sum(minus for _, minus in counted.values())
    here = (len(counted), added, removed)
    return tuple(int(part or 0) for part in total.groups()) == here


def _wrong(row: re.Match[str], counted: dict[str, tuple[int, int]]) -> str:
    """Return how many lines of a file of the diffstat change, "" if as many as said.

    Long paths are cut at the front; one that stands for several is left out.
    """
    end = row[1].removeprefix("...")
    here = [count for path, count in counted.items() if path.endswith(end)]
    if len(here) != 1 or "=>" in row[1]:
        return ""
    return str(sum(here[0])) if sum(here[0]) != int(row[2]) else ""


def recipients(context: SeriesContext, options: Options) -> Iterator[Seen]:
    """Somebody of the most specific entry of each file gets the posting."""
    series = context.series
    sent = {
        address.mailbox.lower(): address.name
        for mail in series.messages
        for address in (*mail.to, *mail.cc)
    }
    # One that was not sent yet has reached nobody, and misses nobody.
    if not sent or not series.patches:
        return
    text = context.history.file(series.base_commit or "HEAD", "MAINTAINERS")
    if text is None:
        yield NotChecked("MAINTAINERS, for who should get the series")
        return
    known = context.facts.of(maintainers, text)
    people = set(sent) | _writers(series.messages)
    named = {name.lower() for name in sent.values() if name}
    missed: dict[int, tuple[Entry, str]] = {}
    for path in sorted({path for patch in series.patches for path in patch.touched}):
        for entry in _closest(known, path):
            if not _is_reached(entry, people, named):
                missed.setdefault(id(entry), (entry, path))
    wanted = [(e, path) for e, path in missed.values() if any(_wanted(e, options))]
    if wanted:
        yield _not_sent(series.head, wanted, options)


def _is_reached(entry: Entry, people: set[str], named: set[str]) -> bool:
    """Say whether a list or one person of an entry got the mail."""
    everybody = (*entry.lists, *entry.maintainers, *entry.reviewers)
    return any(p.mailbox in people or p.name.lower() in named for p in everybody)


def _writers(messages: Iterable[Message]) -> set[str]:
    people = [p for mail in messages for p in (mail.sender, mail.author) if p]
    return {person.mailbox.lower() for person in people}


def _closest(known: Maintainers, path: str) -> list[Entry]:
    """Return the most specific entries of a path that somebody looks after."""
    found = known.of(path)
    return [entry for depth, entry in found if depth == found[0][0]]


def _wanted(entry: Entry, options: Options) -> Iterator[Person]:
    """Yield the maintainers of an entry, and its lists that take mail of all."""
    closed = options.pattern("closed")
    yield from (person for person in entry.lists if not closed.search(person.note))
    yield from entry.maintainers


def _not_sent(
    head: Message, missed: list[tuple[Entry, str]], options: Options
) -> Match:
    names = [entry.title for entry, _ in missed]
    more = len(names) - _SHOWN
    listed = ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    where = InMessage(Span(_header(head)))
    return Match(
        where=where,
        message=f"Nobody of {listed} in MAINTAINERS got this.",
        trace=tuple(
            Step(where, ", ".join(p.mailbox for p in _wanted(entry, options)), path)
            for entry, path in missed[:_SHOWN]
        ),
        key=" ".join(sorted(names)),
    )


def _header(head: Message) -> int:
    """Return the line of the Cc or To header, or of the subject."""
    lines = [line.lower() for line in head.lines[: head.body_start - 1]]
    for name in ("cc:", "to:"):
        for number, line in enumerate(lines, 1):
            if line.startswith(name):
                return number
    return head.subject.line
