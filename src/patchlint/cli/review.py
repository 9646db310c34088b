# SPDX-License-Identifier: GPL-2.0-or-later
"""One review: read, run, render, write."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.adapters.inputs import InputError
from patchlint.adapters.jobs import Task, cores
from patchlint.adapters.jobs import review as review_all
from patchlint.adapters.world import World
from patchlint.cli.options import Arguments
from patchlint.cli.output import write
from patchlint.cli.status import BROKEN, CLEAN, FOUND
from patchlint.cli.taking import inputs_of, repository, tell, understood
from patchlint.lint.profile import Audience, Policy
from patchlint.model.finding import Report, Severity
from patchlint.model.intake import Intake
from patchlint.model.series import Series
from patchlint.report import FORMATS

_MANY = 1000


def review(options: Arguments) -> int:
    """Review what the arguments name, write the answer, return the exit status."""
    folder = repository(options.repository, options.evidence)
    policy = policy_of(options.profile, options.audience)
    intake = _read(options, folder)
    tell(intake.defects)
    world = World(folder, options.evidence, options.limits, policy, announce)
    task = Task(intake.postings, load_rules(), world)
    report = review_all(task, options.jobs or cores())
    _write(options, report, intake.postings)
    return _status(report, options.fail_on)


def policy_of(wanted: str, audience: Audience) -> Policy:
    """Return who is told what; InputError for a profile that is none."""
    profiles = load_profiles()
    names = [profile.name for profile in profiles]
    if wanted and wanted not in names:
        raise InputError(f"--profile {wanted}: not one of {', '.join(names)}")
    return Policy(profiles, wanted, audience)


def announce(files: int) -> None:
    """Tell who waits; a few files are read at once."""
    if files > _MANY and sys.stderr.isatty():
        sys.stderr.write(f"patchlint: reading {files} files, once\n")


def _read(options: Arguments, folder: Path) -> Intake:
    inputs = inputs_of(options.inputs, options.commits, folder, options.limits)
    intake = understood(inputs, options.limits)
    if not intake.postings:
        name = options.commits or ", ".join(options.inputs)
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
