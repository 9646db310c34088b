# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings to text.

A renderer is a function of a report and the series it is about. Each is imported when
it is asked for, since a run needs one of them. Colour is not among the formats: it
needs a width, see terminal.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from patchlint.model.finding import Report
from patchlint.model.series import Series

Renderer = Callable[[Report, Sequence[Series]], str]


def _text(report: Report, postings: Sequence[Series]) -> str:
    from patchlint.report.text import render

    return render(report, postings)


def _terse(report: Report, postings: Sequence[Series]) -> str:
    from patchlint.report.terse import render

    return render(report, postings)


def _json(report: Report, postings: Sequence[Series]) -> str:
    from patchlint.report.json import render

    return render(report, postings)


def _reply(report: Report, postings: Sequence[Series]) -> str:
    from patchlint.report.draft import render

    return render(report, postings)


FORMATS: Mapping[str, Renderer] = {
    "text": _text,
    "terse": _terse,
    "json": _json,
    "reply": _reply,
}
