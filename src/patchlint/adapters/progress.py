# SPDX-License-Identifier: GPL-2.0-or-later
"""What whoever waits for a review may hear while it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from patchlint.lint.rule import Rule


class Progress(Protocol):
    """Who wants to know how far a review is; only the first process tells."""

    def begin(self, number: int) -> None:
        """Hear how many series there are."""

    def paced(self, rules: Sequence[Rule]) -> Iterable[Rule]:
        """Hand out the rules of one series."""

    def tick(self, done: int) -> None:
        """Hear how many series are done; every second, whether or not there is news."""


class Untold:
    """Nobody wants to know."""

    def begin(self, number: int) -> None:
        """Say nothing."""

    def paced(self, rules: Sequence[Rule]) -> Iterable[Rule]:
        """Return the rules."""
        return rules

    def tick(self, done: int) -> None:
        """Say nothing."""
