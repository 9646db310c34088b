# SPDX-License-Identifier: GPL-2.0-or-later
"""How replies are to be, and what was said before: all that a report does not hold."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from patchlint.model.finding import Finding
from patchlint.model.message import Address, Message
from patchlint.report.wrapping import Wrapping

_MARK = 16


class Said(Struct, frozen=True):
    """What an earlier run said about one mail.

    ``title``, ``sender`` and ``version`` are those of the mail, so that the next
    version of it is known; ``marks`` name the findings (see ``mark_of``).
    """

    message_id: str
    title: str
    sender: str
    version: int
    marks: tuple[str, ...]
    rules: tuple[str, ...]


class NoBug(Struct, frozen=True):
    """An answer: what ``id_`` names is no bug in the patch of this title and sender.

    ``id_`` is the id of a rule, or a mark or the beginning of one. ``message_id`` is
    the mail that was meant; of one that nobody knows there is no title.
    """

    title: str
    sender: str
    id_: str
    message_id: str = ""


class Found(Struct, frozen=True):
    """What an earlier run found in one mail, whether or not it was said."""

    message_id: str
    title: str
    sender: str
    version: int
    mark: str
    rule: str


class Memory(Struct, frozen=True):
    """What earlier runs know of some mails, or what is new about them."""

    said: tuple[Said, ...] = ()
    no_bugs: tuple[NoBug, ...] = ()
    found: tuple[Found, ...] = ()


class Manner(Struct, frozen=True):
    """How to reply, to whom not, and what is known of earlier runs.

    ``ignored`` are addresses in lower case, of authors and lists, or ``@domain``;
    ``muted`` are rules and marks. ``options`` are those that the run was given and that
    change its answer. ``base`` is the commit that files came from where a series names
    none, or "".
    """

    says_clean: bool = False
    answers_rfc: bool = False
    wrapping: Wrapping | None = None
    sender: Address | None = None
    options: tuple[str, ...] = ()
    base: str = ""
    ignored: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    said: tuple[Said, ...] = ()
    no_bugs: tuple[NoBug, ...] = ()


PLAIN = Manner()


def mark_of(finding: Finding, message: Message) -> str:
    """Return the short name of a finding that the next version of it has too.

    That is its fingerprint; but a subject says its version, which that would hold.
    """
    if finding.anchor.span.line >= message.body_start:
        return finding.fingerprint[:_MARK]
    parts = (finding.rule, message.subject.text, finding.message)
    text = "\0".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()[:_MARK]


def is_of(message: Message, title: str, sender: str) -> bool:
    """Say whether a mail is a version of the one with this title and sender."""
    here = (message.subject.text, message.sender.mailbox.lower())
    return bool(title) and here == (title, sender)


def is_named(id_: str, rule: str, mark: str) -> bool:
    """Say whether an answer or a mute names a finding."""
    return id_ == rule or (len(id_) >= 8 and mark.startswith(id_.lower()))
