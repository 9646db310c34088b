# SPDX-License-Identifier: GPL-2.0-or-later
"""What is kept of a scan: a row for each mail that was looked at, and each finding.

The names of the fields are those of the columns (docs/scan.md).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from patchlint.adapters.scan.units import Archive
from patchlint.lint.card import Card
from patchlint.lint.context import language_of
from patchlint.lint.rule import Result
from patchlint.mail.date import utc_seconds
from patchlint.model.finding import Crash, Finding, Skip
from patchlint.model.location import InFile
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.series.likeness import title
from patchlint.series.patch_id import patch_id

# The month of a mail without a date, or with one that nobody can have written.
NO_MONTH = "0000-00"
# The severity of a finding that is none.
CRASH = "crash"
_FIRST, _LAST = 1990, 2100
# Characters of what a mail says of itself; a header may be endless.
_LONG = 500


class MailRow(Struct, frozen=True):
    """A patch, or the cover letter of a posting (position 0).

    ``head`` is the first mail of its posting. ``title`` is the subject as it is
    compared, ``languages`` those that the patch touches. ``not_checked`` are the rules
    that would have needed more than was at hand.
    """

    list: str
    accepted: bool
    month: str
    date: int | None
    message_id: str
    head: str
    position: int
    total: int
    version: int
    sender: str
    title: str
    change_id: str
    patch_id: str
    languages: tuple[str, ...]
    not_checked: tuple[str, ...]


class FindingRow(Struct, frozen=True):
    """What a rule said of a mail, or that it crashed there (severity ``crash``)."""

    list: str
    accepted: bool
    month: str
    message_id: str
    head: str
    position: int
    rule: str
    severity: str
    confidence: str
    evidence: str
    message: str
    quote: str
    line: int
    path: str
    fingerprint: str


class CountRow(Struct, frozen=True):
    """What one rule did with the mails of one unit in one month.

    What is counted says its scope (see ``counted``). ``fired`` is how many it spoke of,
    ``findings`` how often; ``looked`` those that it could look at.
    """

    list: str
    accepted: bool
    month: str
    rule: str
    looked: int
    fired: int
    findings: int
    not_checked: int
    crashes: int


class Rows(Struct):
    """The rows of a unit."""

    mails: list[MailRow]
    findings: list[FindingRow]
    counts: list[CountRow]


def month_of(date: int | None) -> str:
    """Return the month of a moment, as a partition is called."""
    if date is None:
        return NO_MONTH
    when = time.gmtime(date)
    known = _FIRST <= when.tm_year < _LAST
    return f"{when.tm_year}-{when.tm_mon:02}" if known else NO_MONTH


def mail_rows(
    archive: Archive,
    series: Series,
    results: Sequence[Result],
    is_mine: Callable[[Message], bool],
) -> Iterator[MailRow]:
    """Yield a row for each mail of a posting that is of this unit."""
    skips: dict[str, dict[str, None]] = {}
    for result in results:
        if isinstance(result, Skip):
            skips.setdefault(result.message_id, {})[result.rule] = None
    patches = {patch.message.message_id: patch for patch in series.patches}
    change_id = next(iter(series.footer("change-id")), "")
    for mail in filter(is_mine, series.messages):
        date = utc_seconds(mail.date)
        patch = patches.get(mail.message_id)
        yield MailRow(
            list=archive.list,
            accepted=archive.accepted,
            month=month_of(date),
            date=date,
            message_id=_short(mail.message_id),
            head=_short(series.head.message_id),
            position=mail.subject.position if patch else 0,
            total=series.total,
            version=series.version,
            sender=_short((mail.author or mail.sender).mailbox.lower()),
            title=_short(title(mail.subject.text)),
            change_id=_short(change_id),
            patch_id=patch_id(patch.changes) if patch else "",
            languages=_languages(patch) if patch else (),
            not_checked=tuple(sorted(skips.get(mail.message_id, ()))),
        )


def finding_rows(
    mails: Mapping[str, MailRow], results: Iterable[Result]
) -> Iterator[FindingRow]:
    """Yield the findings, and the crashes, in the mails of this unit."""
    for result in results:
        row = mails.get(_short(result.message_id))
        if row is None or isinstance(result, Skip):
            continue
        yield _finding_row(row, result)


def _finding_row(row: MailRow, result: Finding | Crash) -> FindingRow:
    found = result if isinstance(result, Finding) else None
    where = found and found.where
    return FindingRow(
        list=row.list,
        accepted=row.accepted,
        month=row.month,
        message_id=row.message_id,
        head=row.head,
        position=row.position,
        rule=result.rule,
        severity=found.severity.name.lower() if found else CRASH,
        confidence=found.confidence.name.lower() if found else "",
        evidence=found.evidence.value if found else "",
        message=_short(result.error if isinstance(result, Crash) else result.message),
        quote=_short(found.quote) if found else "",
        line=found.anchor.span.line if found else 0,
        path=_short(where.path) if isinstance(where, InFile) else "",
        fingerprint=found.fingerprint if found else "",
    )


def counted(card: Card) -> str:
    """Return what the rate of a rule is a share of."""
    if card.scope == "message":
        return "mails"
    return "postings" if card.scope in ("series", "version") else "patches"


def concerns(card: Card, row: MailRow) -> bool:
    """Say whether a mail is one of those that a rule counts.

    A rule over code counts the patches that touch its languages, one over versions the
    postings that have a version before.
    """
    kind = counted(card)
    if kind == "postings":
        is_head = row.message_id == row.head
        return is_head and (card.scope == "series" or row.version > 1)
    if kind == "mails":
        return True
    return row.position > 0 and (
        not card.languages or not set(card.languages).isdisjoint(row.languages)
    )


def count_rows(
    cards: Iterable[Card], mails: Sequence[MailRow], findings: Sequence[FindingRow]
) -> Iterator[CountRow]:
    """Yield what each rule did, month by month."""
    place = {row.message_id: index for index, row in enumerate(mails)}
    kinds = {(row.list, row.accepted, row.month) for row in mails}
    said: Counter[tuple[str, str]] = Counter()
    fired: dict[tuple[str, str], set[str]] = {}
    crashes: Counter[tuple[str, str]] = Counter()
    for found in findings:
        key = (found.rule, mails[place[found.message_id]].month)
        if found.severity == CRASH:
            crashes[key] += 1
            continue
        said[key] += 1
        fired.setdefault(key, set()).add(found.message_id)
    for card in cards:
        mine = [row for row in mails if concerns(card, row)]
        for name, accepted, month in sorted(kinds):
            here = [row for row in mine if row.month == month]
            skipped = sum(was_skipped(card.id, row) for row in here)
            key = (card.id, month)
            yield CountRow(
                list=name,
                accepted=accepted,
                month=month,
                rule=card.id,
                looked=len(here) - skipped,
                fired=len(fired.get(key, ())),
                findings=said[key],
                not_checked=skipped,
                crashes=crashes[key],
            )


def was_skipped(rule: str, row: MailRow) -> bool:
    """Say whether a rule could not look at a mail."""
    return rule in row.not_checked


def _languages(patch: Patch) -> tuple[str, ...]:
    found = {language_of(path) for path in patch.touched}
    return tuple(sorted(found - {""}))


def _short(text: str) -> str:
    """Return a text that fits a column: bounded, and without half characters."""
    return text[:_LONG].encode("utf-8", "replace").decode("utf-8")
