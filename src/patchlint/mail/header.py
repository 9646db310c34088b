# SPDX-License-Identifier: GPL-2.0-or-later
"""Read header fields; whatever they hold, never fail."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses

from patchlint.model.message import Address

_FIELD = re.compile(r"([!-9;-~]+):[ \t]?(.*)")
_ID = re.compile(r"<([^<>\s]+)>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def fields(lines: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """Return (lower-case name, unfolded value, line number) for each field.

    Lines that are neither a field nor the continuation of one are passed over.
    """
    found: list[tuple[str, str, int]] = []
    for number, line in enumerate(lines, 1):
        if line[:1] in (" ", "\t") and found:
            name, value, at = found[-1]
            found[-1] = (name, f"{value} {line.strip()}", at)
        elif hit := _FIELD.match(line):
            found.append((hit[1].lower(), hit[2].strip(), number))
    return found


def decode_words(value: str) -> str:
    """Decode RFC 2047 encoded words; what does not decode stays as it is.

    Control characters become blanks, so that no decoded value can begin a new
    header line in a reply.
    """
    if "=?" in value:
        value = _decoded(value)
    return " ".join(_CONTROL.sub(" ", value).split())


def _decoded(value: str) -> str:
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        part if isinstance(part, str) else to_text(part, charset or "utf-8")
        for part, charset in parts
    )


def to_text(raw: bytes, charset: str) -> str:
    """Decode bytes by their label; a wrong label falls back to UTF-8.

    Bytes that are not UTF-8 are kept as surrogate escapes, so that the text encodes
    back to the same bytes.
    """
    name = charset.strip().lower()
    if name not in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        try:
            return raw.decode(name)
        except (LookupError, ValueError):
            pass
    return raw.decode("utf-8", "surrogateescape")


def addresses(value: str) -> tuple[Address, ...]:
    """Return the addresses of a To or Cc value; what has no mailbox is left out."""
    try:
        pairs = getaddresses([value])
    except (IndexError, ValueError):
        return ()
    return tuple(
        Address(decode_words(name), decode_words(mailbox))
        for name, mailbox in pairs
        if "@" in mailbox
    )


def ids(value: str) -> tuple[str, ...]:
    """Return the message ids of a References value, without angle brackets."""
    return tuple(_ID.findall(value))
