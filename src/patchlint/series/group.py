# SPDX-License-Identifier: GPL-2.0-or-later
"""The mails that were sent as one, and which of them count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from patchlint.series.ancestry import NONE, Box
from patchlint.series.posted import Role

HOUR = 3600


class Group(Struct):
    """Mails of a box, by number, on their way to a posting.

    ``version`` and ``total`` are what the posting says of itself. ``parent`` is the id
    of what the posting as a whole answers, ``sender`` who sent it, as far as it was
    sent at all. ``first`` and ``last`` are numbers of mails. ``cover`` is a cover
    letter that does not count itself as one.
    """

    mails: list[int]
    positions: set[int]
    version: int
    total: int
    parent: str
    sender: str
    first: int
    last: int
    cover: int = NONE

    @property
    def has_cover(self) -> bool:
        """Whether a cover letter is at hand."""
        return self.cover != NONE or 0 in self.positions

    @property
    def is_complete(self) -> bool:
        """Whether every patch is at hand."""
        return len(self.positions) - (0 in self.positions) >= self.total

    def take(self, other: Group) -> None:
        """Add the mails of another group."""
        self.mails += other.mails
        self.positions |= other.positions
        self.parent = self.parent or other.parent
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)


def sent(box: Box, group: Group) -> tuple[int, int, int]:
    """Return what groups are sorted by: when they were sent, and their versions."""
    moment = box.moments[group.first]
    return -1 if moment is None else moment, group.version, group.first


def made(box: Box, mails: Sequence[int]) -> Group:
    """Make a group of mails that count alike."""
    first = min(mails)
    subject = box.mails[first].subject
    positions = {box.mails[number].subject.position for number in mails}
    return Group(
        mails=list(mails),
        positions=positions,
        version=subject.version,
        total=subject.total,
        parent="" if 0 in positions else _parent(box, mails),
        sender=_sender(box, first),
        first=first,
        last=max(mails),
    )


def _parent(box: Box, mails: Sequence[int]) -> str:
    mine = {*mails}
    tops = (number for number in mails if box.above[number] not in mine)
    return next((box.mails[number].in_reply_to for number in tops), "")


def _sender(box: Box, number: int) -> str:
    """Return who sent a mail.

    The files of ``git format-patch`` go to nobody, and are from whoever wrote them.
    """
    mail = box.mails[number]
    was_sent = mail.to and not mail.message_id.endswith("@no-message-id.invalid")
    return mail.sender.mailbox.lower() if was_sent else ""


def is_near(
    box: Box,
    one: Group,
    other: Group,
    seconds: int = HOUR,
    *,
    unknown: bool = False,
) -> bool:
    """Say whether two groups were sent in one go; ``unknown`` if there are no dates."""
    begin, end = (box.moments[n] for n in (one.first, one.last))
    start, stop = (box.moments[n] for n in (other.first, other.last))
    if begin is None or end is None or start is None or stop is None:
        return unknown
    return max(start - end, begin - stop) <= seconds


def rounds(box: Box, group: Group) -> Iterator[Group]:
    """Part a group in which a whole posting comes again, or another's patch comes.

    What comes again in part, from the same sender, stays: it replaces a patch.
    """
    base: list[int] = []
    result: list[list[int]] = []
    size, mine = 0, frozenset[str]()
    for layer in _layers(box, group.mails):
        patches = [n for n in layer if box.mails[n].subject.position > 0]
        if not result or (len(patches) > 1 and len(patches) >= size):
            base, size = layer, len(patches)
            mine = frozenset(_sender(box, number) for number in base)
            result.append(base)
            continue
        base += [n for n in layer if _sender(box, n) in mine]
        result += [[n] for n in layer if _sender(box, n) not in mine]
    yield from (made(box, mails) for mails in result)


def _layers(box: Box, mails: Iterable[int]) -> Iterator[list[int]]:
    """Yield the mails that are the first at their position, the second, and so on."""
    seen: Counter[int] = Counter()
    layers: dict[int, list[int]] = {}
    for number in sorted(mails):
        position = box.mails[number].subject.position
        layers.setdefault(seen[position], []).append(number)
        seen[position] += 1
    yield from layers.values()


def winners(box: Box, group: Group) -> list[int]:
    """Return the mail that counts at each position: of the last version, the last."""
    best: dict[int, tuple[bool, int, int]] = {}
    for number in group.mails:
        subject = box.mails[number].subject
        rank = (box.roles[number] is not Role.EMPTY, subject.version, number)
        best[subject.position] = max(best.get(subject.position, rank), rank)
    return [best[position][-1] for position in sorted(best)]
