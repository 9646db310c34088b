# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages to Series."""

from __future__ import annotations

from collections.abc import Sequence

from patchlint.diff.parse import parse_diff
from patchlint.mail.anatomy import dissect
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.series.footers import base_commit, footers
from patchlint.series.settle import settle
from patchlint.series.thread import Posting, postings


def assemble(
    messages: Sequence[Message], limits: Limits = DEFAULT_LIMITS
) -> tuple[Series, ...]:
    """Return each posting as a Series, patches ordered by their position.

    Postings come by the date of their first mail; in which order the messages were
    given makes no difference.
    """
    return tuple(_series(posting, limits) for posting in postings(settle(messages)))


def _series(posting: Posting, limits: Limits) -> Series:
    cover = () if posting.cover is None else (posting.cover,)
    found = footers((*cover, *posting.patches))
    return Series(
        cover=posting.cover,
        patches=tuple(_patch(mail, limits) for mail in posting.patches),
        version=posting.version,
        total=posting.total,
        base_commit=base_commit(found),
        defects=posting.defects,
        footers=found,
        superseded=posting.superseded,
        thread=posting.thread,
    )


def _patch(message: Message, limits: Limits) -> Patch:
    parts = dissect(message)
    text = [message.line(number) for number in parts.diff]
    diff = parse_diff(text, parts.diff.start, limits)
    return Patch(message, parts, diff.changes, diff.defects)
