# SPDX-License-Identifier: GPL-2.0-or-later
"""Whom a reply goes to, and under which subject."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patchlint.model.message import Address, Message
from patchlint.report.posting import field

_BRACKETS = re.compile(r"(?:re:\s*)*((?:\[[^\]]*\]\s*)*)", re.IGNORECASE)
_STABLE = re.compile(r"stable(?:\+[^@]*)?@", re.IGNORECASE)


def addressee(message: Message) -> tuple[Address, ...]:
    """Return the author, or whom he wants to be asked instead."""
    return _once(message.reply_to or (message.sender,))


def copies(message: Message, to: Sequence[Address]) -> tuple[Address, ...]:
    """Return all who got the patch, but its author and the stable lists."""
    known = {address.mailbox.lower() for address in (*to, message.sender)}
    return tuple(
        address
        for address in _once((*message.to, *message.cc))
        if address.mailbox.lower() not in known and not _STABLE.match(address.mailbox)
    )


def _once(addresses: Sequence[Address]) -> tuple[Address, ...]:
    first: dict[str, Address] = {}
    for address in addresses:
        first.setdefault(address.mailbox.lower(), address)
    return tuple(address for mailbox, address in first.items() if mailbox)


def answer_to(message: Message) -> str:
    """Return ``Re:`` once, and the subject with its brackets as they are."""
    return f"Re: {_subject(message)}".rstrip()


def _subject(message: Message) -> str:
    text = message.subject.text
    at = message.subject.line
    if not 0 < at < message.body_start - 1:
        return text
    lines = (message.line(n).strip() for n in field(message, at))
    name, _, value = " ".join(lines).partition(":")
    if name.strip().lower() != "subject":
        return text
    # The text was decoded across folds, the lines were not; so only the brackets
    # are taken from the lines.
    brackets = _BRACKETS.match(" ".join(value.split()))
    return f"{brackets[1] if brackets else ''}{text}"
