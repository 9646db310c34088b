# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint show``: read, and print what was understood."""

from __future__ import annotations

from patchlint.adapters.git import Blobs
from patchlint.cli.output import write
from patchlint.cli.show_options import ShowArguments
from patchlint.cli.status import CLEAN
from patchlint.cli.taking import inputs_of, repository, understood
from patchlint.model.finding import Evidence
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.report.shown import Shown
from patchlint.series.images import NoSource, stack


def show(options: ShowArguments) -> int:
    """Show what the arguments name; what is wrong with it does not change the status.

    Which status a defect is worth, the review decides.
    """
    folder = repository(options.repository, options.evidence)
    inputs = inputs_of(options.inputs, options.commits, folder, DEFAULT_LIMITS)
    intake = understood(inputs, DEFAULT_LIMITS)
    with Blobs(folder) as blobs:
        source = NoSource() if options.evidence is Evidence.MAIL else blobs
        stacks = tuple(stack(series, source) for series in intake.postings)
    write(_rendered(Shown(intake, stacks), options), options.output)
    return CLEAN


def _rendered(shown: Shown, options: ShowArguments) -> str:
    if options.format == "json":
        from patchlint.report import show_json

        return show_json.render(shown)
    from patchlint.report import show_text

    return show_text.render(shown, verbose=options.verbose)
