# SPDX-License-Identifier: GPL-2.0-or-later
"""One line for each finding, in the form of checkpatch.pl --terse --show-types.

``path:line: TYPE:rule: message``; what is about the text of the only mail has ``-``
for a path, since that mail is standard input. b4 takes each line of it for a remark,
and for a failure where it holds ``ERROR:`` (``b4.prep-perpatch-check-cmd``), so that
nothing else is written, and that string only where an error is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patchlint.model.finding import Report, Severity
from patchlint.model.series import Series
from patchlint.report.safe import cut, printable
from patchlint.report.spot import Located, located, said

_TYPES: Mapping[Severity, str] = {
    Severity.ERROR: "ERROR",
    Severity.WARNING: "WARNING",
    Severity.QUESTION: "CHECK",
    Severity.NIT: "CHECK",
    Severity.NOTE: "CHECK",
}
_WIDE = 500


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return a line for each finding; nothing where there is none."""
    alone = sum(len(series.messages) for series in postings) == 1
    return "".join(
        f"{_line(found, alone=alone)}\n" for found in located(report, postings)
    )


def _line(found: Located, *, alone: bool) -> str:
    spot, finding = found.spot, found.finding
    path = "-" if spot.in_mail and alone else printable(spot.path)
    words = _quiet(f"{printable(finding.rule)}: {cut(said(found), _WIDE)}")
    return f"{_quiet(path)}:{spot.line}: {_TYPES[finding.severity]}:{words}"


def _quiet(text: str) -> str:
    """Keep what is quoted from being taken for a severity."""
    return text.replace("ERROR:", "error:")
