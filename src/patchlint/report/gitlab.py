# SPDX-License-Identifier: GPL-2.0-or-later
"""A code quality report of GitLab (``artifacts:reports:codequality``).

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format: an array;
a fingerprint must be unique, and the same in the next run. There are no columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from patchlint.model.finding import Report, Severity
from patchlint.model.series import Series
from patchlint.report.json import Json, clean
from patchlint.report.spot import Located, located, said

_SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.QUESTION: "minor",
    Severity.NIT: "minor",
    Severity.NOTE: "info",
}


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return an array with an object for each finding, in ASCII."""
    value = [_issue(found) for found in located(report, postings)]
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


def _issue(found: Located) -> Json:
    finding, spot = found.finding, found.spot
    copy = f"-{found.copy}" if found.copy > 1 else ""
    return {
        "description": said(found) or clean(finding.rule),
        "check_name": clean(finding.rule),
        "fingerprint": clean(finding.fingerprint) + copy,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": clean(spot.path), "lines": {"begin": spot.line}},
    }
