# SPDX-License-Identifier: GPL-2.0-or-later
"""What threads say of earlier runs: our own replies, and the answers to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchlint.mail.header import fields
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.report.manner import NoBug, Said

MARKS = "X-Patchlint-Findings"
RULES = "X-Patchlint-Rules"
_ANSWER = re.compile(
    r"[ \t]{0,8}patchlint:[ \t]*not-a-bug[ \t]+([a-z0-9]+/[a-z0-9-]+|[0-9a-f]{8,16})\b",
    re.IGNORECASE,
)
_MOST = 1000


def said_in(series: Series) -> Iterator[Said]:
    """Yield what we said in the threads of a posting and of the versions before it."""
    for version in _versions(series):
        mails = {mail.message_id: mail for mail in version.messages}
        for reply in version.thread:
            header = _header(reply)
            about = mails.get(reply.in_reply_to)
            if about is None or MARKS.lower() not in header:
                continue
            marks = _names(header[MARKS.lower()])
            yield said_of(about, marks, _names(header.get(RULES.lower(), "")))


def said_of(message: Message, marks: Sequence[str], rules: Sequence[str]) -> Said:
    """Return what was said of a mail, with what its next version is known by."""
    return Said(
        message_id=message.message_id,
        title=message.subject.text,
        sender=message.sender.mailbox.lower(),
        version=message.subject.version,
        marks=tuple(marks),
        rules=tuple(rules),
    )


def no_bugs_in(series: Series) -> Iterator[NoBug]:
    """Yield what people answered, in threads and below the ``---`` of patches.

    An answer is for the patches it hangs below, or for all where that is none. It
    counts whoever gave it: nobody answers for a tool.
    """
    for version in _versions(series):
        mails = {mail.message_id: mail for mail in version.messages}
        for reply in version.thread:
            if MARKS.lower() in _header(reply):
                continue
            chain = (reply.in_reply_to, *reply.references)
            about = [mails[id_] for id_ in dict.fromkeys(chain) if id_ in mails]
            patches = [mail for mail in about if mail is not version.cover]
            yield from _answers(reply, _body(reply), patches or list(version.messages))
        for patch in version.patches:
            yield from _answers(patch.message, patch.parts.notes, [patch.message])
        if cover := version.cover:
            yield from _answers(cover, _body(cover), list(version.messages))


def _versions(series: Series) -> Iterator[Series]:
    at: Series | None = series
    while at is not None:
        yield at
        at = at.previous


def _body(message: Message) -> range:
    return range(message.body_start, len(message.lines) + 1)


def _answers(
    mail: Message, numbers: range, about: Sequence[Message]
) -> Iterator[NoBug]:
    for number in numbers:
        if hit := _ANSWER.match(mail.line(number)[:200]):
            for one in about:
                sender = one.sender.mailbox.lower()
                title, id_ = one.subject.text, one.message_id
                yield NoBug(title, sender, hit[1].lower(), id_)


def _header(message: Message) -> dict[str, str]:
    lines = message.lines[: max(message.body_start - 1, 0)]
    return {name: value for name, value, _ in fields(lines)}


def _names(value: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", value[:10_000]) if word)[:_MOST]
