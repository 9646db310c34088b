# SPDX-License-Identifier: GPL-2.0-or-later
"""Group the mails of a box by posting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from patchlint.model.defect import Defect
from patchlint.model.message import Message
from patchlint.series.ancestry import NONE, Box, look, nearest
from patchlint.series.faults import faults
from patchlint.series.group import Group, made, sent, winners
from patchlint.series.join import join
from patchlint.series.links import find_covers, link
from patchlint.series.posted import Role, cut_off


class Posting(Struct, frozen=True):
    """The mails of one posting, in its order; the fields are those of Series."""

    cover: Message | None
    patches: tuple[Message, ...]
    version: int
    total: int
    superseded: tuple[Message, ...]
    thread: tuple[Message, ...]
    defects: tuple[Defect, ...]


def postings(mails: Sequence[Message]) -> tuple[Posting, ...]:
    """Return the postings in mails that are settled, by their first mail.

    Mails are joined by what they answer, over replies and over mails that are not at
    hand: what counts alike and hangs together is one posting, unless all of it comes
    again. What is left over is joined by sender, time and numbering (``join.py``).
    Then patches of another version or count find theirs (``links.py``).
    """
    box = look(mails)
    groups = join(box, _fragments(box))
    groups = link(box, find_covers(box, groups))
    replies = _replies(box, groups)
    found = [
        (sent(box, group), _posting(box, group, talk))
        for group, talk in zip(groups, replies, strict=True)
    ]
    found += [
        (sent(box, made(box, [number])), _cut_off(mails[number]))
        for number, role in enumerate(box.roles)
        if role is Role.REPLY_PATCH
    ]
    return tuple(posting for _, posting in sorted(found, key=lambda pair: pair[0]))


def _fragments(box: Box) -> Iterator[Group]:
    """Yield the mails that count alike and hang together."""
    tops = list(range(len(box.mails)))

    def top(number: int) -> int:
        while tops[number] != number:
            tops[number] = tops[tops[number]]
            number = tops[number]
        return number

    for number, over in enumerate(box.above):
        if box.is_posted(number) and over != NONE and _belong(box, number, over):
            first, second = sorted((top(number), top(over)))
            tops[second] = first
    found: dict[int, list[int]] = {}
    for number in range(len(box.mails)):
        if box.is_posted(number):
            found.setdefault(top(number), []).append(number)
    yield from (made(box, numbers) for numbers in found.values())


def _belong(box: Box, number: int, over: int) -> bool:
    """Say whether a mail is of the posting of the one above it.

    Nothing of a posting is above its cover letter, and but that above a single patch.
    """
    one, other = box.mails[number].subject, box.mails[over].subject
    if (one.version, one.total) != (other.version, other.total) or one.position == 0:
        return False
    return other.position == 0 or one.total != 1


def _replies(box: Box, groups: Sequence[Group]) -> list[list[int]]:
    """Return, for each group, the mails that talk about it."""
    owners = {number: at for at, group in enumerate(groups) for number in group.mails}
    owners |= {group.cover: at for at, group in enumerate(groups)}
    owners.pop(NONE, None)
    talk: list[list[int]] = [[] for _ in groups]
    for number, over in enumerate(nearest(box.parents, owners.__contains__)):
        if number not in owners and over != NONE:
            talk[owners[over]].append(number)
    return talk


def _posting(box: Box, group: Group, talk: Iterable[int]) -> Posting:
    chosen = winners(box, group)
    patches = [number for number in chosen if box.mails[number].subject.position]
    covers = [number for number in (group.cover, *chosen[:1]) if number != NONE]
    cover = covers[0] if covers and covers[0] not in patches else NONE
    spare = sorted({*group.mails} - {*chosen})
    return Posting(
        cover=None if cover == NONE else box.mails[cover],
        patches=tuple(box.mails[number] for number in patches),
        version=group.version,
        total=group.total,
        superseded=tuple(box.mails[number] for number in spare),
        thread=tuple(box.mails[number] for number in talk),
        defects=tuple(faults(box, group, chosen)),
    )


def _cut_off(mail: Message) -> Posting:
    patch = cut_off(mail)
    return Posting(None, (patch,), patch.subject.version, 1, (), (), ())
