# SPDX-License-Identifier: GPL-2.0-or-later
"""What a text is, by its content: names lie, and standard input has none."""

from __future__ import annotations

import codecs
import re
from enum import Enum

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:|[ \t]+\S")
_HTML = re.compile(rb"<(?:!doctype html|html|\?xml)\b", re.IGNORECASE)
_DIFF = re.compile(
    rb"^(?:diff --git \S|diff -|Index: \S[^\n]*\n=|--- \S[^\n]*\n\+\+\+ \S)",
    re.MULTILINE,
)
_HEAD = 8192
_LONGEST_HEAD = 1000
# A mail has one of these; a log that begins with "mm: " or "Index:" has none.
_MAIL = frozenset(
    (b"from", b"subject", b"date", b"message-id", b"received", b"return-path",
     b"to", b"delivered-to", b"mime-version", b"content-type", b"in-reply-to")
)  # fmt: skip
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Kind(Enum):
    """What a text is; the value is the word for it."""

    EMPTY = "empty"
    MAIL = "mail"
    DIFF = "a diff without mail headers"
    TEXT = "neither mail nor patch"
    HTML = "a web page"
    BINARY = "binary"


def trimmed(data: bytes) -> bytes:
    """Return a text without the byte-order mark and blank lines before it.

    UTF-16, which a Windows shell writes, becomes UTF-8.
    """
    if data.startswith(_UTF16):
        data = data.decode("utf-16", "replace").encode("utf-8")
    if data[:1] not in b"\xef\r\n \t":
        return data
    data = data.removeprefix(codecs.BOM_UTF8)
    text = len(data) - len(data.lstrip())
    return data[data.rfind(b"\n", 0, text) + 1 :]


def kind_of(data: bytes) -> Kind:
    """Say what a trimmed text is; mail may be a whole mailbox."""
    head = data[:_HEAD]
    if is_mail(data):
        return Kind.MAIL
    if _HTML.match(head):
        return Kind.HTML
    if _DIFF.search(data):
        return Kind.DIFF
    if b"\0" in head:
        return Kind.BINARY
    return Kind.TEXT if head.strip() else Kind.EMPTY


def is_mail(data: bytes) -> bool:
    """Say whether a text begins with the header of a mail.

    Two well-known fields are enough; one must be followed by an empty line, since a
    log may begin with ``Subject:``. A ``From `` line may come first.
    """
    start = data.find(b"\n") + 1 if data.startswith((b"From ", b">From ")) else 0
    known = 0
    for _ in range(_LONGEST_HEAD):
        end = data.find(b"\n", start)
        line = data[start : end if end >= 0 else len(data)]
        field = _FIELD.match(line)
        if not field:
            return known > (1 if line.strip() else 0)
        known += (field[1] or b"").lower() in _MAIL
        if end < 0:
            break
        start = end + 1
    return known > 0
