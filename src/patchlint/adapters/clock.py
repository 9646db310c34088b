# SPDX-License-Identifier: GPL-2.0-or-later
"""CPU time of this process, and a signal when too much of it is used.

Signals reach the main thread alone: elsewhere, nothing is ever over its limit. Nor is
one delivered before a call into C returns. A regular expression lets signals in every
4096 steps, each of which may read a line to its end.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

from patchlint.lint.budget import OverLimitError

# How often the clock is looked at, in seconds. Setting it anew for each look of a rule
# would take as long as most looks; and Python drops an exception that is raised in a
# destructor, so that it has to come again.
_TICK = 0.02
_NEVER = float("inf")


class CpuClock:
    """The clock of this process; it rings within its ``with`` block only."""

    def __init__(self) -> None:
        self._paused = 0.0
        self._due = _NEVER
        self._can_ring = False
        self._before: Any = None

    def __enter__(self) -> Self:
        """Take the signal over, where that can be done."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGPROF, self._ring)
            signal.setitimer(signal.ITIMER_PROF, _TICK, _TICK)
            self._can_ring = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signal back."""
        if self._can_ring:
            self._due = _NEVER
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._before or signal.SIG_DFL)
            self._can_ring = False

    def used(self) -> float:
        """Return the CPU seconds used so far, without those of pauses."""
        return time.process_time() - self._paused

    @contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """Raise OverLimitError within the block when it has used so much."""
        try:
            try:
                self._due = time.process_time() + seconds
                yield
            finally:
                self._due = _NEVER
        except OverLimitError:
            # It may have come just before the time was taken back.
            self._due = _NEVER
            raise

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do what is worth its time whoever asked for it first: it does not count."""
        begin, due, self._due = time.process_time(), self._due, _NEVER
        try:
            yield
        finally:
            took = time.process_time() - begin
            self._paused += took
            self._due = due + took

    def _ring(self, _: int, __: FrameType | None) -> None:
        if time.process_time() >= self._due:
            raise OverLimitError
