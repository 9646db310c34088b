# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of one mail to a Message."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as RawMail

from patchlint.mail.header import addresses, decode_words, fields, ids, plain, to_text
from patchlint.mail.subject import parse_subject
from patchlint.model.defect import Defect, DefectKind
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
    kind, encoding = value_of("content-type"), value_of("content-transfer-encoding")
    text, defects = _text(body, plain(kind), plain(encoding))
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


def _text(body: bytes, kind: str, encoding: str) -> tuple[str, tuple[Defect, ...]]:
    """Return the body as text: every part that is text but HTML, in order."""
    if not kind and not encoding:
        return to_text(body, "utf-8"), ()
    head = f"Content-Type: {kind or 'text/plain'}\n"
    head += f"Content-Transfer-Encoding: {encoding}\n\n"
    try:
        mail = message_from_bytes(head.encode("utf-8", "surrogateescape") + body)
        texts = [_part_text(part) for part in _parts(mail)]
    except (ValueError, RecursionError) as error:
        broken = Defect(DefectKind.MAIL_MIME, f"Content-Type: {error}", hides=True)
        return to_text(body, "utf-8"), (broken,)
    if not texts:
        text = f"no text in {mail.get_content_type()}"
        return "", (Defect(DefectKind.MAIL_NO_TEXT, text, hides=True),)
    return "\n".join(text.removesuffix("\n") for text in texts) + "\n", ()


def _parts(mail: RawMail) -> Iterator[RawMail]:
    """Yield the parts that hold text; mails that are attached are not looked into."""
    payload = mail.get_payload() if mail.is_multipart() else None
    if isinstance(payload, list) and mail.get_content_maintype() == "multipart":
        for part in payload:
            if isinstance(part, RawMail):
                yield from _parts(part)
    elif (
        payload is None
        and mail.get_content_maintype() in ("text", "multipart")
        and mail.get_content_subtype() != "html"
    ):
        yield mail


def _part_text(part: RawMail) -> str:
    raw = part.get_payload(decode=True)
    charset = part.get_content_charset() or "utf-8"
    return to_text(raw, charset).replace("\r\n", "\n") if isinstance(raw, bytes) else ""


def _made_up_id(raw: bytes) -> str:
    return f"{hashlib.sha256(raw).hexdigest()[:24]}@no-message-id.invalid"
