# SPDX-License-Identifier: GPL-2.0-or-later
"""Which edits of a report may be made: those of messages, never of a diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from patchlint.mail.rewrite import changed_lines
from patchlint.mail.subject import parse_subject
from patchlint.model.finding import Edit, Finding
from patchlint.model.series import Patch, Series


def edits_by_mail(
    findings: Iterable[Finding], postings: Sequence[Series]
) -> Mapping[str, tuple[Edit, ...]]:
    """Return the edits of each mail by its message id.

    What a diff says is left alone: the blob ids and line counts of the mail would
    not hold any more.
    """
    ends: dict[str, int] = {}
    for series in postings:
        for patch in series.patches:
            ends[patch.message.message_id] = patch.parts.diff.start
    made: dict[str, tuple[Edit, ...]] = {}
    for finding in findings:
        name = finding.message_id
        limit = ends.get(name)
        fitting = [e for e in finding.edits if limit is None or e.span.line < limit]
        if fitting and len(fitting) == len(finding.edits):
            made[name] = (*made.get(name, ()), *fitting)
    return made


def reworded(text: str, patch: Patch, edits: Iterable[Edit]) -> str | None:
    """Return the commit message ``text`` with the edits of the mail it became.

    None where nothing changes, or the lines of the mail are not those of the commit.
    """
    message = patch.message
    changed = changed_lines(message.lines, edits)
    rows = text.split("\n")
    title, body = rows[0], next((n for n, row in enumerate(rows) if n and row), 0)
    log = next((n for n in patch.parts.log if message.line(n)), 0)
    made = list(rows)
    for number, lines in sorted(changed.items(), reverse=True):
        if number == message.subject.line and title == message.subject.text:
            made[0] = parse_subject(" ".join(lines).partition(":")[2].strip()).text
            continue
        at = body + number - log
        if not (log and body and body <= at < len(rows)):
            return None
        if number < log or rows[at] != message.line(number):
            return None
        made[at : at + 1] = lines
    new = "\n".join(made)
    return new if new != text else None
