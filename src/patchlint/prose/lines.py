# SPDX-License-Identifier: GPL-2.0-or-later
"""What one line of a commit log looks like, taken by itself."""

from __future__ import annotations

import re
from enum import Enum, auto


class Look(Enum):
    """The look of a line."""

    TEXT = auto()
    INDENTED = auto()
    CODE = auto()
    TABLE = auto()
    BACKTRACE = auto()
    ITEM = auto()
    FOOTNOTE = auto()
    LINK = auto()
    TRAILER = auto()
    NOTE = auto()


_TRAILER = re.compile(
    r"(?:[A-Z][A-Za-z]+-[A-Za-z-]*(?:by|of|on|to|id|ID|Id)|Link|Fixes|Cc|CC|Closes"
    r"|References|BugLink|Bugzilla|URL|CVE)\s?:\s*\S"
)
_NOTE = re.compile(r"\s*\[ ?[A-Za-z][\w.@+ -]{0,30}: ?\S")
_FOOTNOTE = re.compile(r" {0,3}\[(?:\d{1,2}|\*{1,3}|[a-z])\]:?\s+\S")
_LINK = re.compile(r"\s*(?:[A-Za-z]{1,10}:? )?<?(?:https?|ftp|git)://\S+\s*$")
_BACKTRACE = re.compile(
    r"\s*(?:\[ *\d+\.\d+\]|R[A-Z0-9]{2}: ?[0-9a-f]{4}|</?(?:TASK|IRQ|NMI)>"
    r"|(?:BUG|WARNING|INFO|Modules linked in|Hardware name|Code): \S"
    r"|Call [Tt]race:|---\[ |\? \w)"
    r"|.*\+0x[0-9a-f]{1,8}/0x[0-9a-f]"
)
_TABLE = re.compile(r".*\S(?: {3,}|\t ?)\S|\s*\||\s*[-=+]{4,}\s*$")
_ITEM = re.compile(
    r"\s*(?:[-*+•o]|\(?\d{1,2}[.):]|\(?[a-zA-Z]\)|\(?[ivx]{1,4}\))\s+[^\s=]"
)
_CODE = re.compile(
    r"\s*(?:[$#>|+@/]\s|#(?:include|define|if|endif)|@@|diff |/\*|\*/|//)"
    r"|.*(?:[{}]|\w\);)\s*$"
)
_NAME = re.compile(r"\w+(?:\(\))?")
_SYMBOLS = frozenset("{}();=<>|&*#\\/[]%$+~^")
_PLAIN_WORDS = 5
LONGEST = 2000
"""Characters of a line that somebody may have written as prose."""

# The first look that fits counts: what is certain stands before what is likely.
_LOOKS = (
    (Look.TRAILER, _TRAILER),
    (Look.NOTE, _NOTE),
    (Look.FOOTNOTE, _FOOTNOTE),
    (Look.LINK, _LINK),
    (Look.BACKTRACE, _BACKTRACE),
)


def look(line: str) -> Look:
    """Return the look of a line that is not blank; a giant one is no prose."""
    if len(line) > LONGEST:
        return Look.CODE
    for seen, pattern in _LOOKS:
        if pattern.match(line):
            return seen
    indented = len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip()) >= 2
    plain = _plain_words(line) >= _PLAIN_WORDS
    if _ITEM.match(line) and not _is_dense(line):
        return Look.ITEM
    if not plain and _TABLE.match(line):
        return Look.TABLE
    if _is_dense(line) or (_CODE.match(line) and not (plain and line[:1].isalpha())):
        return Look.CODE
    return Look.INDENTED if indented else Look.TEXT


def _plain_words(line: str) -> int:
    """Count the longest run of words without any sign in them."""
    best = run = 0
    for word in line.split():
        run = run + 1 if word.rstrip(".,:;").isalpha() else 0
        best = max(best, run)
    return best


def _is_dense(line: str) -> bool:
    """Say whether there are more signs than words."""
    signs = sum(character in _SYMBOLS for character in _NAME.sub("", line))
    return signs > 3 and signs > len(line.split())
