# SPDX-License-Identifier: GPL-2.0-or-later
"""Undo the transfer encoding of a body: base64, quoted-printable."""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64

from msgspec import Struct

_ALPHABET = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=]+")
_QUOTE = re.compile(rb"=(?:([0-9A-Fa-f]{2})|[ \t]*\r?(?:\n|\Z))")
_LONE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?(?:\n|\Z))")
_BYTES = {b"%02x" % n: bytes((n,)) for n in range(256)}
_PLAIN = ("", "7bit", "8bit", "binary")
_KNOWN = (*_PLAIN, "base64", "quoted-printable")


class Decoded(Struct, frozen=True):
    """The bytes; what did not decode, and how many bytes come before it."""

    raw: bytes
    problem: str = ""
    at: int = 0
    lost: bool = False


def transfer_name(value: str) -> str:
    """Return the encoding that a header means; a wrong one as it stands."""
    name = value.partition(";")[0].strip(" \t\"'").lower()
    return {"8-bit": "8bit", "7-bit": "7bit", "quoted-printeable": _KNOWN[-1]}.get(
        name, name
    )


def undo(raw: bytes, encoding: str) -> Decoded:
    """Decode; what is broken is kept as far as it goes, and named."""
    name = transfer_name(encoding)
    if name == "base64":
        return _base64(raw)
    if name == "quoted-printable":
        return _quoted(raw)
    if name in _PLAIN:
        return Decoded(raw)
    shown = re.sub(r"[^!-~]+", " ", name)[:40]
    return Decoded(raw, f'transfer encoding "{shown}" is unknown; taken as it stands')


def _quoted(raw: bytes) -> Decoded:
    """Decode quoted-printable; an ``=`` that quotes nothing stands for itself."""
    text = _QUOTE.sub(_quote, raw)
    lone = _LONE.search(raw)
    if lone is None:
        return Decoded(text)
    problem = "quoted-printable: = is not followed by two hexadecimal digits"
    return Decoded(text, problem, len(_QUOTE.sub(_quote, raw[: lone.start()])))


def _quote(found: re.Match[bytes]) -> bytes:
    return _BYTES[found[1].lower()] if found[1] else b""


def _base64(raw: bytes) -> Decoded:
    """Decode base64 line by line; a footer behind the last padding is plain text.

    Lists append their footer to the encoded text as it is. Text that was never encoded
    is taken as it stands.
    """
    lines = raw.split(b"\n")
    end = _end(lines)
    block, rest = lines[:end], lines[end:]
    if not any(line.strip() for line in block):
        empty = not any(line.strip() for line in rest)
        problem = "" if empty else "base64: the text is not encoded; taken as it stands"
        return Decoded(raw if rest else b"", problem)
    done, at, problem = _groups(block)
    if any(line.strip() for line in rest):
        if not done.endswith(b"\n"):
            done += b"\n"
        plain = b"\n".join(rest)
        if not _is_footer(rest) and not problem:
            problem, at = "base64: text that is not encoded follows", len(done)
        done += plain
    return Decoded(done, problem, at, lost="cut" in problem)


def _end(lines: list[bytes]) -> int:
    """Return the index of the first line that is plainly no base64."""
    for number, line in enumerate(lines):
        text = line.strip()
        if not _ALPHABET.fullmatch(text) and len(_FOREIGN.findall(text)) > 1:
            return number
        if text.startswith((b"--", b"____")):
            return number
    return len(lines)


def _is_footer(lines: list[bytes]) -> bool:
    first = next(line.strip() for line in lines if line.strip())
    return first.startswith((b"--", b"____"))


def _groups(lines: list[bytes]) -> tuple[bytes, int, str]:
    """Decode lines; each padding ends a group, so that joined texts decode too."""
    text = b"".join(line.strip() for line in lines)
    clean = _FOREIGN.sub(b"", text)
    problem, at = "", 0
    if len(clean) != len(text):
        first = _FOREIGN.search(text)
        at = (first.start() if first else 0) * 3 // 4
        problem = "base64: a character that is none of its letters"
    parts: list[bytes] = []
    for group in re.findall(rb"[A-Za-z0-9+/]+", clean):
        over = len(group) % 4
        if over == 1:
            group = group[:-1]
        parts.append(_decoded(group))
        if over == 1 and not problem:
            problem = "base64: the text is cut off"
            at = sum(map(len, parts))
    return b"".join(parts), at, problem


def _decoded(group: bytes) -> bytes:
    try:
        return a2b_base64(group + b"=" * (-len(group) % 4))
    except Base64Error:
        return b""
