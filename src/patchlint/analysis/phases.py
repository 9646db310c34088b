# SPDX-License-Identifier: GPL-2.0-or-later
"""When a function runs: the entries from which it is reached, by the callers of a tree.

A walk up the uses of names, breadth first, so that the shortest way to each entry is
kept. An entry is a function, the field of an operations table (``.c_early_init``), or
the macro or function that is handed the name (``late_initcall``); which they are is a
table of the rule. Entries are not walked beyond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from patchlint.model.symbol import PlacedUse
from patchlint.series.tree import Tree

_DEPTH = 8
_BREADTH = 400


class Reached(Struct, frozen=True):
    """A function runs in ``phase``, since ``entry`` leads to it.

    ``way`` are the uses from the entry down to the function.
    """

    phase: str
    entry: str
    way: tuple[PlacedUse, ...]


class Entries(Struct, frozen=True):
    """Which names are entries: a pattern for each phase, in the order of a card."""

    phases: tuple[tuple[str, re.Pattern[str]], ...]

    def of(self, name: str) -> Iterator[str]:
        """Yield the phases of which a function, ``.field`` or macro is an entry."""
        return (phase for phase, names in self.phases if names.fullmatch(name))


def entries(phases: Mapping[str, tuple[str, ...]]) -> Entries:
    """Return the entries of a table of patterns by phase."""
    return Entries(
        tuple((phase, re.compile("|".join(names))) for phase, names in phases.items())
    )


def reached(tree: Tree, function: str, known: Entries) -> tuple[Reached, ...]:
    """Return each entry that leads to ``function``, the nearest first."""
    found: dict[tuple[str, str], Reached] = {}
    seen = {function}
    waiting: list[tuple[str, tuple[PlacedUse, ...]]] = [(function, ())]
    for name, way in waiting:
        phases = tuple(known.of(name))
        for phase in phases:
            found.setdefault((phase, name), Reached(phase, name, way))
        if phases or len(way) >= _DEPTH:
            continue
        for placed in tree.uses(name):
            longer = (placed, *way)
            for phase in known.of(role := placed.use.role):
                found.setdefault((phase, role), Reached(phase, role, longer))
            holder = placed.use.holder
            if not role and holder not in seen and len(seen) < _BREADTH:
                seen.add(holder)
                waiting.append((holder, longer))
    return tuple(found.values())
