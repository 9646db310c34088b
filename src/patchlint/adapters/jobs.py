# SPDX-License-Identifier: GPL-2.0-or-later
"""A review, by several processes where that is worth it: the same answer, sooner."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec.structs import replace

from patchlint.adapters.task import Results, Task
from patchlint.lint.engine import assembled
from patchlint.lint.fates import compare
from patchlint.lint.rule import Result
from patchlint.model.finding import Comparison, Report
from patchlint.model.series import Series

# A process costs about as much as the review of a few patches.
_FEW = 16
_LONG_LINE = 5000
_MUCH_TEXT = 1 << 20


def cores() -> int:
    """Return how many processors we may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def review(task: Task, jobs: int) -> Report:
    """Return what the rules have to say; earlier versions are looked at beside.

    What they have to say of an earlier version is told as what became of it.
    """
    befores = [series.previous for series in task.postings if series.previous]
    alone = [replace(series, previous=None) for series in befores]
    found = _looks(replace(task, postings=(*task.postings, *alone)), jobs)
    older = iter(found[len(task.postings) :])
    results: list[Result] = []
    comparisons: list[Comparison] = []
    for series, news in zip(task.postings, found, strict=False):
        if series.previous is None:
            results += news
            continue
        marked, comparison = compare(task.rules, series, next(older), news)
        results += marked
        comparisons.append(comparison)
    return assembled(task.rules, results, comparisons)


def _looks(task: Task, jobs: int) -> Sequence[Results]:
    """Return what is found in each series.

    For one job, and for few patches, no process is started, unless what they hold looks
    as if somebody ought to be able to end it.
    """
    task.progress.begin(len(task.postings))
    patches = sum(len(series.patches) for series in task.postings)
    is_small = patches < _FEW or len(task.postings) < 2
    if jobs < 2 or (is_small and all(map(_is_tame, task.postings))):
        with task.world.opened() as around:
            paced = replace(around, paced=task.progress.paced)
            return [task.look(series, paced) for series in task.postings]
    # multiprocessing takes 10 ms to import, which one patch is not worth.
    from patchlint.adapters.workers import spread

    return spread(task, min(jobs, len(task.postings)))


def _is_tame(series: Series) -> bool:
    """Say whether a series looks like one that people wrote.

    A pattern may take time that grows with the square of a line, and then a signal is
    slow to get through to us.
    """
    lengths = [len(line) for mail in series.messages for line in mail.lines]
    return max(lengths, default=0) < _LONG_LINE and sum(lengths) < _MUCH_TEXT
