# SPDX-License-Identifier: GPL-2.0-or-later
"""Which remarks on a version are still open in the next: nothing there changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patchlint.model.change import FileChange, Hunk, Kind
from patchlint.model.message import Message
from patchlint.model.remark import Remark, RemarkKind, Talk
from patchlint.model.series import Patch, Series
from patchlint.series.run import key

_ABOVE = 20
_MOST = 400
"""Lines of a hunk, or of a paragraph, that are compared."""
Row = tuple[Kind, str]


class Open(Struct, frozen=True):
    """A remark on the version before, and the line of the new mail that it fits."""

    remark: Remark
    line: int


def unanswered(talk: Talk, series: Series) -> tuple[Remark, ...]:
    """Return the remarks that nobody but their writer said anything to.

    Whoever answered a mail has seen all of it; what he left out, he left out.
    """
    heard = _heard(series)
    return tuple(
        remark
        for remark in talk.remarks
        if remark.kind is not RemarkKind.TAG
        and not remark.answers
        and remark.message_id not in heard
    )


def _heard(series: Series) -> frozenset[str]:
    """Return the mails below which somebody else has written."""
    mails = {mail.message_id: mail for mail in series.thread}
    heard: set[str] = set()
    for mail in series.thread:
        for name in (mail.in_reply_to, *mail.references[-_ABOVE:]):
            above = mails.get(name)
            if above is not None and not _same_person(above, mail):
                heard.add(name)
    return frozenset(heard)


def _same_person(one: Message, other: Message) -> bool:
    return one.sender.mailbox.lower() == other.sender.mailbox.lower()


def still_open(remarks: Sequence[Remark], old: Patch, new: Patch) -> Iterator[Open]:
    """Yield the remarks on a patch whose place is as it was in its next version.

    Of a diff, that is the whole hunk, context included: who changes anything near a
    remark may have done so because of it. Of a log, it is the paragraph.
    """
    places = _Places(old, new)
    for remark in remarks:
        is_here = remark.about == old.message.message_id and remark.line > 0
        line = places.now(remark.line) if is_here else 0
        if line:
            yield Open(remark, line)


class _Places:
    """Where the lines of a patch stand in its next version, if nothing near changed."""

    def __init__(self, old: Patch, new: Patch) -> None:
        """Know both; of the old one, each line of a diff by its number."""
        self._old, self._new = old, new
        self._hunks = {
            line.mail: (change, hunk)
            for change in old.changes
            for hunk in change.hunks
            for line in hunk.lines
        }
        self._paths: Mapping[str, FileChange] = {c.path: c for c in new.changes}

    def now(self, number: int) -> int:
        """Return the line of the new mail that a line of the old one became; or 0."""
        if found := self._hunks.get(number):
            return self._in_diff(*found, number)
        if number in self._old.parts.log:
            return self._in_log(number)
        return 0

    def _in_diff(self, change: FileChange, hunk: Hunk, number: int) -> int:
        other = self._paths.get(change.path)
        wanted = _rows(hunk)
        if other is None or len(wanted) > _MOST:
            return 0
        same = [each for each in other.hunks if _rows(each) == wanted]
        if len(same) != 1:
            return 0
        at = next(at for at, line in enumerate(hunk.lines) if line.mail == number)
        return same[0].lines[at].mail

    def _in_log(self, number: int) -> int:
        paragraph = _paragraph(self._old, number)
        wanted = [self._old.message.line(n).strip() for n in paragraph]
        log, line = self._new.parts.log, self._new.message.line
        for first in log:
            rows = range(first, min(first + len(paragraph), log.stop))
            is_here = line(first).strip() == wanted[0]
            if is_here and [line(n).strip() for n in rows] == wanted:
                return first + number - paragraph.start
        return 0


def _rows(hunk: Hunk) -> tuple[Row, ...]:
    return tuple((line.kind, key(line.text)) for line in hunk.lines[: _MOST + 1])


def _paragraph(patch: Patch, number: int) -> range:
    """Return the lines around one, as far as no blank line parts them."""
    log, line = patch.parts.log, patch.message.line
    first, end = number, number + 1
    while first - 1 in log and line(first - 1).strip() and number - first < _MOST:
        first -= 1
    while end in log and line(end).strip() and end - number < _MOST:
        end += 1
    return range(first, end)
