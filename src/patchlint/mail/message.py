# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of one mail to a Message."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes
from email.message import Message as RawMail

from patchlint.mail.header import addresses, decode_words, fields, ids, to_text
from patchlint.mail.subject import parse_subject
from patchlint.model.message import Address, Message

_BLANK = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"[!-9;-~]+:")
_NOBODY = Address("", "")


def parse_message(raw: bytes) -> Message:
    """Decode headers and body; never fail.

    The header lines keep their folding, so that line numbers are those of the mail.
    A mail without a Message-ID gets one made of its content.
    """
    raw = raw.replace(b"\r\n", b"\n")
    head, body = _split(raw)
    raw_lines = _raw_lines(head)
    lines = tuple(decode_line(line) for line in raw_lines)
    values: dict[str, tuple[str, int]] = {}
    for name, value, number in fields(raw_lines):
        values.setdefault(name, (value, number))

    def value_of(name: str) -> str:
        return values.get(name, ("", 0))[0]

    subject, at = values.get("subject", ("", 1))
    references = ids(value_of("references"))
    parents = ids(value_of("in-reply-to"))
    text, defects = _text(raw, body)
    return Message(
        message_id=next(iter(ids(value_of("message-id"))), _made_up_id(raw)),
        subject=parse_subject(decode_words(subject), at),
        sender=next(iter(addresses(value_of("from"))), _NOBODY),
        to=addresses(value_of("to")),
        cc=addresses(value_of("cc")),
        reply_to=addresses(value_of("reply-to")),
        date=decode_words(value_of("date")),
        in_reply_to=next(iter(parents), references[-1] if references else ""),
        references=references,
        lines=(*lines, "", *text.removesuffix("\n").split("\n")),
        body_start=len(lines) + 2,
        defects=defects,
    )


def decode_line(line: str) -> str:
    """Return one header line with its encoded words decoded, its folding kept."""
    if "=?" not in line:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return indent + decode_words(line)


def _raw_lines(head: bytes) -> tuple[str, ...]:
    text = head.decode("utf-8", "surrogateescape")
    return tuple(text.split("\n")) if text else ()


def _split(raw: bytes) -> tuple[bytes, bytes]:
    if not _HEADER.match(raw):
        return b"", raw
    gap = _BLANK.search(raw)
    return (raw[: gap.start()], raw[gap.end() :]) if gap else (raw.rstrip(b"\n"), b"")


def _text(raw: bytes, body: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the body as text: the first plain part, transfer encoding undone."""
    head = raw[: len(raw) - len(body)].lower()
    if b"content-transfer-encoding:" not in head and b"content-type:" not in head:
        return to_text(body, "utf-8"), ()
    mail = message_from_bytes(raw)
    part = next((p for p in mail.walk() if p.get_content_type() == "text/plain"), None)
    if part is None:
        return "", (f"no text/plain part in {mail.get_content_type()}",)
    return to_text(_payload(part, body), part.get_content_charset() or "utf-8"), ()


def _payload(part: RawMail, body: bytes) -> bytes:
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding in ("", "7bit", "8bit", "binary") and not part.get_boundary():
        payload = part.get_payload()
        if isinstance(payload, str) and not part.get("content-disposition"):
            return payload.encode("utf-8", "surrogateescape")
    decoded = part.get_payload(decode=True)
    return decoded.replace(b"\r\n", b"\n") if isinstance(decoded, bytes) else body


def _made_up_id(raw: bytes) -> str:
    return f"{hashlib.sha256(raw).hexdigest()[:24]}@no-message-id.invalid"
