# SPDX-License-Identifier: GPL-2.0-or-later
"""A review by several processes: the same answer, sooner.

Each process opens the repository for itself and is given one series after the other.
One that dies costs the series it was at, and says so; another takes its place.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait

from msgspec import Struct
from msgspec.structs import replace

from patchlint.adapters.progress import Progress, Untold
from patchlint.adapters.world import World
from patchlint.lint.engine import assembled, died, look
from patchlint.lint.fates import compare
from patchlint.lint.rule import Result, Rule
from patchlint.model.finding import Comparison, Report
from patchlint.model.series import Series

# A process costs about as much as the review of a few patches.
_FEW = 16
# How long a dead process may go unnoticed whose pipe is held open by its children.
_SECONDS = 1.0
# The system ends a process that is deaf to its clock: after twice the limit, and what
# an index may take.
_PATIENCE = 300

_LONG_LINE = 5000
_MUCH_TEXT = 1 << 20

Results = tuple[Result, ...]


class Task(Struct, frozen=True):
    """What there is to review, the same for all processes."""

    postings: Sequence[Series]
    rules: Sequence[Rule]
    world: World
    progress: Progress = Untold()


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
            return [look(task.rules, series, paced) for series in task.postings]
    return _spread(task, min(jobs, len(task.postings)))


class _Worker:
    """A process, the pipe to it, and the number of the series it is at."""

    def __init__(self, task: Task) -> None:
        # A fork shares what is read already; nothing is open yet that it could spoil.
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else None)
        self.pipe, other = context.Pipe()
        self.number = -1
        self._process = context.Process(target=_work, args=(other, task))
        self._process.start()
        other.close()

    def give(self, number: int) -> None:
        """Let it look at a series."""
        self.number = number
        with suppress(OSError):
            self.pipe.send(number)

    def is_heard(self) -> bool:
        """Say whether there is an answer, or it died."""
        return self.pipe.poll() or not self._process.is_alive()

    def answer(self) -> Results | str:
        """Return what it found, or why there will be no answer."""
        try:
            if self.pipe.poll():
                found: Results | str = self.pipe.recv()
                return found
        except (EOFError, OSError):
            self._process.join(_SECONDS)
        return self.end()

    def dismiss(self) -> None:
        """Let it go home; there is no more to do."""
        with suppress(OSError):
            self.pipe.send(None)
        self._process.join(_SECONDS)
        self.end()

    def end(self) -> str:
        """End it, with all processes it has started, and say how it ended."""
        self.pipe.close()
        self._process.kill()
        with suppress(OSError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.join()
        return _ending(self._process.exitcode or 0)


def _ending(code: int) -> str:
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
    return f"the process that looked at it ended with {how}"


def _spread(task: Task, jobs: int) -> list[Results]:
    """Give each process the next series, the largest first; answer in their order."""
    done: dict[int, Results] = {}
    sizes = [_size(series) for series in task.postings]
    waiting = deque(sorted(range(len(sizes)), key=lambda number: -sizes[number]))
    workers: list[_Worker] = []
    try:
        while len(done) < len(sizes):
            while waiting and len(workers) < jobs:
                workers.append(_Worker(task))
                workers[-1].give(waiting.popleft())
            wait([worker.pipe for worker in workers], _SECONDS)
            task.progress.tick(len(done))
            for worker in [worker for worker in workers if worker.is_heard()]:
                if not _goes_on(worker, waiting, task, done):
                    workers.remove(worker)
    finally:
        for worker in workers:
            worker.end()
    return [done[number] for number in range(len(sizes))]


def _goes_on(
    worker: _Worker, waiting: deque[int], task: Task, done: dict[int, Results]
) -> bool:
    """Take an answer, and give the next series; say whether there was one."""
    found = worker.answer()
    if isinstance(found, str):
        done[worker.number] = (died(task.postings[worker.number], found),)
        return False
    done[worker.number] = found
    if not waiting:
        worker.dismiss()
        return False
    worker.give(waiting.popleft())
    return True


def _is_tame(series: Series) -> bool:
    """Say whether a series looks like one that people wrote.

    A pattern may take time that grows with the square of a line, and then a signal is
    slow to get through to us.
    """
    lengths = [len(line) for mail in series.messages for line in mail.lines]
    return max(lengths, default=0) < _LONG_LINE and sum(lengths) < _MUCH_TEXT


def _size(series: Series) -> int:
    """Return about how long a series takes: the lines of its diffs."""
    return sum(
        len(hunk.lines)
        for patch in series.patches
        for change in patch.changes
        for hunk in change.hunks
    )


def _work(pipe: Connection, task: Task) -> None:
    """Look at one series after the other, until there is none, or nobody asks."""
    with suppress(OSError):
        # A group of its own: it ends with its children, and when we say so.
        os.setpgid(0, 0)
    try:
        with task.world.opened() as around:
            while (number := pipe.recv()) is not None:
                _limit(task.world.limits.series_seconds)
                pipe.send(look(task.rules, task.postings[number], around))
    except EOFError:
        return
    except MemoryError:
        sys.exit(os.EX_OSERR)


def _limit(seconds: float) -> None:
    """Let the system end us where our own clock cannot."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = used.ru_utime + used.ru_stime + 2 * seconds + _PATIENCE
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError, OverflowError):
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(most), hard))
