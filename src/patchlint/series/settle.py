# SPDX-License-Identifier: GPL-2.0-or-later
"""Put mails into one order, each of them once, whatever order they came in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable, Iterator

from msgspec.structs import replace

from patchlint.mail.date import utc_seconds
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.message import Message

_FOOTER = re.compile(r"_{20,}")
_FOOTER_LINES = 12


def settle(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return the mails by date, then by id; copies of one mail count once.

    A copy has the same Message-ID and says the same, however it travelled. Mails that
    share an id and say different things are kept, under ids of their own but for the
    first: everything else tells mails by their ids. Each of them has a defect.
    """
    by_id: dict[str, list[Message]] = {}
    for message in messages:
        by_id.setdefault(message.message_id, []).append(message)
    kept = (mail for alike in by_id.values() for mail in _told_apart(alike))
    return tuple(sorted(kept, key=_order))


def _order(message: Message) -> tuple[int, str, tuple[str, ...]]:
    """Return what mails are sorted by: those without a date come first."""
    moment = utc_seconds(message.date)
    return -1 if moment is None else moment, message.message_id, message.lines


def _told_apart(alike: list[Message]) -> Iterator[Message]:
    if len(alike) == 1:
        yield alike[0]
        return
    copies: dict[Hashable, list[Message]] = {}
    for mail in alike:
        copies.setdefault(_content(mail), []).append(mail)
    best = [min(mails, key=_quality) for mails in copies.values()]
    first, *others = sorted(best, key=_order)
    yield _marked(first) if others else first
    for mail in others:
        yield replace(_marked(mail), message_id=_own_id(mail))


def _content(mail: Message) -> Hashable:
    """Return what a mail says, without what its way or a list adds to it."""
    subject = mail.subject
    body = [line.rstrip() for line in mail.lines[mail.body_start - 1 :]]
    for number in range(max(0, len(body) - _FOOTER_LINES), len(body)):
        if _FOOTER.fullmatch(body[number]):
            del body[number:]
            break
    while body and body[-1] in ("", "--"):
        body.pop()
    numbers = (subject.version, subject.position, subject.total, subject.reply)
    return subject.text, numbers, tuple(body)


def _quality(mail: Message) -> tuple[int, int, tuple[str, ...]]:
    return len(mail.defects), len(mail.lines), mail.lines


def _marked(mail: Message) -> Message:
    text = f"another mail has the Message-ID <{mail.message_id}> too"
    return replace(mail, defects=(*mail.defects, Defect(DefectKind.MAIL_ID, text)))


def _own_id(mail: Message) -> str:
    text = f"{mail.message_id}{_content(mail)}"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digest[:24]}@same-message-id.invalid"
