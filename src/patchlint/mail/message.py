# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of one mail to a Message."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from patchlint.mail.address import addresses
from patchlint.mail.begin import find_diff
from patchlint.mail.body import Body, read_body
from patchlint.mail.damage import find_damage
from patchlint.mail.header import decode_words, ids, plain
from patchlint.mail.opening import Opening, read_opening
from patchlint.mail.subject import parse_subject
from patchlint.mail.top import Top, read_top
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.message import Address, Message, Subject

_NOBODY = Address("", "")


def parse_message(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """Decode headers and body; never fail.

    The header lines keep their folding, so that line numbers are those of the mail.
    A mail without a Message-ID gets one made of its content.
    """
    whole = len(raw) <= limits.mail_bytes
    raw = raw[: limits.mail_bytes].replace(b"\r\n", b"\n")
    top = read_top(raw, limits.line_bytes)
    kind, encoding = top.value("content-type"), top.value("content-transfer-encoding")
    body = read_body(raw[top.end :], plain(kind), plain(encoding), limits)
    lines = (*top.lines, "", *body.lines)
    message = _message(top, lines, _made_up_id(raw))
    diff = find_diff(lines, message.body_start - 1)
    message, misnamed = _opened(message, body, diff)
    defects = [*top.defects, *misnamed, *_placed(body, top, message.body_start)]
    if not whole:
        text = f"more than {limits.mail_bytes} bytes; the rest is not read"
        defects.append(Defect(DefectKind.LIMIT, text, len(lines), hides=True))
    defects += find_damage(lines[diff:], diff + 1)
    return replace(message, defects=_once(defects))


def _once(defects: Sequence[Defect]) -> tuple[Defect, ...]:
    """Tell each defect once, where it is first seen; a mail may have any number."""
    counts = Counter((defect.kind, defect.text) for defect in defects)
    first = {(d.kind, d.text): d for d in reversed(defects)}
    ordered = sorted(first.values(), key=lambda d: (d.line, d.kind, d.text))
    return tuple(
        replace(defect, text=f"{defect.text} ({count} times)") if count > 1 else defect
        for defect in ordered
        for count in (counts[defect.kind, defect.text],)
    )


def _message(top: Top, lines: tuple[str, ...], made_up: str) -> Message:
    """Return what the header says."""
    subject, at = top.values.get("subject", ("", 1))
    references = ids(top.value("references"))
    parents = ids(top.value("in-reply-to"))
    return Message(
        message_id=top.message_id or made_up,
        subject=parse_subject(decode_words(subject), at),
        sender=next(iter(addresses(top.value("from"))), _NOBODY),
        to=addresses(top.value("to")),
        cc=addresses(top.value("cc")),
        reply_to=addresses(top.value("reply-to")),
        date=decode_words(top.value("date")),
        in_reply_to=next(iter(parents), references[-1] if references else ""),
        references=references,
        lines=lines,
        body_start=len(top.lines) + 2,
    )


def _opened(
    message: Message, body: Body, diff: int
) -> tuple[Message, tuple[Defect, ...]]:
    """Add what the body says about the commit, if the mail carries one."""
    start = message.body_start - 1
    attached = start + (body.attached or 0)
    if attached < diff < len(message.lines):
        start = attached
    opening = read_opening(message.lines, start, diff)
    message = replace(message, log_start=min(opening.first + 1, len(message.lines) + 1))
    if diff == len(message.lines):
        return message, ()
    name, index = opening.headers.get("from", ("", 0))
    author = next(iter(addresses(name)), None)
    text = "From: in the body holds no address"
    wrong = name and not author
    return (
        replace(message, author=author, subject=_subject(message.subject, opening)),
        (Defect(DefectKind.MAIL_HEADER, text, index + 1),) if wrong else (),
    )


def _subject(subject: Subject, opening: Opening) -> Subject:
    """Return the subject of the commit: one in the body names it, the mail counts it.

    Where the mail does not count, the body does. An answer stays an answer.
    """
    text, index = opening.headers.get("subject", ("", 0))
    if not text:
        return subject
    inner = parse_subject(decode_words(text), index + 1)
    if inner.prefixes and not subject.prefixes:
        return replace(inner, reply=subject.reply)
    return replace(subject, text=inner.text, line=index + 1)


def _placed(body: Body, top: Top, start: int) -> list[Defect]:
    """Number the lines of defects as those of the mail."""
    label = top.values.get("content-type", ("", 0))[1]
    encoding = top.values.get("content-transfer-encoding", ("", 0))[1]
    header = {DefectKind.MAIL_ENCODING: encoding}
    return [
        replace(
            defect,
            line=start + defect.line - 1
            if defect.line
            else header.get(defect.kind, label),
        )
        for defect in body.defects
    ]


def _made_up_id(raw: bytes) -> str:
    return f"{hashlib.sha256(raw).hexdigest()[:24]}@no-message-id.invalid"
