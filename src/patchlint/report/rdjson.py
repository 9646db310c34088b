# SPDX-License-Identifier: GPL-2.0-or-later
"""Reviewdog's rdjson: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf.

Lines and columns count from 1, columns are bytes of UTF-8, ends are excluded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patchlint.model.finding import Edit, Report, Severity
from patchlint.model.location import Span
from patchlint.model.series import Series
from patchlint.report.columns import utf8
from patchlint.report.json import Json, clean, dump
from patchlint.report.posting import Mail
from patchlint.report.spot import Located, Spot, located, said

_SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: "ERROR",
    Severity.WARNING: "WARNING",
    Severity.QUESTION: "INFO",
    Severity.NIT: "INFO",
    Severity.NOTE: "INFO",
}


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return one result with a diagnostic for each finding."""
    return dump(
        {
            "source": {"name": "patchlint"},
            "diagnostics": [_diagnostic(found) for found in located(report, postings)],
        }
    )


def _diagnostic(found: Located) -> Json:
    finding, spot = found.finding, found.spot
    value: Json = {
        "message": said(found),
        "location": {"path": clean(spot.path), "range": _range(spot)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": clean(finding.rule)},
        "original_output": clean(finding.quote[:500]),
    }
    # Edits are made in the mail; where the place is a file, they are of no use.
    if spot.in_mail and finding.edits:
        value["suggestions"] = [_suggestion(edit, found.mail) for edit in finding.edits]
    return value


def _range(spot: Spot) -> Json:
    if spot.columns is None:
        return {"start": {"line": spot.line}}
    first, end = (utf8(spot.text, column) for column in spot.columns)
    return _between((spot.line, first), (spot.line, end))


def _suggestion(edit: Edit, mail: Mail) -> Json:
    span = edit.span
    start = _at(mail, span.line, span.column)
    end = (
        _at(mail, span.end_line, span.end_column) if span.end_line else _end(mail, span)
    )
    return {"range": _between(start, end), "text": clean(edit.text)}


def _at(mail: Mail, line: int, column: int) -> tuple[int, int]:
    """Return a place as bytes; the end of a mail is one line below its last."""
    text = mail.message.line(line) if line <= len(mail.message.lines) else ""
    return line, utf8(text, column)


def _end(mail: Mail, span: Span) -> tuple[int, int]:
    return _at(mail, span.line, len(mail.message.line(span.line)) + 1)


def _between(start: tuple[int, int], end: tuple[int, int]) -> Json:
    return {
        "start": {"line": start[0], "column": start[1]},
        "end": {"line": end[0], "column": end[1]},
    }
