# SPDX-License-Identifier: GPL-2.0-or-later
"""What conditions come down to, and the steps that lead there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.conditions import written
from patchlint.analysis.formula import Formula, Literal
from patchlint.model.finding import Step

SET_HERE = " is set here"


class Root(Struct, frozen=True):
    """What conditions come down to.

    ``steps`` lead there. ``seen`` is False where a flag's writers are outside the
    files at hand. ``weak`` are texts that count only where both sides of a patch
    have them.
    """

    formula: Formula[Literal]
    steps: tuple[Step, ...] = ()
    seen: bool = True
    weak: frozenset[str] = frozenset()

    @property
    def atoms(self) -> frozenset[str]:
        """What must all hold, as texts."""
        parts = self.formula.conjuncts
        return frozenset(written(part) for part in parts if not part.always)

    def led_by(self, *steps: Step) -> Root:
        """Return the root with steps in front."""
        return replace(self, steps=(*steps, *self.steps))


def joined(
    parts: Sequence[Root],
    join: Callable[[Sequence[Formula[Literal]]], Formula[Literal]],
) -> Root:
    """Join roots, and what led to them."""
    return Root(
        join([part.formula for part in parts]),
        tuple(dict.fromkeys(step for part in parts for step in part.steps)),
        all(part.seen for part in parts),
        frozenset[str]().union(*(part.weak for part in parts)),
    )
