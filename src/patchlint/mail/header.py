# SPDX-License-Identifier: GPL-2.0-or-later
"""Read header fields; whatever they hold, never fail."""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from email.quoprimime import header_encode
from itertools import groupby

from patchlint.mail.charset import known, to_text

_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]?(.*)", re.DOTALL)
_ID = re.compile(r"<([^<>\s\x00-\x1f\x7f-\x9f]+)>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_ENCODED = 64
_WORD = re.compile(r"=\?([^?\s]{0,80})\?([bq])\?", re.IGNORECASE)
_HEX = re.compile(rb"=([0-9a-f]{2})", re.IGNORECASE)


def fields(lines: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """Return (lower-case name, unfolded value, line number) for each field.

    Lines that are neither a field nor the continuation of one are passed over.
    """
    found: list[tuple[str, list[str], int]] = []
    for number, line in enumerate(lines, 1):
        if line[:1] in (" ", "\t") and found:
            found[-1][1].append(line.strip())
        elif hit := _FIELD.match(line):
            found.append((hit[1].lower(), [hit[2].strip()], number))
    return [(name, " ".join(parts).strip(), at) for name, parts, at in found]


def is_field(line: str) -> bool:
    """Say whether a line is a header field or goes on with one."""
    return line[:1] in (" ", "\t") or _FIELD.match(line) is not None


def decode_words(value: str) -> str:
    """Decode RFC 2047 encoded words; what does not decode stays as it is.

    Control characters become blanks, so that no decoded value can begin a new
    header line in a reply.
    """
    return " ".join(plain(decode_raw(value)).split())


def decode_raw(value: str) -> str:
    """Decode RFC 2047 encoded words; control characters stay. Not to be passed on."""
    return _decoded(value) if "=?" in value else value


def plain(value: str) -> str:
    """Return a value with a blank for each run of control characters."""
    return _CONTROL.sub(" ", value)


def encode_words(value: str) -> list[str]:
    """Return a value as encoded words that fit beside ``Subject:`` (RFC 2047).

    Cut between characters. Not by ``email.header``: what that answers depends on
    ``email.charset.add_charset``, and b4 turns the encoding of UTF-8 off there for
    all of the process.
    """
    encoded: list[str] = []
    chunk = ""
    for char in value:
        if len(_encode(chunk + char)) > _ENCODED:
            encoded.append(_encode(chunk))
            chunk = ""
        chunk += char
    return [*encoded, _encode(chunk)]


def _encode(chunk: str) -> str:
    return header_encode(chunk.encode("utf-8", "replace"), charset="utf-8")


def words(value: str) -> list[tuple[int, int, str, str, str]]:
    """Return (start, end, charset, ``b`` or ``q``, text) for each encoded word."""
    found: list[tuple[int, int, str, str, str]] = []
    at = 0
    while head := _WORD.search(value, at):
        end = value.find("?=", head.end())
        if end < 0:
            break
        text = value[head.end() : end]
        found.append((head.start(), end + 2, head[1].lower(), head[2].lower(), text))
        at = end + 2
    return found


def bad_word(value: str) -> str:
    """Return the first encoded word that cannot be decoded, or nothing."""
    for start, end, charset, kind, text in words(value):
        label = charset.partition("*")[0]
        if (label and not known(label)) or (kind == "b" and _base64(text) is None):
            return plain(value[start : min(end, start + 60)])
    return ""


def _decoded(value: str) -> str:
    """Decode each run of words of one charset as a whole: characters may be cut."""
    parts: list[tuple[str, bytes]] = []
    at = 0
    for start, end, charset, kind, text in words(value):
        gap = value[at:start]
        if gap.strip() or not parts:
            parts.append(("", _raw(gap)))
        parts.append((charset.partition("*")[0], _word(value[start:end], kind, text)))
        at = end
    parts.append(("", _raw(value[at:])))
    return "".join(
        to_text(b"".join(raw for _, raw in run), charset)
        for charset, run in groupby(parts, key=lambda part: part[0])
    )


def _word(whole: str, kind: str, text: str) -> bytes:
    """Return the bytes of an encoded word; one that is broken stays as it is."""
    if kind == "q":
        raw = _raw(text.replace("_", " "))
        return _HEX.sub(lambda hit: bytes.fromhex(hit[1].decode()), raw)
    decoded = _base64(text)
    return _raw(whole) if decoded is None else decoded


def _base64(text: str) -> bytes | None:
    try:
        return a2b_base64(_raw(text) + b"==")
    except Base64Error:
        return None


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def ids(value: str) -> tuple[str, ...]:
    """Return the message ids of a References value, without angle brackets."""
    return tuple(_ID.findall(value))
