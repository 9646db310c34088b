# SPDX-License-Identifier: GPL-2.0-or-later
"""Where git sees the commit log end, and where the diff begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

_GIT = "diff --git "
_COMBINED = ("diff --cc ", "diff --combined ")
_HEADER = re.compile(
    r"--- \S|index [0-9a-f]{4}|@@+ -|(?:old|new|new file|deleted file) mode [0-7]"
    r"|(?:dis)?similarity index [0-9]|(?:rename|copy) (?:from|old) "
)
_ABOVE = re.compile(r"diff -|Index: |={5,}|RCS file: |retrieving revision |Only in ")
_NEAR = 6


def ends_log(line: str) -> bool:
    """Say whether git takes a line for the end of the log (mailinfo.c, patchbreak()).

    That is ``---`` and nothing but blanks, ``--- name``, ``diff -`` and ``Index: ``,
    whatever follows: prose that begins like that is lost.
    """
    if line.startswith(("diff -", "Index: ")):
        return True
    if not line.startswith("---"):
        return False
    is_name = line[3:4] == " " and line[4:5].strip() != ""
    return is_name or not line[3:].strip()


def find_diff(lines: Sequence[str], first: int) -> int:
    """Return the index where the diff begins, from ``first`` on, or that of the end.

    It begins where git apply sees a file, at the names that older tools write above.
    What only looks like that does not count: a header is never alone.
    """
    for number in range(first, len(lines)):
        if _is_header(lines, number):
            return _with_names(lines, number, first)
    return len(lines)


def _is_header(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if line.startswith((_GIT, *_COMBINED)):
        return _is_followed(lines, at + 1)
    return (
        line.startswith("--- ")
        and len(lines) > at + 2
        and lines[at + 1].startswith("+++ ")
        and lines[at + 2].startswith("@@ -")
    )


def _is_followed(lines: Sequence[str], at: int) -> bool:
    """Say whether the rest of a header follows, which a mailer may have broken."""
    for line in lines[at : at + _NEAR]:
        if not line.strip() or line.startswith("diff -"):
            return False
        if _HEADER.match(line):
            return True
    return False


def _with_names(lines: Sequence[str], at: int, first: int) -> int:
    """Return the index of ``Index: name`` or ``diff -u`` above a header, if any."""
    begin = at
    for number in range(at - 1, max(at - _NEAR, first) - 1, -1):
        if not _ABOVE.match(lines[number]):
            break
        if lines[number].startswith(("diff -", "Index: ")):
            begin = number
    return begin
