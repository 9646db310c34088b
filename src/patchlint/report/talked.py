# SPDX-License-Identifier: GPL-2.0-or-later
"""What was said about a posting, sorted by its mails."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.message import Message
from patchlint.model.remark import GivenTag, Remark, Talk
from patchlint.model.series import Series


class Said(Struct, frozen=True):
    """What was said about one mail: remarks by line, tags by date."""

    message: Message
    remarks: tuple[Remark, ...]
    tags: tuple[GivenTag, ...]


class Talked(Struct, frozen=True):
    """A posting, and what its thread says about it."""

    series: Series
    talk: Talk

    def by_mail(self) -> Iterator[Said]:
        """Yield each mail that somebody said something about, in posting order."""
        remarks: dict[str, list[Remark]] = {}
        tags: dict[str, list[GivenTag]] = {}
        for remark in self.talk.remarks:
            remarks.setdefault(remark.about, []).append(remark)
        for tag in self.talk.tags:
            tags.setdefault(tag.about, []).append(tag)
        for message in (*self.series.messages, *self.series.superseded):
            name = message.message_id
            if name in remarks or name in tags:
                said = sorted(remarks.get(name, ()), key=lambda remark: remark.line)
                yield Said(message, tuple(said), tuple(tags.get(name, ())))
