# SPDX-License-Identifier: GPL-2.0-or-later
"""What a review comes to, a patch each: state and words of a Patchwork check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from patchlint.model.finding import Finding, Report, Severity
from patchlint.model.series import Series
from patchlint.report.summary import count

# What is about the posting as a whole has a context of its own.
SERIES = "-series"


class State(StrEnum):
    """The states of a check that has come to an end."""

    SUCCESS = "success"
    WARNING = "warning"
    FAIL = "fail"


class Check(Struct, frozen=True):
    """One check of the patch that came in a mail."""

    message_id: str
    context: str
    state: State
    description: str


def checks_of(
    report: Report, postings: Sequence[Series], context: str
) -> Iterator[Check]:
    """Yield a check for every patch, and one for each cover letter.

    Patchwork has no checks of series: that of a cover letter is given to the first
    patch, under a context of its own.
    """
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.message_id, []).append(finding)
    for series in postings:
        if series.cover is not None and series.patches:
            name = series.cover.message_id
            first = series.patches[0].message.message_id
            yield _check(report, name, found.get(name, ()), first, context + SERIES)
        for patch in series.patches:
            name = patch.message.message_id
            yield _check(report, name, found.get(name, ()), name, context)


def _check(
    report: Report, name: str, findings: Iterable[Finding], patch: str, context: str
) -> Check:
    counts = Counter(finding.severity for finding in findings)
    crashes = sum(crash.message_id == name for crash in report.crashes)
    skipped = len({skip.rule for skip in report.skips if skip.message_id == name})
    parts = [
        count(counts[severity], severity.name.lower())
        for severity in sorted(Severity, reverse=True)
        if counts[severity]
    ] or ["nothing found"]
    parts += [f"{count(crashes, 'rule')} crashed"] if crashes else []
    parts += [f"{count(skipped, 'rule')} not checked"] if skipped else []
    loudest = max(counts, default=Severity.NOTE)
    if loudest >= Severity.ERROR:
        state = State.FAIL
    elif loudest >= Severity.WARNING or crashes:
        state = State.WARNING
    else:
        state = State.SUCCESS
    return Check(patch, context, state, ", ".join(parts))
