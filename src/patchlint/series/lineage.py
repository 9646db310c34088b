# SPDX-License-Identifier: GPL-2.0-or-later
"""Which posting is an earlier version of which, among those at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patchlint.mail.date import utc_seconds
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.series.likeness import title
from patchlint.series.patch_id import patch_id

_MOST = 50
"""How many postings are asked that have one thing in common."""
_DEPTH = 30
"""How many earlier versions a posting knows."""
_ALIKE = 0.75
_WIDE = 200
_AGAIN = frozenset({"RESEND", "REPOST"})
_LINK = re.compile(r"https?://[^\s>)\]]*?/(?:id:)?([^\s/>)\]]+(?:@|%40)[^\s/>)\]#?,]+)")


class Lineage(Struct, frozen=True):
    """The postings to look at, each with its earlier version as ``previous``.

    ``earlier`` are those that a later version takes the place of.
    """

    latest: tuple[Series, ...]
    earlier: tuple[Series, ...]


def lineage(postings: Sequence[Series]) -> Lineage:
    """Sort postings into the newest of each series and the versions before it."""
    found = _previous(postings)
    old = {number for numbers in found for number in numbers}
    news = [at for at in range(len(postings)) if at not in old]
    return Lineage(
        tuple(_chain(postings, found, at) for at in news),
        tuple(postings[at] for at in sorted(old)),
    )


def _chain(
    postings: Sequence[Series], found: Sequence[Sequence[int]], at: int
) -> Series:
    """Return a posting with the version before it, which has the one before that."""
    numbers = [at]
    while found[numbers[-1]] and len(numbers) < _DEPTH:
        numbers.append(found[numbers[-1]][0])
    made: Series | None = None
    for number in reversed(numbers):
        made = replace(postings[number], previous=made)
    return made or postings[at]


def follow(postings: Sequence[Series], before: Sequence[Series]) -> tuple[Series, ...]:
    """Return the postings, each with its earlier version out of those ``before``.

    Somebody named them: where there is but one, it is that, whatever it looks like.
    """
    found = _previous([*before, *postings])[len(before) :]
    last = lineage(before).latest
    made: list[Series] = []
    for series, numbers in zip(postings, found, strict=True):
        own = [before[at] for at in numbers if at < len(before)]
        if not own and len(postings) == 1 and len(last) == 1:
            own = [last[0]]
        made.append(replace(series, previous=own[0]) if own else series)
    return tuple(made)


def _previous(postings: Sequence[Series]) -> list[list[int]]:
    """Return, for each posting, the numbers of its earlier versions, the last first."""
    marks = [_Marks.of(series) for series in postings]
    asked: dict[str, list[int]] = {}
    for at, mark in enumerate(marks):
        for key in mark.known_by():
            asked.setdefault(key, []).append(at)
    found: list[list[int]] = []
    for at, mark in enumerate(marks):
        near = {
            number
            for key in mark.asks()
            for number in asked.get(key, ())[-_MOST:]
            if number != at
        }
        older = [n for n in sorted(near) if _is_older(marks[n], mark)]
        older = [n for n in older if _is_one(marks[n], mark)]
        older.sort(key=lambda n: marks[n].rank(n), reverse=True)
        found.append(older)
    return found


class _Marks(Struct, frozen=True):
    """What a posting is known by."""

    series: Series
    moment: int
    words: frozenset[str]
    senders: frozenset[str]
    titles: frozenset[str]
    ids: frozenset[str]
    paths: frozenset[str]

    @classmethod
    def of(cls, series: Series) -> _Marks:
        mails = series.messages
        moments = (utc_seconds(mail.date) for mail in mails)
        return cls(
            series=series,
            moment=min((m for m in moments if m is not None), default=-1),
            words=frozenset(w.upper() for mail in mails for w in mail.subject.prefixes),
            senders=frozenset(name for mail in mails for name in _names(mail)),
            titles=frozenset(
                f"{mail.subject.position > 0} {title(mail.subject.text)}"
                for mail in mails
            ),
            ids=frozenset(
                name for p in series.patches if (name := patch_id(p.changes))
            ),
            paths=frozenset(path for p in series.patches for path in p.touched),
        )

    def known_by(self) -> Iterator[str]:
        """Yield what a later version may ask for."""
        series = self.series
        yield from (f"change {name}" for name in series.footer("change-id"))
        mails = (*series.messages, *series.superseded)
        yield from (f"mail {mail.message_id}" for mail in mails)
        yield from (f"title {name}" for name in self.titles)
        yield from (f"patch {name}" for name in self.ids)
        if len(series.patches) == 1:
            yield from (f"path {name}" for name in self.paths)

    def asks(self) -> Iterator[str]:
        """Yield what an earlier version may be found by."""
        yield from self.known_by()
        yield from (f"mail {name}" for name in self.links())

    def links(self) -> Iterator[str]:
        """Yield the mails that the first mail answers or links to."""
        head = self.series.head
        yield from (name for name in (head.in_reply_to, *head.references) if name)
        last = len(head.lines) + 1
        if self.series.cover is None and self.series.patches:
            last = self.series.patches[0].parts.diff.start
        for number in range(head.body_start, last):
            for hit in _LINK.finditer(head.line(number)):
                yield hit[1].replace("%40", "@").rstrip(".")

    def rank(self, number: int) -> tuple[bool, int, int, int]:
        """Return what tells the later of two earlier versions."""
        is_draft = "RFC" in self.words
        return not is_draft, self.series.version, self.moment, number


def _names(mail: Message) -> Iterator[str]:
    for person in (mail.sender, mail.author):
        if person is not None and person.mailbox:
            yield person.mailbox.lower()
        if person is not None and " " in person.name.strip():
            yield person.name.lower()


def _is_older(one: _Marks, other: _Marks) -> bool:
    """Say whether one posting counts, or was sent, as an earlier version would be."""
    if one.series.version != other.series.version:
        drafted = "RFC" in one.words and "RFC" not in other.words
        if one.series.version > other.series.version:
            return drafted and 0 <= one.moment < other.moment
        return not (0 <= other.moment < one.moment and "RFC" in other.words - one.words)
    again = bool(_AGAIN & other.words) or "RFC" in one.words - other.words
    return again and 0 <= one.moment < other.moment


def _is_one(one: _Marks, other: _Marks) -> bool:
    """Say whether two postings are versions of one series."""
    changes = {*one.series.footer("change-id")}
    if changes & {*other.series.footer("change-id")}:
        return True
    if changes and other.series.footer("change-id"):
        return False
    same = _shared(one, other)
    is_whole = 2 * same >= min(len(one.series.patches), len(other.series.patches))
    mine = {mail.message_id for mail in (*one.series.messages, *one.series.superseded)}
    linked = not mine.isdisjoint(other.links())
    if one.senders & other.senders:
        return is_whole or _is_alike(one, other, _ALIKE / 2 if linked else _ALIKE)
    return linked and same > 0 and is_whole


def _shared(one: _Marks, other: _Marks) -> int:
    """Count the patches that two postings share."""
    titles = sum(name.startswith("True") for name in one.titles & other.titles)
    return max(titles, len(one.ids & other.ids))


def _is_alike(one: _Marks, other: _Marks, least: float) -> bool:
    """Say whether two postings touch one file, and their first mails read alike.

    Series of more patches than one, and of fewer in common than half of them, have one
    title to be taken for versions of each other.
    """
    if one.paths.isdisjoint(other.paths):
        return False
    # Most postings are no version of each other.
    from difflib import SequenceMatcher

    first, second = (title(m.series.head.subject.text)[:_WIDE] for m in (one, other))
    if len(one.series.patches) != 1 or len(other.series.patches) != 1:
        least = 1.0 if least >= _ALIKE else least
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= least
