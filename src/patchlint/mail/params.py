# SPDX-License-Identifier: GPL-2.0-or-later
"""Take ``text/plain; charset=utf-8; format=flowed`` apart (RFC 2045, RFC 2231)."""

from __future__ import annotations

import re

from msgspec import Struct

from patchlint.mail.charset import to_text
from patchlint.mail.header import decode_words, plain

_LONGEST = 16_384
_PARAM = re.compile(r';\s*([^=;\s]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))', re.S)
_ESCAPED = re.compile(r"\\(.)", re.S)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_PART = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?$")


class Field(Struct, frozen=True):
    """The first word of a header of MIME, in lower case, and its parameters."""

    word: str
    params: dict[str, str]


def parse_params(value: str) -> Field:
    """Read a value; of a parameter that comes twice, the first counts."""
    value = plain(value[:_LONGEST])
    found: dict[str, dict[int, tuple[str, bool]]] = {}
    for hit in _PARAM.finditer(value):
        part = _PART.match(hit[1].lower())
        if part is not None:
            text = _ESCAPED.sub(r"\1", hit[2]) if hit[2] is not None else hit[3].strip()
            pieces = found.setdefault(part[1], {})
            pieces.setdefault(int(part[2] or 0), (text, bool(part[3])))
    word = value.partition(";")[0].strip().lower()
    return Field(word, {name: _joined(pieces) for name, pieces in found.items()})


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """Join the pieces of a long parameter; ``charset'language'`` begins the first."""
    ordered = [pieces[number] for number in sorted(pieces)]
    if not any(extended for _, extended in ordered):
        return decode_words("".join(text for text, _ in ordered))
    first = ordered[0][0]
    charset, text = "utf-8", first
    if first.count("'") >= 2:
        charset, _, text = first.split("'", 2)
    rest = (_raw(text, extended) for text, extended in ordered[1:])
    return to_text(_raw(text, ordered[0][1]) + b"".join(rest), charset)


def _raw(text: str, extended: bool) -> bytes:  # noqa: FBT001 - from a pair
    raw = text.encode("utf-8", "surrogateescape")
    if not extended:
        return raw
    return _PERCENT.sub(lambda hit: bytes.fromhex(hit[1].decode()), raw)
