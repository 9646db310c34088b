# SPDX-License-Identifier: GPL-2.0-or-later
"""A commit message that is no mail yet, and the rules that can be asked about it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from patchlint.lint.card import Card
from patchlint.mail.anatomy import dissect
from patchlint.model.finding import Evidence
from patchlint.model.message import Address, Message, Subject
from patchlint.model.series import Patch, Series

_GROUPS = ("msg/", "trailer/")
_ID = "commit-msg"


def asks_of_text(card: Card) -> bool:
    """Say whether a rule is about a message, whatever the diff below it."""
    is_ours = card.id.startswith(_GROUPS) and card.scope == "message"
    return is_ours and card.evidence is Evidence.MAIL and not card.extra


def written_at(lines: Sequence[str], number: int) -> int:
    """Return the index in ``lines`` of what is line ``number`` of their posting."""
    shift = 2 if _is_joined(lines) and number > 1 else 1
    return max(min(number - shift, len(lines) - 1), 0)


def posting(lines: Sequence[str], author: Address, committer: Address) -> Series:
    """Return a message as the only patch of a posting, without a diff.

    Its lines keep their numbers: the subject is line 1, and the log begins in line 3.
    """
    subject, rest = lines[0], lines[1:]
    if _is_joined(lines):
        # git takes all lines up to an empty one for the subject.
        rest = ("", *rest)
    message = Message(
        message_id=_ID,
        subject=Subject(subject, 1),
        sender=committer,
        to=(),
        cc=(),
        reply_to=(),
        date="",
        in_reply_to="",
        references=(),
        lines=(f"Subject: {subject}", *(rest or ("",)), ""),
        body_start=3,
        log_start=3,
        author=author if author != committer else None,
    )
    # Rules leave a mail without a diff alone; there will be one, below the last line.
    last = len(message.lines)
    parts = replace(dissect(message), diff=range(last, last + 1))
    return Series(None, (Patch(message, parts, ()),), 1, 1)


def _is_joined(lines: Sequence[str]) -> bool:
    """Say whether text follows the subject at once."""
    return len(lines) > 1 and bool(lines[1].strip())
