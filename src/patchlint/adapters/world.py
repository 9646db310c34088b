# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything outside that a review may look at, opened anew by each process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.clock import CpuClock
from patchlint.adapters.folders import cache_folder
from patchlint.adapters.git import Blobs
from patchlint.adapters.index import Indexes
from patchlint.lint.budget import Bounds
from patchlint.lint.context import NO_HISTORY
from patchlint.lint.engine import Surroundings
from patchlint.lint.profile import EVERYTHING, Policy
from patchlint.model.finding import Evidence
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.series.images import NoSource
from patchlint.series.tree import NoTrees


def _silently(_: int) -> None:
    """Say nothing of files that are read."""


class World(Struct, frozen=True):
    """A repository, how much of it may be read, the limits of a run, who is told what.

    ``announce`` hears how many files are going to be read for an index.
    """

    repository: Path
    evidence: Evidence = Evidence.TREE
    limits: Limits = DEFAULT_LIMITS
    policy: Policy = EVERYTHING
    announce: Callable[[int], None] = _silently

    @contextmanager
    def opened(self) -> Iterator[Surroundings]:
        """Open it for this process, and close it."""
        with (
            CpuClock() as clock,
            Blobs(self.repository) as blobs,
            Indexes(self.repository, blobs, cache_folder(), self.announce) as indexes,
        ):
            indexes.pause = clock.paused
            yield Surroundings(
                NoSource() if self.evidence is Evidence.MAIL else blobs,
                indexes if self.evidence is Evidence.TREE else NoTrees(),
                Bounds(self.limits, clock),
                self.policy,
                blobs if self.evidence is Evidence.TREE else NO_HISTORY,
            )
