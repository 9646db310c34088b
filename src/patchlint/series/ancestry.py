# SPDX-License-Identifier: GPL-2.0-or-later
"""Which mail stands above which: a thread as numbers, climbed in linear time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from patchlint.mail.date import utc_seconds
from patchlint.model.message import Message
from patchlint.series.posted import Role, role

NONE = -1


class Box(Struct, frozen=True):
    """Mails in their settled order, told by their numbers.

    ``parents`` and ``above`` hold, for each mail, the one it answers and the nearest
    cover letter or patch over it; NONE where no such mail is at hand. ``roles`` says
    what a mail is, ``moments`` when it was sent in UTC seconds.
    """

    mails: Sequence[Message]
    roles: Sequence[Role]
    parents: Sequence[int]
    above: Sequence[int]
    moments: Sequence[int | None]

    def is_posted(self, number: int) -> bool:
        """Say whether a mail is a cover letter or a patch."""
        return self.roles[number] in (Role.COVER, Role.PATCH, Role.EMPTY)


def look(mails: Sequence[Message]) -> Box:
    """Work out what each mail is, and what stands above it."""
    numbers = {mail.message_id: number for number, mail in enumerate(mails)}
    parents = [_parent(number, mail, numbers) for number, mail in enumerate(mails)]
    roles = [role(mail) for mail in mails]
    posted = (Role.COVER, Role.PATCH, Role.EMPTY)
    above = nearest(parents, lambda number: roles[number] in posted)
    roles = [_seen(n, mails, roles, above) for n in range(len(mails))]
    above = nearest(parents, lambda number: roles[number] in posted)
    moments = [utc_seconds(mail.date) for mail in mails]
    return Box(mails, roles, parents, above, moments)


def _parent(number: int, mail: Message, numbers: dict[str, int]) -> int:
    """Return the mail that is answered, or the nearest one at hand above that."""
    for name in (mail.in_reply_to, *reversed(mail.references)):
        if (found := numbers.get(name, number)) != number:
            return found
    return NONE


def nearest(parents: Sequence[int], is_wanted: Callable[[int], bool]) -> list[int]:
    """Return the nearest wanted mail above each one; a ring has none.

    Each mail is climbed over once, however deep the thread.
    """
    unknown = NONE - 1
    found = [unknown] * len(parents)
    for start in range(len(parents)):
        path: list[int] = []
        at = start
        while at != NONE and found[at] == unknown:
            found[at] = NONE  # what comes here again is a ring
            path.append(at)
            at = parents[at]
            if at != NONE and is_wanted(at):
                break
        if at != NONE and not is_wanted(at):
            at = found[at]
        for number in path:
            found[number] = at
    return found


def _seen(
    number: int, mails: Sequence[Message], roles: Sequence[Role], above: Sequence[int]
) -> Role:
    """Return what a mail is, now that it is known what it answers.

    Not everybody's mailer writes "Re:". What has no diff and counts like the patch it
    answers talks about it. What is not called a patch, and answers somebody else's,
    does too: a notice that it was applied, say.
    """
    own, over = roles[number], above[number]
    if own not in (Role.COVER, Role.EMPTY, Role.DIFF) or over == NONE:
        return Role.PATCH if own is Role.DIFF else own
    mail, other = mails[number], mails[over]
    if own is Role.DIFF:
        is_own = mail.sender.mailbox == other.sender.mailbox
        return Role.PATCH if is_own else Role.TALK
    if _numbers(mail) != _numbers(other) or mail.subject.text != other.subject.text:
        return own
    if own is Role.COVER and mail.sender.mailbox == other.sender.mailbox:
        return own
    return Role.TALK


def _numbers(mail: Message) -> tuple[int, int, int]:
    return mail.subject.version, mail.subject.position, mail.subject.total
