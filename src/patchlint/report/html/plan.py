# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands where on the page: numbers of remarks, names of places, what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from patchlint.model.change import FileChange, Hunk
from patchlint.model.finding import Finding, Report
from patchlint.model.location import InFile, Location
from patchlint.model.series import Series
from patchlint.report.posting import Mail, change_at, hunk_at, mails

# So many lines of mails are shown; beyond, only what is around the remarks.
MOST = 30_000
NEAR = 20


@dataclass(frozen=True, slots=True)
class Said:
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


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that is a step of a proof: of which remark, which step, why it matters."""

    said: Said
    step: int
    note: str


@dataclass(frozen=True)
class Sheet:
    """A mail on the page: its place, what is said in it, which lines are shown.

    ``marks`` are the steps of proofs by the lines of the mail they stand on.
    """

    name: str
    mail: Mail
    said: tuple[Said, ...]
    marks: Mapping[int, tuple[Mark, ...]]
    shown: frozenset[int]

    def under(self, number: int) -> tuple[Said, ...]:
        """Return what is said about a line of the mail."""
        return self._by_line.get(number, ())

    def place(self, number: int) -> str:
        """Return the name of a line of the mail, to jump to."""
        return f"{self.name}-{number}"

    def target(self, where: Location) -> str | None:
        """Return the name of the line that shows a place; None if no line does."""
        number = line_of(self.mail, where)
        return self.place(number) if number in self.shown else None

    def __post_init__(self) -> None:
        found: dict[int, tuple[Said, ...]] = {}
        for said in self.said:
            found[said.line] = (*found.get(said.line, ()), said)
        object.__setattr__(self, "_by_line", found)

    _by_line: Mapping[int, tuple[Said, ...]] = field(default_factory=dict, init=False)


@dataclass(frozen=True, slots=True)
class Plan:
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
        infos = self.report.rules
        return next((info.summary for info in infos if info.id == rule), "")


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


def words(mail: Mail) -> range:
    """Return the lines of a mail below its header that are no diff."""
    end = len(mail.message.lines) + 1
    if mail.patch and mail.patch.parts.diff:
        end = min(mail.patch.parts.diff.start, end)
    return range(min(mail.message.body_start, end), end)


def rows(mail: Mail) -> Iterator[range]:
    """Yield the runs of lines that are shown together: the text, and each hunk."""
    yield words(mail)
    for change in mail.patch.changes if mail.patch else ():
        for hunk in change.hunks:
            last = hunk.lines[-1].mail if hunk.lines else hunk.mail
            yield range(hunk.mail, last + 1)


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
    count, left = 0, MOST
    for index, mail in enumerate(all_of, 1):
        said = tuple(Said(count + n, f) for n, f in enumerate(mail.findings, 1))
        count += len(said)
        marks = _marks(mail, said)
        shown, left = _shown(mail, {*marks, *(s.line for s in said)}, left)
        yield Sheet(f"m{index}", mail, said, marks, frozenset(shown))


def _marks(mail: Mail, said: Sequence[Said]) -> Mapping[int, tuple[Mark, ...]]:
    found: dict[int, list[Mark]] = {}
    for one in said:
        for count, step in enumerate(one.finding.trace, 1):
            number = line_of(mail, step.where)
            if number and change_at(mail, number):
                found.setdefault(number, []).append(Mark(one, count, step.note))
    return {number: tuple(marks) for number, marks in found.items()}


def _shown(mail: Mail, wanted: set[int], left: int) -> tuple[set[int], int]:
    """Return the lines to show, and how many more the page has room for."""
    shown = set(wanted)
    for run in rows(mail):
        if len(run) <= left:
            shown.update(run)
            left -= len(run)
        else:
            shown.update(n for at in wanted for n in _near(run, at))
    return shown, left


def _near(run: range, at: int) -> range:
    if at not in run:
        return range(0)
    return range(max(run.start, at - NEAR), min(run.stop, at + NEAR + 1))


def change_of(sheet: Sheet, number: int) -> tuple[FileChange | None, Hunk | None]:
    """Return file and hunk that a line of the mail belongs to."""
    change = change_at(sheet.mail, number)
    return change, hunk_at(change, number) if change else None
