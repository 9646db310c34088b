# SPDX-License-Identifier: GPL-2.0-or-later
"""What b4 review shows of a check: one entry, with a line for each finding.

``b4.review-perpatch-check-cmd``: an array of tool, status, summary and details, where
details are JSON in a string (b4 0.16, review/checks.py, review_tui/_modals.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from patchlint.model.finding import Report, Severity
from patchlint.model.series import Series
from patchlint.report.safe import cut, printable
from patchlint.report.spot import Located, located, said
from patchlint.report.summary import counted

_STATUS = {Severity.ERROR: "fail", Severity.WARNING: "warn", Severity.QUESTION: "warn"}
_WIDE = 500


def render(report: Report, postings: Sequence[Series], tool: str) -> str:
    """Return the array; a clean answer is an entry, too, else its cell stays empty."""
    found = [_entry(one) for one in located(report, postings)]
    crashes = [
        {"status": "warn", "description": printable(f"crashed: {c.rule}: {c.error}")}
        for c in report.crashes
    ]
    worst = max((f.severity for f in report.findings), default=Severity.NOTE)
    status = _STATUS.get(worst, "warn" if crashes else "pass")
    entry = {"tool": tool, "status": status, "summary": counted(report)}
    if found or crashes:
        entry["details"] = json.dumps([*found, *crashes])
    return json.dumps([entry]) + "\n"


def _entry(found: Located) -> dict[str, str]:
    finding, spot = found.finding, found.spot
    place = f"{printable(spot.path)}:{spot.line}"
    return {
        "status": _STATUS.get(finding.severity, "pass"),
        "description": f"{place}: {cut(said(found), _WIDE)} [{finding.rule}]",
        "srcline": cut(finding.quote, _WIDE),
    }
