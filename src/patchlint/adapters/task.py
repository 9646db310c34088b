# SPDX-License-Identifier: GPL-2.0-or-later
"""What there is to review."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from patchlint.adapters.progress import Progress, Untold
from patchlint.adapters.world import World
from patchlint.lint.rule import Result, Rule
from patchlint.model.series import Series

Results = tuple[Result, ...]


class Task(Struct, frozen=True):
    """What there is to review, the same for all processes."""

    postings: Sequence[Series]
    rules: Sequence[Rule]
    world: World
    progress: Progress = Untold()
