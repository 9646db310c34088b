# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole program as two functions of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patchlint.lint.budget import UNBOUNDED, Bounds
from patchlint.lint.engine import run
from patchlint.lint.rule import Rule
from patchlint.mail.cut import cut
from patchlint.mail.message import parse_message
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.finding import Report
from patchlint.model.intake import Intake
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.message import Message
from patchlint.model.raw import Raw
from patchlint.model.series import Series
from patchlint.series.assemble import assemble
from patchlint.series.images import BlobSource
from patchlint.series.settle import settle
from patchlint.series.tree import TreeSource

_MANY = 100


def read(texts: Iterable[bytes | Raw]) -> tuple[Series, ...]:
    """Make series of mailboxes or single mails; a mail that comes twice counts once."""
    return take_in(texts).postings


def take_in(
    inputs: Iterable[bytes | Raw],
    limits: Limits = DEFAULT_LIMITS,
    known: Iterable[Defect] = (),
) -> Intake:
    """Read mailboxes, single mails or bare diffs, and keep what is no patch too.

    ``known`` is what whoever read the inputs could not read. The messages come by
    date; the order of the inputs makes no difference.
    """
    mails: list[Message] = []
    defects = list(known)
    for piece in cut(inputs, limits):
        if isinstance(piece, Defect):
            defects.append(piece)
        else:
            mails.append(parse_message(piece, limits))
    once = settle(mails)
    return Intake(assemble(once, limits), once, _some(defects))


def _some(defects: Sequence[Defect]) -> tuple[Defect, ...]:
    """Return the defects; an archive of trash has thousands, which nobody reads."""
    more = len(defects) - _MANY
    if more <= 0:
        return tuple(defects)
    text = f"and {more} more that cannot be read"
    return (*defects[:_MANY], Defect(DefectKind.CONTAINER, text, hides=True))


def review(
    postings: Sequence[Series],
    rules: Sequence[Rule],
    source: BlobSource,
    trees: TreeSource | None = None,
    bounds: Bounds = UNBOUNDED,
) -> Report:
    """Run the rules over every series.

    The contents of its files come from ``source``, what other files define and use
    from ``trees``; ``bounds`` says when to give up.
    """
    return run(rules, postings, source, trees, bounds)
