# SPDX-License-Identifier: GPL-2.0-or-later
"""One review: read, run, render, write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from patchlint.adapters.folders import cache_folder
from patchlint.adapters.inputs import InputError
from patchlint.adapters.jobs import cores
from patchlint.adapters.jobs import review as review_all
from patchlint.adapters.shelf import shelf_for
from patchlint.adapters.task import Task
from patchlint.adapters.world import World
from patchlint.cli.answer import answer
from patchlint.cli.configured import Run, Start, begin, configure, with_children
from patchlint.cli.keeping import recall
from patchlint.cli.options import Arguments
from patchlint.cli.progress import progress
from patchlint.cli.silence import silenced
from patchlint.cli.status import BROKEN, CLEAN, FOUND
from patchlint.cli.taking import inputs_of, tell, understood
from patchlint.cli.timing import UNWATCHED, Watch
from patchlint.lint.said import unrepeated
from patchlint.model.finding import Report, Severity
from patchlint.model.intake import Intake
from patchlint.model.series import Series
from patchlint.report.answers import unanswered
from patchlint.report.look import Detail
from patchlint.series.lineage import follow, lineage

_MANY = 1000


def review(options: Arguments) -> int:
    """Review what the arguments name, write the answer, return the exit status."""
    begun = monotonic()
    watch = Watch(is_on=options.times)
    start = begin(options)
    watch.lap("settings")
    options = start.options
    report, postings = found(start, watch)
    if not options.repeats:
        report = unanswered(report, postings, recall(options.keeping, postings).no_bugs)
    answer(options, report, postings, monotonic() - begun)
    watch.lap("the answer")
    if options.times:
        sys.stderr.write(watch.table())
    return _status(report, options.fail_on)


def reviewed(options: Arguments) -> tuple[Report, tuple[Series, ...]]:
    """Return what is found in what the arguments name, and the series."""
    return found(begin(options))


def found(start: Start, watch: Watch = UNWATCHED) -> tuple[Report, tuple[Series, ...]]:
    """Return what is found by a run that has begun, and the series."""
    report, postings, run = looked_at(start, watch)
    return heard(report, postings, start, run), postings


def heard(report: Report, postings: Sequence[Series], start: Start, run: Run) -> Report:
    """Return a report without what nobody wants to hear, or has heard already."""
    report = silenced(report, postings, start, run)
    if start.options.repeats:
        return report
    return unrepeated(report, postings, (rule.card for rule in run.rules))


def looked_at(
    start: Start, watch: Watch = UNWATCHED
) -> tuple[Report, tuple[Series, ...], Run]:
    """Return all that is found, whether or not anybody wants to hear it."""
    options, folder = start.options, start.folder
    intake = _read(options, folder)
    tell(intake.defects)
    postings = with_previous(intake.postings, options, folder)
    watch.lap("mails, patches and series")
    run = with_children(configure(start, postings), start)
    watch.lap("cards")
    world = World(folder, options.evidence, options.limits, run.policy, announce)
    shelf = None
    # Where code of others looks, nobody knows what it rests on.
    others = (run.settings.checks, run.settings.children, options.engine)
    if options.keeps and not any(others):
        shelf = shelf_for(cache_folder() / "answers", run.rules, world)
    with progress(is_quiet=options.detail is Detail.QUIET) as bar:
        task = Task(postings, run.rules, world, watch.beside(bar), shelf)
        jobs = 1 if options.times else options.jobs or cores()
        return review_all(task, jobs), postings, run


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
