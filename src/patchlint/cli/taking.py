# SPDX-License-Identifier: GPL-2.0-or-later
"""Take in what the arguments of a command name."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from pathlib import Path

from patchlint.adapters.git import RepositoryError, foreign, format_patch, trouble
from patchlint.adapters.inputs import Inputs, read_inputs
from patchlint.cli.output import complain
from patchlint.model.defect import Defect
from patchlint.model.finding import Evidence
from patchlint.model.intake import Intake
from patchlint.model.limits import Limits
from patchlint.model.raw import Raw
from patchlint.pipeline import take_in


def repository(given: Path | None, evidence: Evidence) -> Path:
    """Return the folder of the repository: the one named, or the one we are in.

    One that was named must be one, else RepositoryError; of one that git refuses is
    told.
    """
    folder = given or Path()
    if given is not None:
        if why := trouble(folder):
            raise RepositoryError(f"--repo {folder}: {why}")
    elif evidence is not Evidence.MAIL and (why := foreign(folder)):
        complain(f"not read: {why}")
    return folder


def inputs_of(
    names: Sequence[str], commits: str, folder: Path, limits: Limits
) -> Inputs:
    """Return the inputs that are named, or the commits as the mails they would be."""
    if commits:
        return Inputs((Raw(commits, format_patch(folder, commits, limits)),))
    return read_inputs(names, limits)


def understood(inputs: Inputs, limits: Limits) -> Intake:
    """Return what the inputs hold.

    Millions of small values are made that all stay: whoever looks for garbage among
    them, time and again, takes half as long again and finds none. Nor does it look at
    them afterwards; processes that are forked share them then, too.
    """
    gc.disable()
    try:
        return take_in(inputs.raws, limits, inputs.defects)
    finally:
        gc.freeze()
        gc.enable()


def tell(defects: Iterable[Defect]) -> None:
    """Say what was not read: an answer must not look complete where it is not."""
    for defect in defects:
        if defect.hides:
            complain(defect.text)
