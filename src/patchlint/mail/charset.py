# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes to text by the label of a mail, which may be wrong."""

from __future__ import annotations

import codecs
import re

_LABEL = re.compile(r"[a-z0-9._:+-]{1,40}")
_TEXT = re.compile(
    r"ascii|utf-(?:7|8|16|32)|iso(?:8859|2022)|latin|cp|windows|koi8|gb|big5|euc"
    r"|shift_jis|johab|hz|mac|tis|kz|ptcp|hp-roman",
)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
}
"""Charsets that mailers write when they mean a larger one."""
_UNKNOWN = ("", "utf-8")


def known(label: str) -> str:
    """Return the name of a charset that Python reads, or nothing.

    Codecs that are no charset of mail (punycode, unicode_escape) are not known: some
    of them are slow on purpose-made input.
    """
    name = label.strip().lower().partition("*")[0].removesuffix("-i")
    if not _LABEL.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return found if _TEXT.match(found) else ""


def to_text(raw: bytes, label: str) -> str:
    """Decode bytes by their label; a wrong label falls back to UTF-8.

    Bytes that are not UTF-8 are kept as surrogate escapes, so that the text encodes
    back to the same bytes.
    """
    return decode(raw, label)[0]


def decode(raw: bytes, label: str) -> tuple[str, str]:
    """Return the text and what is wrong with the label, or nothing.

    Bytes that are UTF-8, and not by chance, are UTF-8 whatever the label says: text of
    another charset is almost never valid as such.
    """
    name = known(label)
    shown = f'charset "{_shown(label)}"' if label.strip() else "no charset is named"
    if label.strip() and not name:
        return _utf8(raw), f"{shown} is unknown; read as UTF-8"
    if name in _UNKNOWN:
        return _utf8(raw), "" if _is_utf8(
            raw
        ) else f"{shown}, and the bytes are not UTF-8"
    text = _strict(raw, name)
    wide = not raw.isascii() and not name.startswith(("utf", "gb", "big5", "hz"))
    if wide and _is_utf8(raw):
        return raw.decode("utf-8"), f"{shown}, but it is UTF-8; read as UTF-8"
    if text is None or (name == "iso8859-1" and _has_controls(text)):
        text = _strict(raw, _WIDER[name]) if name in _WIDER else text
    if text is None:
        return _utf8(raw), f"{shown}, but it does not decode as such; read as UTF-8"
    return text, ""


def _strict(raw: bytes, name: str) -> str | None:
    try:
        text = raw.decode(name)
        text.encode()  # UTF-7 can spell half a surrogate pair
    except ValueError:
        return None
    return text


def _has_controls(text: str) -> bool:
    return re.search(r"[\x80-\x9f]", text) is not None


def _is_utf8(raw: bytes) -> bool:
    return _strict(raw, "utf-8") is not None


def _utf8(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _shown(label: str) -> str:
    return re.sub(r"[^!-~]+", " ", label)[:40].strip()
