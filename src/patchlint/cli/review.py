# SPDX-License-Identifier: GPL-2.0-or-later
"""One review: read, run, render, write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from patchlint.adapters.cards import load_profile
from patchlint.adapters.inputs import InputError
from patchlint.adapters.jobs import cores
from patchlint.adapters.jobs import review as review_all
from patchlint.adapters.rulebook import rulebook
from patchlint.adapters.task import Task
from patchlint.adapters.world import World
from patchlint.cli.answer import answer
from patchlint.cli.keeping import recall
from patchlint.cli.options import Arguments
from patchlint.cli.progress import progress
from patchlint.cli.status import BROKEN, CLEAN, FOUND
from patchlint.cli.taking import inputs_of, repository, tell, understood
from patchlint.lint.profile import Audience, Policy
from patchlint.lint.said import unrepeated
from patchlint.model.finding import Report, Severity
from patchlint.model.intake import Intake
from patchlint.model.series import Series
from patchlint.prose.harper import is_there
from patchlint.report.answers import unanswered
from patchlint.report.look import Detail
from patchlint.series.lineage import follow, lineage

_MANY = 1000


def review(options: Arguments) -> int:
    """Review what the arguments name, write the answer, return the exit status."""
    begun = monotonic()
    report, postings = reviewed(options)
    if not options.repeats:
        report = unanswered(report, postings, recall(options.keeping, postings).no_bugs)
    answer(options, report, postings, monotonic() - begun)
    return _status(report, options.fail_on)


def reviewed(options: Arguments) -> tuple[Report, tuple[Series, ...]]:
    """Return what is found in what the arguments name, and the series."""
    folder = repository(options.repository, options.evidence)
    policy = policy_of(options.profile, options.audience, bisects=options.bisects)
    intake = _read(options, folder)
    tell(intake.defects)
    world = World(folder, options.evidence, options.limits, policy, announce)
    postings = with_previous(intake.postings, options, folder)
    rules = rulebook().rules(_extras(options.engine))
    with progress(is_quiet=options.detail is Detail.QUIET) as told:
        task = Task(postings, rules, world, told)
        report = review_all(task, options.jobs or cores())
    if not options.repeats:
        report = unrepeated(report, postings, (rule.card for rule in task.rules))
    return report, postings


def _extras(engine: str) -> tuple[str, ...]:
    """Return the extra of an engine for English; InputError if it is not installed."""
    if not engine:
        return ()
    if not is_there():
        how = f"pip install 'patchlint[{engine}]'"
        raise InputError(f"--engine {engine}: it is not installed; {how}")
    return (engine,)


def policy_of(wanted: str, audience: Audience, *, bisects: bool = False) -> Policy:
    """Return who is told what; InputError for a profile that is none.

    A profile is one of ours, or a file of somebody's own.
    """
    profiles = rulebook().profiles
    if wanted.endswith(".toml"):
        profiles = (*profiles, load_profile(wanted))
    names = [profile.name for profile in profiles]
    if wanted and wanted not in names:
        raise InputError(f"--profile {wanted}: not one of {', '.join(names)}")
    return Policy(profiles, wanted, audience, bisects)


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


def with_previous(
    postings: Sequence[Series], options: Arguments, folder: Path
) -> tuple[Series, ...]:
    """Return the newest versions of what is at hand, each with the one before it.

    That is the one which was named, else one found among the input.
    """
    latest = lineage(postings).latest
    if not options.previous:
        return latest
    names = [n for n in options.previous if ".." not in n or Path(n).exists()]
    inputs = [inputs_of(names, "", folder, options.limits)] if names else []
    ranges = (name for name in options.previous if name not in names)
    inputs += [inputs_of((), name, folder, options.limits) for name in ranges]
    before: list[Series] = []
    for each in inputs:
        intake = understood(each, options.limits)
        tell(intake.defects)
        before += intake.postings
    if not before:
        raise InputError(f"--previous {', '.join(options.previous)}: no patch in it")
    return follow(latest, before)


def _status(report: Report, limit: Severity) -> int:
    if report.crashes:
        return BROKEN
    return FOUND if any(f.severity >= limit for f in report.findings) else CLEAN
