# SPDX-License-Identifier: GPL-2.0-or-later
"""One review: read, run, render, write."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.adapters.git import (
    Blobs,
    RepositoryError,
    format_patch,
    is_repository,
)
from patchlint.adapters.index import Indexes, cache_folder
from patchlint.adapters.inputs import InputError, read_inputs
from patchlint.cli.options import Arguments
from patchlint.cli.output import write
from patchlint.cli.status import BROKEN, CLEAN, FOUND
from patchlint.lint.profile import Policy
from patchlint.model.defect import Defect
from patchlint.model.finding import Evidence, Report, Severity
from patchlint.model.intake import Intake
from patchlint.model.raw import Raw
from patchlint.model.series import Series
from patchlint.pipeline import review as review_series
from patchlint.pipeline import take_in
from patchlint.report import FORMATS
from patchlint.series.images import NoSource
from patchlint.series.tree import NoTrees

_MANY = 1000


def review(options: Arguments) -> int:
    """Review what the arguments name, write the answer, return the exit status."""
    folder = options.repository or Path()
    if options.repository is not None and not is_repository(folder):
        raise RepositoryError(f"--repo {folder}: not a git repository")
    intake = _read(options, folder)
    postings = intake.postings
    _tell(intake.defects)
    with (
        Blobs(folder) as blobs,
        Indexes(folder, blobs, cache_folder(), _announce) as indexes,
    ):
        source = NoSource() if options.evidence is Evidence.MAIL else blobs
        trees = indexes if options.evidence is Evidence.TREE else NoTrees()
        rules = load_rules()
        policy = _policy(options)
        report = review_series(postings, rules, source, trees, policy)
    _write(options, report, postings)
    return _status(report, options.fail_on)


def _policy(options: Arguments) -> Policy:
    profiles = load_profiles()
    names = [profile.name for profile in profiles]
    if options.profile and options.profile not in names:
        raise InputError(f"--profile {options.profile}: not one of {', '.join(names)}")
    return Policy(profiles, options.profile, options.audience)


def _announce(files: int) -> None:
    """Tell who waits; a few files are read at once."""
    if files > _MANY and sys.stderr.isatty():
        sys.stderr.write(f"patchlint: reading {files} files, once\n")


def _tell(defects: Sequence[Defect]) -> None:
    """Say what was not read: a review must not look complete where it is not."""
    for defect in defects:
        if defect.hides:
            line = " ".join(defect.text.split())
            sys.stderr.write(f"patchlint: {line}\n".encode("ascii", "replace").decode())


def _read(options: Arguments, folder: Path) -> Intake:
    if options.commits:
        name = options.commits
        intake = take_in([Raw(name, format_patch(folder, name))])
    else:
        name = ", ".join(options.inputs)
        inputs = read_inputs(options.inputs)
        intake = take_in(inputs.raws, known=inputs.defects)
    if not intake.postings:
        why = "; ".join(defect.text for defect in intake.defects if defect.hides)
        raise InputError(f"{name}: no patch in it" + (f" ({why})" if why else ""))
    return intake


def _write(options: Arguments, report: Report, postings: Sequence[Series]) -> None:
    if options.output is None and options.format == "text" and _wants_colour():
        from patchlint.report import terminal

        width = shutil.get_terminal_size().columns
        text = terminal.render(report, postings, width)
    else:
        text = FORMATS[options.format](report, postings)
    write(text, options.output)


def _wants_colour() -> bool:
    """Colour is for terminals whose user did not opt out (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _status(report: Report, limit: Severity) -> int:
    if report.crashes:
        return BROKEN
    return FOUND if any(f.severity >= limit for f in report.findings) else CLEAN
