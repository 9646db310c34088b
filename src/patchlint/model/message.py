# SPDX-License-Identifier: GPL-2.0-or-later
"""One mail: what it says about itself, and its text."""

from __future__ import annotations

from msgspec import Struct

from patchlint.model.defect import Defect


class Address(Struct, frozen=True):
    """A mail address; ``name`` is empty where none was given."""

    name: str
    mailbox: str

    def __str__(self) -> str:
        """Return the address as people write it."""
        return f"{self.name} <{self.mailbox}>" if self.name else self.mailbox


class Subject(Struct, frozen=True):
    """``[PATCH net-next v3 2/7] net: foo: fix bar`` taken apart.

    ``line`` is where the header begins; ``prefixes`` are the words in the brackets
    that are neither version nor position. ``position`` is 0 for a cover letter.
    """

    text: str
    line: int
    prefixes: tuple[str, ...] = ()
    version: int = 1
    position: int = 1
    total: int = 1
    reply: bool = False


class Trailer(Struct, frozen=True):
    """One ``Token: value`` line at the end of a commit message."""

    token: str
    value: str
    line: int


class Message(Struct, frozen=True):
    """One mail, decoded.

    ``lines`` is the whole text, headers first, so that one number names a line of
    the header, of the commit log and of the diff alike. ``body_start`` is the number
    of the first line after the headers. ``log_start`` is where the commit log begins:
    behind the headers that stand in the body, behind scissors; 0 where nobody looked.
    ``author`` is who wrote the patch, where the body names another than the sender.
    ``defects`` says what could not be decoded, and what a mailer did to the text.
    """

    message_id: str
    subject: Subject
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    date: str
    in_reply_to: str
    references: tuple[str, ...]
    lines: tuple[str, ...]
    body_start: int
    defects: tuple[Defect, ...] = ()
    log_start: int = 0
    author: Address | None = None

    def line(self, number: int) -> str:
        """Return the text of line ``number``, counted from 1."""
        return self.lines[number - 1]
