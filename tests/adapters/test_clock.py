# SPDX-License-Identifier: GPL-2.0-or-later
"""The clock stops what takes too long, and nothing else."""

from __future__ import annotations

import re
import signal
import threading
import time
from contextlib import suppress
from itertools import count

import pytest

from patchlint.adapters.clock import CpuClock
from patchlint.lint.budget import OverLimitError


def spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_never_ends_is_stopped() -> None:
    with CpuClock() as clock, pytest.raises(OverLimitError), clock.bounded(0.05):
        for _ in count():
            pass


def test_what_ends_in_time_is_not() -> None:
    with CpuClock() as clock:
        with clock.bounded(0.2):
            spin(0.01)
        spin(0.4)


def test_a_check_that_catches_every_exception_is_stopped() -> None:
    def stubborn() -> None:
        for _ in count():
            with suppress(Exception):
                spin(0.01)

    with CpuClock() as clock, pytest.raises(OverLimitError), clock.bounded(0.05):
        stubborn()


def test_a_signal_that_a_destructor_drops_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dropped: list[object] = []

    class Slow:
        def __del__(self) -> None:
            spin(0.3)

    monkeypatch.setattr("sys.unraisablehook", dropped.append)
    with CpuClock() as clock, pytest.raises(OverLimitError), clock.bounded(0.05):
        Slow()
        assert len(dropped) == 1
        for _ in count():
            pass


@pytest.mark.parametrize(
    ("pattern", "text"), [("(a+)+b", "a" * 40), ("a+b", "a" * 200_000)]
)
def test_a_regular_expression_is_stopped(pattern: str, text: str) -> None:
    with CpuClock() as clock, pytest.raises(OverLimitError), clock.bounded(0.05):
        re.search(pattern, text)


def test_sleep_is_free() -> None:
    with CpuClock() as clock, clock.bounded(0.05):
        time.sleep(0.2)


def test_a_pause_is_not_counted() -> None:
    with CpuClock() as clock:
        before = clock.used()
        with clock.bounded(0.1):
            with clock.paused():
                spin(0.3)
            spin(0.01)
        with clock.paused():
            spin(0.1)
        assert clock.used() - before < 0.2
        with pytest.raises(OverLimitError), clock.bounded(0.05):
            with clock.paused():
                pass
            spin(1)


def test_the_signal_is_given_back() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with CpuClock() as clock, clock.bounded(5):
        pass

    assert signal.getsignal(signal.SIGPROF) == before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_in_another_thread_there_is_no_limit() -> None:
    ended = []

    def work() -> None:
        with CpuClock() as clock, clock.bounded(0.01):
            spin(0.1)
            ended.append(clock.used())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert len(ended) == 1
