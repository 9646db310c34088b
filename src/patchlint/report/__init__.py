# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings to text.

A renderer is a function of a report and the series it is about. Colour is not among
the formats: it needs a width, see terminal.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.report import draft, json, text

Renderer = Callable[[Report, Sequence[Series]], str]

FORMATS: Mapping[str, Renderer] = {
    "text": text.render,
    "json": json.render,
    "reply": draft.render,
}
