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

# Python drops an exception that is raised in a destructor: then it comes once more.
_AGAIN = 0.5


class CpuClock:
    """The clock of this process; it rings within its ``with`` block only."""

    def __init__(self) -> None:
        self._paused = 0.0
        self._is_armed = False
        self._can_ring = False
        self._before: Any = None

    def __enter__(self) -> Self:
        """Take the signal over, where that can be done."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGPROF, self._ring)
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
            self._disarm()
            signal.signal(signal.SIGPROF, self._before or signal.SIG_DFL)
            self._can_ring = False

    def used(self) -> float:
        """Return the CPU seconds used so far, without those of pauses."""
        return time.process_time() - self._paused

    @contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """Raise OverLimitError within the block when it has used so much."""
        if not self._can_ring:
            yield
            return
        try:
            try:
                self._arm(seconds)
                yield
            finally:
                self._disarm()
        except OverLimitError:
            # It may have come just before the clock was stopped.
            self._disarm()
            raise

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do what is worth its time whoever asked for it first: it does not count."""
        begin, was_armed, left = time.process_time(), self._is_armed, 0.0
        if was_armed:
            left = self._disarm()
        try:
            yield
        finally:
            self._paused += time.process_time() - begin
            if was_armed:
                self._arm(left)

    def _arm(self, seconds: float) -> None:
        self._is_armed = True
        # Zero would stop the clock.
        signal.setitimer(signal.ITIMER_PROF, max(seconds, 1e-6), _AGAIN)

    def _disarm(self) -> float:
        self._is_armed = False
        return signal.setitimer(signal.ITIMER_PROF, 0)[0]

    def _ring(self, _: int, __: FrameType | None) -> None:
        if self._is_armed:
            raise OverLimitError
