# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages to Series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from patchlint.diff.parse import parse_diff
from patchlint.mail.anatomy import dissect
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.series.thread import postings

_BASE = re.compile(r"base-commit: ([0-9a-f]{40,64})\s*")


def assemble(messages: Sequence[Message]) -> tuple[Series, ...]:
    """Return each posting as a Series, patches ordered by their position."""
    return tuple(_series(mails) for mails in postings(messages))


def _series(mails: tuple[Message, ...]) -> Series:
    subject = mails[0].subject
    ordered = sorted(mails, key=lambda mail: mail.subject.position)
    cover = next((mail for mail in ordered if mail.subject.position == 0), None)
    return Series(
        cover=cover,
        patches=tuple(_patch(mail) for mail in ordered if mail is not cover),
        version=subject.version,
        total=subject.total,
        base_commit=_base_commit(ordered),
    )


def _patch(message: Message) -> Patch:
    parts = dissect(message)
    text = [message.line(number) for number in parts.diff]
    diff = parse_diff(text, parts.diff.start)
    return Patch(message, parts, diff.changes, diff.defects)


def _base_commit(mails: Iterable[Message]) -> str:
    for mail in mails:
        for line in mail.lines[mail.body_start - 1 :]:
            if hit := _BASE.fullmatch(line):
                return hit[1]
    return ""
