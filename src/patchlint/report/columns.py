# SPDX-License-Identifier: GPL-2.0-or-later
"""Columns of a line in the units that formats count in.

We count characters (ADR 5). A byte that is no UTF-8 is one lone surrogate here, one
byte in the file, and one U+FFFD for whoever reads the file as text.
"""

from __future__ import annotations

_FIRST_BYTE, _LAST_BYTE = "\udc80", "\udcff"


def utf16(text: str, column: int) -> int:
    """Return the column of a character in UTF-16 code units, from 1."""
    return column + sum(char > "\uffff" for char in text[: column - 1])


def utf8(text: str, column: int) -> int:
    """Return the column of a character in bytes of UTF-8, from 1."""
    return 1 + sum(map(_bytes, text[: column - 1]))


def _bytes(char: str) -> int:
    if _FIRST_BYTE <= char <= _LAST_BYTE:
        return 1
    return len(char.encode("utf-8", "surrogatepass"))
