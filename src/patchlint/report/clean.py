# SPDX-License-Identifier: GPL-2.0-or-later
"""The word for those who want to hear that nothing was found."""

from __future__ import annotations

from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.report.remark import wrap
from patchlint.report.summary import count


def nothing_found(series: Series, report: Report) -> tuple[str, ...]:
    """Return the lines; they say too how much could not be looked at."""
    ids = {message.message_id for message in series.messages}
    blind = {skip.rule for skip in report.skips if skip.message_id in ids}
    blind |= {crash.rule for crash in report.crashes if crash.message_id in ids}
    text = f"Nothing found in {count(len(series.patches), 'patch')}."
    if missing := series.missing:
        text += f" {len(missing)} of {series.total} were not at hand."
    if blind:
        text += f" {count(len(blind), 'rule')} could not look everywhere."
    return ("", *wrap(text))
