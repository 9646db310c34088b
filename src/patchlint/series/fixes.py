# SPDX-License-Identifier: GPL-2.0-or-later
"""Which edits of a report may be made: those of messages, never of a diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from patchlint.model.finding import Edit, Finding
from patchlint.model.series import Series


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
