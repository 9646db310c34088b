# SPDX-License-Identifier: GPL-2.0-or-later
"""Group the mails of a box by posting."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from patchlint.mail.anatomy import dissect
from patchlint.model.message import Message

_DEPTH = 100

Groups = dict[Hashable, list[Message]]


def postings(messages: Sequence[Message]) -> tuple[tuple[Message, ...], ...]:
    """Return the cover letters and patches, a tuple a posting, in mail order.

    Replies and other mail are left out. Threaded mails belong together when they
    hang, over mails of the same version and count, under the same one; unthreaded
    ones (a folder of ``git format-patch`` files) when they count together and no
    position comes twice.
    """
    posted = [message for message in messages if is_posted(message)]
    by_id = {message.message_id: message for message in posted}
    parents = frozenset((mail.in_reply_to, _count(mail)) for mail in posted)
    groups: Groups = {}
    for message in posted:
        top = _top(message, by_id)
        if (top.message_id, _count(top)) in parents or top.subject.total == 1:
            key: Hashable = (*_count(top), top.message_id)
        elif top.in_reply_to:
            key = (*_count(top), top.in_reply_to)
        else:
            key = _unthreaded_key(message, groups)
        groups.setdefault(key, []).append(message)
    return tuple(tuple(group) for group in groups.values())


def is_posted(message: Message) -> bool:
    """Say whether a mail is a cover letter or a patch, rather than talk about one."""
    subject = message.subject
    if subject.reply:
        return False
    if dissect(message).diff:
        return True
    return any("PATCH" in word.upper() for word in subject.prefixes)


def _top(message: Message, by_id: Mapping[str, Message]) -> Message:
    """Climb to the topmost mail at hand of the same version and count."""
    top = message
    for _ in range(_DEPTH):
        parent = by_id.get(top.in_reply_to)
        if parent is None or _count(parent) != _count(message):
            break
        top = parent
    return top


def _count(message: Message) -> tuple[int, int]:
    return message.subject.version, message.subject.total


def _unthreaded_key(message: Message, groups: Groups) -> Hashable:
    """Number postings that count alike: a position that comes again begins one."""
    number = 0
    while True:
        key = (*_count(message), message.subject.prefixes, number)
        taken = {other.subject.position for other in groups.get(key, ())}
        if message.subject.position not in taken:
            return key
        number += 1
