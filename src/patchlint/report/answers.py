# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody answered to be no bug is left out, of later versions too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from patchlint.model.finding import Finding, Report
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.report.manner import NoBug, is_named, is_of, mark_of
from patchlint.report.own import no_bugs_in


def unanswered(
    report: Report, postings: Sequence[Series], kept: Iterable[NoBug] = ()
) -> Report:
    """Return the report without what threads, or what was kept, call no bug."""
    no_bugs = (*kept, *(one for series in postings for one in no_bugs_in(series)))
    if not no_bugs:
        return report
    mails = {m.message_id: m for series in postings for m in series.messages}
    left: list[Finding] = []
    answered: list[Finding] = []
    for finding in report.findings:
        mail = mails.get(finding.message_id)
        is_left = mail is None or not is_answered(finding, mail, no_bugs)
        (left if is_left else answered).append(finding)
    return replace(report, findings=tuple(left), answered=tuple(answered))


def is_answered(finding: Finding, message: Message, no_bugs: Iterable[NoBug]) -> bool:
    """Say whether somebody called a finding no bug, here or in an earlier version."""
    mark = mark_of(finding, message)
    return any(
        is_named(answer.id_, finding.rule, mark)
        and (
            answer.message_id == message.message_id != ""
            or is_of(message, answer.title, answer.sender)
        )
        for answer in no_bugs
    )
