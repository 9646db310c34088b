# SPDX-License-Identifier: GPL-2.0-or-later
"""Which mails are cover letters and patches, and which talk about them."""

from __future__ import annotations

from enum import Enum, auto

from msgspec.structs import replace

from patchlint.mail.anatomy import dissect
from patchlint.mail.marks import is_scissors
from patchlint.model.message import Message


class Role(Enum):
    """What a mail seems to be by itself."""

    TALK = auto()
    COVER = auto()
    PATCH = auto()
    EMPTY = auto()  # called a patch, and without a diff
    DIFF = auto()  # not called a patch, and with a diff
    REPLY_PATCH = auto()  # a reply that holds a patch of its own


def role(message: Message) -> Role:
    """Say what a mail is, whoever it answers."""
    subject = message.subject
    if subject.reply:
        return Role.REPLY_PATCH if holds_patch(message) else Role.TALK
    if subject.position == 0:
        return Role.COVER
    named = any("PATCH" in word.upper() for word in subject.prefixes)
    if dissect(message).diff:
        return Role.PATCH if named else Role.DIFF
    return Role.EMPTY if named else Role.TALK


def holds_patch(message: Message) -> bool:
    """Say whether a reply holds a patch, cut off from the talk above it by scissors.

    Below them must stand a diff and somebody's sign-off: without that, it is a proposal
    that the author is to pick up, as most diffs in replies are.
    """
    above = range(message.body_start, message.log_start)
    if not any(is_scissors(message.line(number)) for number in above):
        return False
    parts = dissect(message)
    signed = any(t.token.lower() == "signed-off-by" for t in parts.trailers)
    return bool(parts.diff) and signed


def cut_off(message: Message) -> Message:
    """Return a reply that holds a patch as the patch alone: one of one."""
    subject = replace(message.subject, position=1, total=1, reply=False)
    return replace(message, subject=subject)
