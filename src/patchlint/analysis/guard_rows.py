# SPDX-License-Identifier: GPL-2.0-or-later
"""Guards that were compared, as rows of a table to show."""

from __future__ import annotations

from collections.abc import Mapping

from patchlint.analysis.guards import Change, Fate
from patchlint.analysis.sites import Site
from patchlint.model.guard import GuardFate, GuardRow, GuardSide

MOST = 8

_FATES: Mapping[Fate, GuardFate] = {
    Fate.KEPT: GuardFate.KEPT,
    Fate.REWRITTEN: GuardFate.REWRITTEN,
    Fate.CHANGED: GuardFate.CHANGED,
}


def rows(*changes: Change) -> tuple[GuardRow, ...]:
    """Return a row for each site, the one a finding is about first; eight at most."""
    return tuple(_row(change) for change in changes[:MOST])


def _row(change: Change) -> GuardRow:
    return GuardRow(
        operation=change.after.name,
        function=change.after.function,
        before=_side(change.before),
        after=_side(change.after),
        fate=_FATES[change.fate],
    )


def _side(site: Site) -> GuardSide:
    return GuardSide(site.where, site.asked, site.shown)
