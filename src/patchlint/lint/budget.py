# SPDX-License-Identifier: GPL-2.0-or-later
"""How long rules may think: CPU seconds, for each look of a rule and for a series."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from msgspec import Struct

from patchlint.model.limits import DEFAULT_LIMITS, Limits

_MORE_TIME = "more time"


class OverLimitError(BaseException):
    """The time is up; the text says what would be needed.

    It is no Exception, so that no check can take it for an error of its own.
    """


class Clock(Protocol):
    """Measures CPU time; of the operating system, or none."""

    def used(self) -> float:
        """Return the CPU seconds used so far, from whatever start."""

    def bounded(self, seconds: float) -> AbstractContextManager[None]:
        """Raise OverLimitError within the block when it has used so much."""


class NoClock:
    """No time is measured, and nothing is ever over its limit."""

    def used(self) -> float:
        """Return no time at all."""
        return 0.0

    def bounded(self, seconds: float) -> AbstractContextManager[None]:  # noqa: ARG002
        """Let the block take as long as it takes."""
        return nullcontext()


class Bounds(Struct, frozen=True):
    """The limits of a run, and the clock that those of time are measured with."""

    limits: Limits = DEFAULT_LIMITS
    clock: Clock = NoClock()


UNBOUNDED = Bounds()


class Budget(Struct, frozen=True):
    """What one series may take; ``begin`` is when the clock was read first."""

    bounds: Bounds
    begin: float

    @contextmanager
    def spend(self) -> Iterator[None]:
        """Give the block a rule's share of time, or what the series has left.

        Raises OverLimitError.
        """
        limits, clock = self.bounds.limits, self.bounds.clock
        left = limits.series_seconds - (clock.used() - self.begin)
        if left <= 0:
            raise OverLimitError(_needs("series", limits.series_seconds))
        try:
            with clock.bounded(min(limits.rule_seconds, left)):
                yield
        except OverLimitError:
            if left < limits.rule_seconds:
                needs = _needs("series", limits.series_seconds)
            else:
                needs = _needs("rule", limits.rule_seconds)
            raise OverLimitError(needs) from None

    @contextmanager
    def spend_all(self) -> Iterator[None]:
        """Give the block all that the series may take. Raises OverLimitError."""
        seconds = self.bounds.limits.series_seconds
        try:
            with self.bounds.clock.bounded(seconds):
                yield
        except OverLimitError:
            raise OverLimitError(_needs("series", seconds)) from None


def begin(bounds: Bounds) -> Budget:
    """Return the budget of a series that is begun now."""
    return Budget(bounds, bounds.clock.used())


def is_of_time(needs: str) -> bool:
    """Say whether what is needed is time, of which another machine may have more."""
    return needs.startswith(_MORE_TIME)


def _needs(name: str, seconds: float) -> str:
    return f"{_MORE_TIME}: over the limit: {seconds:g} s (--limit {name}-seconds)"
