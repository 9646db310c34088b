# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings to text.

A renderer is a function of a report and the series it is about. Each is imported when
it is asked for, since a run needs one of them. Colour is not among the formats: it
needs a width, see terminal.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from patchlint.model.finding import Report
from patchlint.model.series import Series

Renderer = Callable[[Report, Sequence[Series]], str]


def _lazy(module: str) -> Renderer:
    """Return the renderer of a module, which is loaded when it is called."""

    def render(report: Report, postings: Sequence[Series]) -> str:
        made: Renderer = import_module(f"patchlint.report.{module}").render
        return made(report, postings)

    return render


FORMATS: Mapping[str, Renderer] = {
    "text": _lazy("text"),
    "terse": _lazy("terse"),
    "json": _lazy("json"),
    "sarif": _lazy("sarif"),
    "rdjson": _lazy("rdjson"),
    "github": _lazy("github"),
    "gitlab": _lazy("gitlab"),
    "junit": _lazy("junit"),
    "reply": _lazy("draft"),
    "html": _lazy("html.page"),
}
