# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes that look at series.

Each opens the repository for itself and is given one series after the other. One that
dies costs the series it was at, and says so; another takes its place.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import signal
import sys
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection, wait

from patchlint.adapters.task import Results, Task
from patchlint.lint.engine import died
from patchlint.model.series import Series

# How long a dead process may go unnoticed whose pipe is held open by its children.
_SECONDS = 1.0
# The system ends a process that is deaf to its clock: after twice the limit, and what
# an index may take.
_PATIENCE = 300


class _Worker:
    """A process, the pipe to it, and the number of the series it is at."""

    def __init__(self, task: Task) -> None:
        # A fork shares what is read already; nothing is open yet that it could spoil.
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else None)
        self.pipe, other = context.Pipe()
        self.number = -1
        self._process = context.Process(target=_work, args=(other, task, os.getpid()))
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


def spread(task: Task, jobs: int) -> list[Results]:
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


def _size(series: Series) -> int:
    """Return about how long a series takes: the lines of its diffs."""
    return sum(
        len(hunk.lines)
        for patch in series.patches
        for change in patch.changes
        for hunk in change.hunks
    )


def _work(pipe: Connection, task: Task, parent: int) -> None:
    """Look at one series after the other, until there is none, or nobody asks."""
    with suppress(OSError):
        # A group of its own: it ends with its children, and when we say so.
        os.setpgid(0, 0)
    try:
        with task.world.opened() as around:
            while (number := _next(pipe, parent)) is not None:
                _limit(task.world.limits.series_seconds)
                pipe.send(task.look(task.postings[number], around))
    except EOFError:
        return
    except MemoryError:
        sys.exit(os.EX_OSERR)


def _next(pipe: Connection, parent: int) -> int | None:
    """Return the series to look at, or None where there is none, or nobody who asks.

    That whoever asked is gone cannot be told from the pipe: the other processes were
    made with an end of it in their hands.
    """
    while not pipe.poll(_SECONDS):
        if os.getppid() != parent:
            return None
    number: int | None = pipe.recv()
    return number


def _limit(seconds: float) -> None:
    """Let the system end us where our own clock cannot."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = used.ru_utime + used.ru_stime + 2 * seconds + _PATIENCE
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError, OverflowError):
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(most), hard))
