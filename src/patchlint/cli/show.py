# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint show``: read, and print what was understood."""

from __future__ import annotations

from pathlib import Path

from patchlint.adapters.git import (
    Blobs,
    RepositoryError,
    format_patch,
    is_repository,
)
from patchlint.adapters.inputs import read_inputs
from patchlint.cli.output import write
from patchlint.cli.show_options import ShowArguments
from patchlint.cli.status import CLEAN
from patchlint.model.finding import Evidence
from patchlint.model.intake import Intake
from patchlint.pipeline import take_in
from patchlint.report.shown import Shown
from patchlint.series.images import NoSource, stack


def show(options: ShowArguments) -> int:
    """Show what the arguments name; what is wrong with it does not change the status.

    Which status a defect is worth, the review decides.
    """
    folder = options.repository or Path()
    if options.repository is not None and not is_repository(folder):
        raise RepositoryError(f"--repo {folder}: not a git repository")
    intake = _take_in(options, folder)
    with Blobs(folder) as blobs:
        source = NoSource() if options.evidence is Evidence.MAIL else blobs
        stacks = tuple(stack(series, source) for series in intake.postings)
    write(_rendered(Shown(intake, stacks), options), options.output)
    return CLEAN


def _take_in(options: ShowArguments, folder: Path) -> Intake:
    if options.commits:
        return take_in([format_patch(folder, options.commits)])
    inputs = read_inputs(options.inputs)
    return take_in(inputs.raws, known=inputs.defects)


def _rendered(shown: Shown, options: ShowArguments) -> str:
    if options.format == "json":
        from patchlint.report import show_json

        return show_json.render(shown)
    from patchlint.report import show_text

    return show_text.render(shown, verbose=options.verbose)
