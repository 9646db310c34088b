# SPDX-License-Identifier: GPL-2.0-or-later
"""Comments of C and preprocessed assembly, without a grammar: hunks have none."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"?|\'(?:[^\'\\\n]|\\.){1,8}\'|/\*.*?(?:\*/|\Z)|//[^\n]*',
    re.DOTALL,
)


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of each comment, as offsets in characters.

    A comment that does not end runs to the end of the text; one that began before
    the text (in a hunk) is not seen.
    """
    return tuple(
        found.span() for found in _TOKEN.finditer(text) if found.group()[0] == "/"
    )


def without_comments(text: str) -> str:
    """Return the text with comments blanked; offsets and lines stay."""

    def blank(found: re.Match[str]) -> str:
        token = found.group()
        return token if token[0] != "/" else re.sub(r"[^\n]", " ", token)

    return _TOKEN.sub(blank, text)
