# SPDX-License-Identifier: GPL-2.0-or-later
"""Group the mails of a box by posting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from patchlint.mail.anatomy import dissect
from patchlint.model.message import Message


def postings(messages: Sequence[Message]) -> tuple[tuple[Message, ...], ...]:
    """Return the cover letters and patches, a tuple a posting, in mail order.

    Replies and other mail are left out. Threaded mails belong together when they
    hang, over mails of the same version and count, under the same one; unthreaded
    ones (a folder of ``git format-patch`` files) when they count together and no
    position comes twice.
    """
    posted = [message for message in messages if is_posted(message)]
    tops = _tops(posted)
    parents = frozenset((mail.in_reply_to, _count(mail)) for mail in posted)
    seen: Counter[Hashable] = Counter()
    groups: dict[Hashable, list[Message]] = {}
    for message in posted:
        top = tops[message.message_id]
        if (top.message_id, _count(top)) in parents or top.subject.total == 1:
            key: Hashable = (*_count(top), top.message_id)
        elif top.in_reply_to:
            key = (*_count(top), top.in_reply_to)
        else:
            key = _unthreaded_key(message, seen)
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


def _tops(posted: Sequence[Message]) -> Mapping[str, Message]:
    """Return, by message id, the topmost mail at hand of the same version and count.

    Each mail is climbed over once, however deep the thread; a ring ends the climb.
    """
    by_id = {message.message_id: message for message in posted}
    tops: dict[str, Message] = {}
    for message in posted:
        path = {message.message_id: message}
        top = message
        while (parent := _parent(top, by_id)) and parent.message_id not in path:
            top = tops.get(parent.message_id, parent)
            path[parent.message_id] = parent
            if top is not parent:
                break
        tops |= dict.fromkeys(path, top)
    return tops


def _parent(message: Message, by_id: Mapping[str, Message]) -> Message | None:
    """Return the mail above, or the nearest one at hand where that is missing.

    Nothing of a posting is above its cover letter, and but that above a single patch.
    """
    if message.subject.position == 0:
        return None
    ids = (message.in_reply_to, *reversed(message.references))
    for mail in (by_id[name] for name in ids if name in by_id):
        single = mail.subject.total == 1 and mail.subject.position != 0
        if _count(mail) == _count(message) and not single:
            return mail
    return None


def _count(message: Message) -> tuple[int, int]:
    return message.subject.version, message.subject.total


def _unthreaded_key(message: Message, seen: Counter[Hashable]) -> Hashable:
    """Number postings that count alike: a position that comes again begins one."""
    subject = message.subject
    alike = (*_count(message), frozenset(word.upper() for word in subject.prefixes))
    seen[*alike, subject.position] += 1
    return (*alike, seen[*alike, subject.position])
