# SPDX-License-Identifier: GPL-2.0-or-later
"""Plain text, for a pipe or a file."""

from __future__ import annotations

from collections.abc import Sequence

from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.report.layout import layout
from patchlint.report.look import PLAIN, Look


def render(report: Report, postings: Sequence[Series], look: Look = PLAIN) -> str:
    """Return the report as text; our own words are wrapped at 80 columns."""
    rows = layout(report, postings, look)
    lines = ("".join(piece.text for piece in row).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)
