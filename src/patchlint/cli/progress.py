# SPDX-License-Identifier: GPL-2.0-or-later
"""A bar on stderr for whoever waits at a terminal; nobody else sees any of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from patchlint.adapters.progress import Progress, Untold
from patchlint.lint.rule import Rule

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

# Who waits less does not look at a bar.
_PATIENCE = 1.0
_PAUSE = 0.1


@contextmanager
def progress(*, is_quiet: bool) -> Iterator[Progress]:
    """Show how far a review is while it takes, and leave nothing behind."""
    if is_quiet or not sys.stderr.isatty():
        yield Untold()
        return
    bar = Bar()
    try:
        yield bar
    finally:
        bar.end()


class Bar:
    """Series done of all, and of one at work the share of its rules.

    It is drawn when there is news and not by a thread: processes are forked meanwhile.
    """

    def __init__(self) -> None:
        self._shown: RichProgress | None = None
        self._drawn = monotonic() + _PATIENCE - _PAUSE
        self._total = self._done = 0

    def begin(self, number: int) -> None:
        """Know how many series there are."""
        self._total = number

    def paced(self, rules: Sequence[Rule]) -> Iterable[Rule]:
        """Hand out the rules of one series."""
        for number, rule in enumerate(rules):
            self._draw(self._done + number / len(rules))
            yield rule
        self._done += 1

    def tick(self, done: int) -> None:
        """Know how many series are done."""
        self._done = done
        self._draw(done)

    def end(self) -> None:
        """Wipe it away."""
        if self._shown:
            self._shown.stop()

    def _draw(self, done: float) -> None:
        now = monotonic()
        if now < self._drawn + _PAUSE:
            return
        self._drawn = now
        if self._shown is None:
            self._shown = _started(self._total)
        self._shown.update(self._shown.task_ids[0], completed=done)
        self._shown.refresh()


def _started(total: int) -> RichProgress:
    # Loading it takes 100 ms, which only those who wait should pay.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeElapsedColumn

    shown = Progress(
        "patchlint: {task.description}",
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
    )
    shown.add_task(
        "reviewing" if total < 2 else f"reviewing {total} series", total=total
    )
    shown.start()
    return shown
