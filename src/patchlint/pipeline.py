# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole program as two functions of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patchlint.lint.engine import run
from patchlint.lint.profile import EVERYTHING, Policy
from patchlint.lint.rule import Rule
from patchlint.mail.mbox import split_mbox
from patchlint.mail.message import parse_message
from patchlint.model.finding import Report
from patchlint.model.intake import Intake
from patchlint.model.series import Series
from patchlint.series.assemble import assemble
from patchlint.series.images import BlobSource
from patchlint.series.tree import TreeSource


def read(texts: Iterable[bytes]) -> tuple[Series, ...]:
    """Make series of mailboxes or single mails; a mail that comes twice counts once."""
    return take_in(texts).postings


def take_in(texts: Iterable[bytes]) -> Intake:
    """Read mailboxes or single mails, and keep what is no patch too."""
    mails = [parse_message(raw) for text in texts for raw in split_mbox(text)]
    once = tuple({mail.message_id: mail for mail in mails}.values())
    return Intake(assemble(once), once)


def review(
    postings: Sequence[Series],
    rules: Sequence[Rule],
    source: BlobSource,
    trees: TreeSource | None = None,
    policy: Policy = EVERYTHING,
) -> Report:
    """Run the rules over every series.

    The contents of its files come from ``source``, what other files define and use
    from ``trees``; ``policy`` says which of it is told, and how loud.
    """
    return run(rules, postings, source, trees, policy)
