# SPDX-License-Identifier: GPL-2.0-or-later
"""Comments of C and preprocessed assembly, without a grammar: hunks have none."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"?|\'(?:[^\'\\\n]|\\.){1,8}\'|/\*.*?(?:\*/|\Z)|//[^\n]*',
    re.DOTALL,
)
_SAID = re.compile(r"[^\n]")


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of each comment, as offsets in characters.

    A comment that does not end runs to the end of the text; one that began before
    the text (in a hunk) is not seen.
    """
    return tuple(
        found.span() for found in _TOKEN.finditer(text) if found.group()[0] == "/"
    )


def structure(text: str) -> str:
    """Return the text with comments and what strings say blanked; lines stay."""

    return _TOKEN.sub(_hollow, text)


def _hollow(found: re.Match[str]) -> str:
    token = found.group()
    if token[0] == "/":
        return _blank(token)
    if "\n" in token:
        return token[0] + _SAID.sub("x", token[1:-1]) + token[-1:]
    return token[0] + "x" * (len(token) - 2) + token[-1] if len(token) > 1 else token


def _blank(token: str) -> str:
    if "\n" not in token:
        return " " * len(token)
    return "\n".join([" " * len(row) for row in token.split("\n")])


def without_comments(text: str) -> str:
    """Return the text with comments blanked; offsets and lines stay."""

    def blank(found: re.Match[str]) -> str:
        token = found.group()
        return token if token[0] != "/" else _blank(token)

    return _TOKEN.sub(blank, text)
