# SPDX-License-Identifier: GPL-2.0-or-later
"""What an archive is, and the pieces of it that are looked at one by one.

A unit is a range of the mails of one archive in their order there. It is read with the
mails around it, its window: a posting is whole where its mails are not further apart
than that. A row belongs to the unit in whose range its mail lies, so that no mail is
lost and none counts twice, wherever a posting is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

# How many mails a unit has, and how many are read before and after it.
UNIT = 1000
WINDOW = 300


class Kind(StrEnum):
    """How an archive keeps its mails."""

    GIT = "git"
    MBOX = "mbox"
    MAILDIR = "maildir"


class Archive(Struct, frozen=True):
    """A place where mails are: an epoch of public-inbox, a mailbox, a maildir.

    ``list`` is what its list is called. ``accepted`` says that it holds patches as they
    were merged, and not as they were posted.
    """

    kind: Kind
    path: str
    list: str
    accepted: bool = False


class Unit(Struct, frozen=True):
    """A piece of an archive: the mails from ``first`` to ``last`` are read.

    What these are depends on the kind: in git, "" and the last commit; in a mailbox,
    offsets in bytes; in a maildir, names. ``read`` is how many mails that makes, of
    which ``mails``, behind the first ``before``, are those of the unit.
    """

    name: str
    archive: Archive
    first: str
    last: str
    read: int
    before: int
    mails: int


class Cut(Struct, frozen=True):
    """Where the range of a unit begins and ends, and what is read around it."""

    begin: int
    end: int
    start: int
    stop: int


def cuts(count: int, size: int = UNIT, window: int = WINDOW) -> Iterator[Cut]:
    """Yield the units of so many mails."""
    for begin in range(0, count, size):
        end = min(begin + size, count)
        yield Cut(begin, end, max(0, begin - window), min(count, end + window))
