# SPDX-License-Identifier: GPL-2.0-or-later
"""Two versions of one series: which patch became which, and what changed."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class By(StrEnum):
    """What told that two patches are one."""

    PATCH_ID = "patch-id"
    SUBJECT = "subject"
    LIKENESS = "likeness"


class Change(StrEnum):
    """What the newer version of a patch changed, the least of them first.

    CONTEXT: the same lines come and go, between others: it was rebased. DIFF does not
    say that the message stayed.
    """

    NOTHING = "unchanged"
    MESSAGE = "message"
    CONTEXT = "rebased"
    DIFF = "diff"


class Pair(Struct, frozen=True):
    """A patch of two versions, by its position in each."""

    old: int
    new: int
    by: By
    change: Change


class Pairing(Struct, frozen=True):
    """What became of the patches from one version to the next, all by position.

    ``pairs`` are in the order of the newer version. ``dropped`` are of the older one,
    ``added`` of the newer one. What was not at hand is in none of them.
    """

    pairs: tuple[Pair, ...]
    dropped: tuple[int, ...]
    added: tuple[int, ...]

    def of_new(self, position: int) -> Pair | None:
        """Return the pair of a patch of the newer version."""
        return next((pair for pair in self.pairs if pair.new == position), None)

    def of_old(self, position: int) -> Pair | None:
        """Return the pair of a patch of the older version."""
        return next((pair for pair in self.pairs if pair.old == position), None)
