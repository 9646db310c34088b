# SPDX-License-Identifier: GPL-2.0-or-later
"""Which mails are cover letters and patches, and which talk about them."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from patchlint.mail.anatomy import dissect
from patchlint.model.message import Message

_BLADES = ("8<", ">8", "%<", ">%")
_LONGEST = 100
_WORDS = ("", "cut here", "cut", "snip")


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
        return Role.REPLY_PATCH if scissors(message) else Role.TALK
    if subject.position == 0:
        return Role.COVER
    named = any("PATCH" in word.upper() for word in subject.prefixes)
    if dissect(message).diff:
        return Role.PATCH if named else Role.DIFF
    return Role.EMPTY if named else Role.TALK


def scissors(message: Message) -> int:
    """Return the line that cuts a patch off from talk above it, or 0.

    Below it must stand a diff and somebody's sign-off: without that, it is a proposal
    that the author is to pick up, as most diffs in replies are.
    """
    for number in range(message.body_start, len(message.lines) + 1):
        line = message.line(number)
        if line.startswith(("diff --git ", "@@ -")):
            return 0
        if _is_scissors(line):
            below = dissect(replace(message, body_start=number + 1))
            signed = any(t.token.lower() == "signed-off-by" for t in below.trailers)
            return number if below.diff and signed else 0
    return 0


def cut_off(message: Message) -> Message:
    """Return a reply that holds a patch as the patch alone: one of one."""
    subject = replace(message.subject, position=1, total=1, reply=False)
    return replace(message, subject=subject, body_start=scissors(message) + 1)


def _is_scissors(line: str) -> bool:
    """Say whether git-mailinfo(1) would cut here: ``-- >8 --`` and its like."""
    if len(line) > _LONGEST or not any(blade in line for blade in _BLADES):
        return False
    return "--" in line and line.strip("-<>8% \t") in _WORDS
