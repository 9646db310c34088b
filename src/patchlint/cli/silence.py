# SPDX-License-Identifier: GPL-2.0-or-later
"""Leave out of a report what is not to be said."""

from __future__ import annotations

from collections.abc import Sequence

from patchlint.cli.configured import Run, Start
from patchlint.model.finding import Report
from patchlint.model.series import Series


def silenced(
    report: Report, postings: Sequence[Series], start: Start, run: Run
) -> Report:
    """Return the report without what mails, files and the baseline ask not to say."""
    if start.options.given.shows_ignored:
        return report
    has_lines = any(
        "patchlint:" in line
        for series in postings
        for patch in series.patches
        for line in patch.message.lines
    )
    if not has_lines and not run.settings.baseline:
        return report
    # Few runs have anything to leave out.
    from patchlint.adapters.known import baseline_file, load_known, today
    from patchlint.lint.suppress import Wish, suppressed

    path = baseline_file(run.settings)
    wish = Wish(
        policy=run.policy,
        rules=run.known,
        today=today(),
        baseline=load_known(path) if path else (),
        heeds_comments=bool(start.options.commits),
    )
    return suppressed(report, postings, wish)
