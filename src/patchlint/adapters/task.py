# SPDX-License-Identifier: GPL-2.0-or-later
"""What there is to review."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from patchlint.adapters.progress import Progress, Untold
from patchlint.adapters.shelf import Shelf
from patchlint.adapters.world import World
from patchlint.lint.engine import Surroundings, look
from patchlint.lint.rule import Result, Rule
from patchlint.model.series import Series

Results = tuple[Result, ...]


class Task(Struct, frozen=True):
    """What there is to review, the same for all processes.

    ``shelf`` is where answers are kept, if they are.
    """

    postings: Sequence[Series]
    rules: Sequence[Rule]
    world: World
    progress: Progress = Untold()
    shelf: Shelf | None = None

    def look(self, series: Series, around: Surroundings) -> Results:
        """Return what the rules have to say of a series, anew or as it is kept."""
        if self.shelf is None:
            return look(self.rules, series, around)
        return self.shelf.look(series, lambda: look(self.rules, series, around))
