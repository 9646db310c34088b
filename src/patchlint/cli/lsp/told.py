# SPDX-License-Identifier: GPL-2.0-or-later
"""What the server asks its worker, and what it is told: values that can be sent.

Lines and columns count from 1, columns are characters, ends are excluded: what an
editor counts in is known to the server alone.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a text is."""

    MESSAGE = "message"
    MAIL = "mail"
    CODE = "code"


class Task(Struct, frozen=True):
    """A text to look at, or several of one work tree, by their absolute paths.

    ``folders`` are those that the editor has open: a repository may be there.
    ``words`` are arguments as a review takes them.
    """

    kind: Kind
    texts: dict[str, str]
    folders: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Place(Struct, frozen=True):
    """A line of a file, whole where ``end`` is 0, and what is said of it."""

    path: str
    line: int
    column: int = 1
    end: int = 0
    note: str = ""


class Swap(Struct, frozen=True):
    """What to put in the place of a line that is ``old``: any number of lines."""

    line: int
    old: str
    new: tuple[str, ...]


class Remark(Struct, frozen=True):
    """A finding at its place, its proof, and what puts it right."""

    rule: str
    severity: str
    message: str
    place: Place
    trace: tuple[Place, ...] = ()
    suggestion: str = ""
    swaps: tuple[Swap, ...] = ()


class Answer(Struct, frozen=True):
    """What is said; ``unread`` what could not be looked at, ``trouble`` what broke."""

    remarks: tuple[Remark, ...] = ()
    unread: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()


NOTHING = Answer()
