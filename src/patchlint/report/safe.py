# SPDX-License-Identifier: GPL-2.0-or-later
"""Make text from mails harmless to look at, and point at columns of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# Controls, format characters (bidi marks among them), lone surrogates, and the
# separators that some programs take for the end of a line.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Marks and fillers that are letters for Unicode, and nothing on a screen.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_CUT = " [...]"


def printable(text: str) -> str:
    """Return one line of text with every hidden character made visible.

    Tabs stay. Each other hidden character becomes exactly one visible one, so columns
    stay what they were: the control pictures where there is one, else U+FFFD.
    """
    if text.isascii() and text.replace("\t", "").isprintable():
        return text
    return "".join(_shown(char) for char in text)


def cut(text: str, most: int) -> str:
    """Return one printable line of at most ``most`` characters, marked if cut."""
    if len(text) <= most:
        return printable(text)
    return printable(text[: most - len(_CUT)]) + _CUT


def cut_bytes(text: str, most: int) -> str:
    """Return one printable line of at most ``most`` bytes of UTF-8, marked if cut."""
    shown = printable(text[: most + 1])
    if len(shown.encode()) <= most:
        return shown
    kept = shown.encode()[: most - len(_CUT)]
    return kept.decode(errors="ignore") + _CUT


def lines_of(text: str) -> tuple[str, ...]:
    """Return our own text as printable lines; only a line feed ends one."""
    return tuple(printable(line) for line in text.split("\n"))


def carets(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the line that puts ``^`` under columns of ``text``, or "".

    A span is (column, end column), from 1, end excluded; an empty one is an insertion
    and gets one caret. Tabs are repeated and wide characters get two blanks, so the
    carets stand right whatever stands in front of both lines.
    """
    wide = [(first, max(end, first + 1)) for first, end in spans]
    if any(_is_all(text, first, end) for first, end in wide):
        return ""
    marks = [
        _mark(char, is_under=any(first <= at < end for first, end in wide))
        for at, char in enumerate(f"{text} ", 1)
    ]
    row = "".join(marks).rstrip()
    return row if "^" in row else ""


def _shown(char: str) -> str:
    is_hidden = unicodedata.category(char) in _HIDDEN or char in _UNSEEN
    if char == "\t" or not is_hidden:
        return char
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    return "\u2421" if char == "\x7f" else "\ufffd"


def _is_all(text: str, first: int, end: int) -> bool:
    """Say whether a span is the whole line: carets would point at everything."""
    outside = text[: first - 1] + text[end - 1 :]
    return len(text.strip()) > 1 and not outside.strip(" \t+-")


def _mark(char: str, *, is_under: bool) -> str:
    if char == "\t":
        return char
    return ("^" if is_under else " ") * _width(char)


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
