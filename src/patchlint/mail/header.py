# SPDX-License-Identifier: GPL-2.0-or-later
"""Read header fields; whatever they hold, never fail."""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from email.utils import getaddresses
from itertools import groupby

from patchlint.model.message import Address

_FIELD = re.compile(r"([!-9;-~]+):[ \t]?(.*)")
_ID = re.compile(r"<([^<>\s\x00-\x1f\x7f-\x9f]+)>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_WORD = re.compile(r"=\?([^?\s]*)\?([bq])\?(.*?)\?=", re.IGNORECASE)
_HEX = re.compile(rb"=([0-9a-f]{2})", re.IGNORECASE)
_UTF8 = ("", "utf-8", "utf8", "us-ascii", "ascii")


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
    return " ".join(plain(value).split())


def plain(value: str) -> str:
    """Return a value with a blank for each run of control characters."""
    return _CONTROL.sub(" ", value)


def _decoded(value: str) -> str:
    """Decode each run of words of one charset as a whole: characters may be cut."""
    parts: list[tuple[str, bytes]] = []
    at = 0
    for word in _WORD.finditer(value):
        gap = value[at : word.start()]
        if gap.strip() or not parts:
            parts.append(("", _raw(gap)))
        parts.append((word[1].partition("*")[0].lower(), _word(word)))
        at = word.end()
    parts.append(("", _raw(value[at:])))
    return "".join(
        to_text(b"".join(raw for _, raw in run), charset)
        for charset, run in groupby(parts, key=lambda part: part[0])
    )


def _word(word: re.Match[str]) -> bytes:
    """Return the bytes of an encoded word; one that is broken stays as it is."""
    if word[2] in "qQ":
        text = _raw(word[3].replace("_", " "))
        return _HEX.sub(lambda hit: bytes.fromhex(hit[1].decode()), text)
    try:
        return a2b_base64(_raw(word[3]) + b"==")
    except Base64Error:
        return _raw(word[0])


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def to_text(raw: bytes, charset: str) -> str:
    """Decode bytes by their label; a wrong label falls back to UTF-8.

    Bytes that are not UTF-8 are kept as surrogate escapes, so that the text encodes
    back to the same bytes.
    """
    name = charset.strip().lower()
    if name not in _UTF8 and "escape" not in name:
        try:
            text = raw.decode(name)
            text.encode()  # UTF-7 can spell half a surrogate pair
        except (LookupError, ValueError):
            pass
        else:
            return text
    return raw.decode("utf-8", "surrogateescape")


def addresses(value: str) -> tuple[Address, ...]:
    """Return the addresses of a To or Cc value; what has no mailbox is left out."""
    try:
        pairs = getaddresses([value])
    except (IndexError, ValueError, RecursionError):
        return ()
    return tuple(
        Address(decode_words(name), decode_words(mailbox))
        for name, mailbox in pairs
        if "@" in mailbox
    )


def ids(value: str) -> tuple[str, ...]:
    """Return the message ids of a References value, without angle brackets."""
    return tuple(_ID.findall(value))
