# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands where on the page: numbers of remarks, names of places, what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from patchlint.model.finding import Finding, Report
from patchlint.model.location import InFile, Location
from patchlint.model.series import Series
from patchlint.report.html.room import room
from patchlint.report.posting import Mail, change_at, mails


class Said(Struct, frozen=True):
    """A finding and its number on the page, from 1."""

    number: int
    finding: Finding

    @property
    def name(self) -> str:
        """The place of the remark, to jump to."""
        return f"r{self.number}"

    @property
    def line(self) -> int:
        """The line of the mail it stands under."""
        return self.finding.anchor.span.line


class Mark(Struct, frozen=True):
    """A line that is a step of a proof: of which remark, which step, why it matters."""

    said: Said
    step: int
    note: str


class Sheet(Struct, frozen=True, eq=False, dict=True):
    """A mail on the page: its place, what is said in it, which lines are shown.

    ``marks`` are the steps of proofs by the lines of the mail they stand on.
    ``has_colours`` is False where there is no room for them.
    """

    name: str
    mail: Mail
    said: tuple[Said, ...]
    marks: Mapping[int, tuple[Mark, ...]]
    shown: frozenset[int]
    has_colours: bool

    def under(self, number: int) -> Sequence[Said]:
        """Return what is said about a line of the mail."""
        return self._by_line.get(number, ())

    def place(self, number: int) -> str:
        """Return the name of a line of the mail, to jump to."""
        return f"{self.name}-{number}"

    def target(self, where: Location) -> str | None:
        """Return the name of the line that shows a place; None if no line does."""
        number = line_of(self.mail, where)
        return self.place(number) if number in self.shown else None

    @cached_property
    def _by_line(self) -> Mapping[int, Sequence[Said]]:
        found: dict[int, list[Said]] = {}
        for said in self.said:
            found.setdefault(said.line, []).append(said)
        return found


class Plan(Struct, frozen=True, eq=False, dict=True):
    """The whole page; ``rules`` numbers those that speak, for the filter."""

    report: Report
    postings: tuple[Series, ...]
    sheets: tuple[Sheet, ...]
    rules: Mapping[str, int]

    @property
    def said(self) -> tuple[Said, ...]:
        """Every remark, in the order of the page."""
        return tuple(said for sheet in self.sheets for said in sheet.said)

    def of(self, series: Series) -> tuple[Sheet, ...]:
        """Return the mails of a posting."""
        return tuple(sheet for sheet in self.sheets if sheet.mail.series is series)

    def patch(self, series: Series, position: int) -> Sheet | None:
        """Return the mail of a patch of a posting."""
        at = (s for s in self.of(series) if s.mail.patch)
        return next(
            (s for s in at if s.mail.message.subject.position == position), None
        )

    def summary(self, rule: str) -> str:
        """Return the sentence that says what a rule finds."""
        return self._summaries.get(rule, "")

    @cached_property
    def _summaries(self) -> Mapping[str, str]:
        return {info.id: info.summary for info in self.report.rules}


def plan(report: Report, postings: Sequence[Series]) -> Plan:
    """Number everything, and choose which lines to show."""
    all_of = tuple(_mails(report, postings))
    rules = sorted({finding.rule for mail in all_of for finding in mail.findings})
    return Plan(
        report,
        tuple(postings),
        tuple(_sheets(all_of)),
        {rule: number for number, rule in enumerate(rules, 1)},
    )


def line_of(mail: Mail, where: Location) -> int | None:
    """Return the line of a mail that shows a place, if one does."""
    if not isinstance(where, InFile):
        return where.span.line
    changes = mail.patch.by_path.get((where.path, where.side), ()) if mail.patch else ()
    lines = (change.line_at(where.span.line, where.side) for change in changes)
    return next((line.mail for line in lines if line), None)


def _mails(report: Report, postings: Sequence[Series]) -> Iterator[Mail]:
    """Yield every mail, with findings or not, in posting order."""
    found = {(id(m.series), m.message.message_id): m for m in mails(report, postings)}
    for series in postings:
        patches = {patch.message.message_id: patch for patch in series.patches}
        for message in series.messages:
            patch = patches.get(message.message_id)
            mail = found.get((id(series), message.message_id))
            yield mail or Mail(series, message, patch, ())


def _sheets(all_of: Sequence[Mail]) -> Iterator[Sheet]:
    every: list[tuple[Mail, tuple[Said, ...], Mapping[int, tuple[Mark, ...]]]] = []
    count = 0
    for mail in all_of:
        said = tuple(Said(count + n, f) for n, f in enumerate(mail.findings, 1))
        count += len(said)
        every.append((mail, said, _marks(mail, said)))
    rooms = room([(m, {*marks, *(s.line for s in said)}) for m, said, marks in every])
    pairs = zip(every, rooms, strict=True)
    for index, ((mail, said, marks), (shown, has_colours)) in enumerate(pairs, 1):
        yield Sheet(f"m{index}", mail, said, marks, shown, has_colours)


def _marks(mail: Mail, said: Sequence[Said]) -> Mapping[int, tuple[Mark, ...]]:
    found: dict[int, list[Mark]] = {}
    for one in said:
        for count, step in enumerate(one.finding.trace, 1):
            number = line_of(mail, step.where)
            if number and change_at(mail, number):
                found.setdefault(number, []).append(Mark(one, count, step.note))
    return {number: tuple(marks) for number, marks in found.items()}
