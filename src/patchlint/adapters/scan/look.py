# SPDX-License-Identifier: GPL-2.0-or-later
"""One unit of an archive: its mails, their postings, and what rules say of those."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.adapters.rulebook import rulebook
from patchlint.adapters.scan.archives import read
from patchlint.adapters.scan.job import Answer, Job, Stats, Terms
from patchlint.adapters.scan.rows import (
    CRASH,
    MailRow,
    Rows,
    count_rows,
    finding_rows,
    mail_rows,
)
from patchlint.adapters.scan.units import Unit
from patchlint.adapters.task import Results, Task
from patchlint.adapters.world import World
from patchlint.lint.engine import look
from patchlint.lint.rule import Rule
from patchlint.lint.selection import names
from patchlint.mail.date import utc_seconds
from patchlint.mail.message import parse_message
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.series.assemble import assemble
from patchlint.series.lineage import follow

# A mail of more bytes is left out; so is one of more than _SMALL where those of its
# unit already come to more than _MUCH: a process must not grow with an archive.
LARGEST = 4 << 20
_MUCH = 48 << 20
_SMALL = 64 << 10


class Box(Struct):
    """The mails of a unit and of its window; where in the archive each came first."""

    mails: list[Message] = field(default_factory=list)
    by_id: dict[str, int] = field(default_factory=dict)
    by_lines: dict[int, int] = field(default_factory=dict)
    count: int = 0
    left_out: int = 0

    def place(self, mail: Message) -> int:
        """Return where a mail came first; one with another's id has its own place."""
        at = self.by_id.get(mail.message_id)
        return self.by_lines.get(id(mail.lines), -1) if at is None else at


def answer(job: Job) -> Answer:
    """Look at a unit and return its files."""
    from patchlint.adapters.scan.tables import encoded

    begun = time.process_time()
    rules = rules_of(job.terms.rules)
    box = taken_in(job.unit)
    rows = Rows([], [], [])
    postings = wanted(box, job)
    _look(job, rules, box, postings, rows)
    cards = [rule.card for rule in rules]
    rows.counts.extend(count_rows(cards, rows.mails, rows.findings))
    crashes = sum(row.severity == CRASH for row in rows.findings)
    files = encoded(rows, part_name(job.unit))
    return Answer(
        files,
        Stats(
            mails=job.unit.mails,
            postings=len(postings),
            patches=sum(row.position > 0 for row in rows.mails),
            findings=len(rows.findings) - crashes,
            crashes=crashes,
            left_out=box.left_out,
            seconds=round(time.process_time() - begun, 3),
            peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        ),
    )


def part_name(unit: Unit) -> str:
    """Return what the files of a unit are called, which no other unit's are."""
    told = f"{unit.archive.kind} {unit.archive.path} {unit.archive.list}"
    return f"{sha256(told.encode('utf-8', 'replace')).hexdigest()[:12]}-{unit.name}"


def rules_of(words: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that words name, all if there are none."""
    return tuple(
        rule
        for rule in rulebook().rules()
        if not words or any(names(word, rule.card.id) for word in words)
    )


def taken_in(unit: Unit) -> Box:
    """Read the mails of a unit and its window."""
    box = Box()
    left = _MUCH
    for place, raw in enumerate(read(unit)):
        box.count += 1
        if not raw.strip():
            continue
        if len(raw) > (LARGEST if left > 0 else _SMALL):
            box.left_out += unit.before <= place < unit.before + unit.mails
            continue
        left -= len(raw)
        mail = parse_message(raw, DEFAULT_LIMITS)
        box.mails.append(mail)
        box.by_id.setdefault(mail.message_id, place)
        box.by_lines[id(mail.lines)] = place
    # An archive that has shrunk, or a range that is too large to be read whole.
    box.left_out += len(range(max(box.count, unit.before), unit.before + unit.mails))
    return box


def wanted(box: Box, job: Job) -> tuple[Series, ...]:
    """Return the postings of which a mail is of this unit, and on its terms.

    Each knows the version before it, if that is in the window.
    """
    found = assemble(box.mails, DEFAULT_LIMITS)
    if len(found) > 1:
        found = tuple(map(_with_one_before, follow(found, found)))
    is_mine = _is_mine(box, job.unit, job.terms)
    return tuple(
        series
        for series in found
        if any(map(is_mine, series.messages)) and _is_drawn(series, job.terms.sample)
    )


def _is_mine(box: Box, unit: Unit, terms: Terms) -> Callable[[Message], bool]:
    """Return what says whether a mail is of a unit, and not too old."""
    own = range(unit.before, unit.before + unit.mails)

    def is_mine(mail: Message) -> bool:
        if box.place(mail) not in own:
            return False
        moment = utc_seconds(mail.date) if terms.since else None
        return not terms.since or (moment is not None and moment >= terms.since)

    return is_mine


def _with_one_before(series: Series) -> Series:
    """Return a posting that knows but one version before it: no rule reads more."""
    before = series.previous
    return replace(series, previous=before and replace(before, previous=None))


def _is_drawn(series: Series, sample: int) -> bool:
    """Say whether a posting is of the sample: the same ones in every run."""
    if sample <= 1:
        return True
    raw = series.head.message_id.encode("utf-8", "surrogatepass")
    return int.from_bytes(sha256(raw).digest()[:8]) % sample == 0


def _look(
    job: Job, rules: Sequence[Rule], box: Box, postings: Sequence[Series], rows: Rows
) -> None:
    """Fill the rows with what rules say of the postings."""
    terms = job.terms
    is_mine = _is_mine(box, job.unit, terms)
    world = World(Path(terms.repository or "."), terms.evidence)
    looks = _one_by_one if job.careful else _in_a_row
    for series, results in zip(postings, looks(postings, rules, world), strict=True):
        mails = list(mail_rows(job.unit.archive, series, results, is_mine))
        by_id: dict[str, MailRow] = {row.message_id: row for row in mails}
        rows.mails.extend(mails)
        rows.findings.extend(finding_rows(by_id, results))


def _in_a_row(
    postings: Sequence[Series], rules: Sequence[Rule], world: World
) -> Iterator[Results]:
    """Yield what is found in each posting."""
    with world.opened() as around:
        for series in postings:
            yield look(rules, series, around)


def _one_by_one(
    postings: Sequence[Series], rules: Sequence[Rule], world: World
) -> Iterator[Results]:
    """Yield the same, from processes that may die."""
    from patchlint.adapters.workers import spread

    yield from spread(Task(postings, rules, world), 1)
