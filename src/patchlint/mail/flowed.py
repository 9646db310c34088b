# SPDX-License-Identifier: GPL-2.0-or-later
"""Undo format=flowed (RFC 3676), only where that mends a diff."""

from __future__ import annotations

import re

from patchlint.mail.hunks import hunks

_HUNK = re.compile(r"^@@ -\d", re.MULTILINE)


def unflow(text: str, *, delsp: bool) -> str:
    """Return the text as it was meant: most mailers that say flowed flow nothing.

    The text stays as it is if its hunks are whole; a context line that is empty ends
    with a blank, and joined to the next it would break its hunk. Where hunks are broken
    and joining the lines that end with a blank leaves fewer broken, they are joined.
    """
    if not _HUNK.search(text):
        return text
    lines = text.split("\n")
    if stuffed(lines):
        lines = [line.removeprefix(" ") for line in lines]
    joined = _joined(lines, delsp=delsp)
    if _broken(joined) < _broken(lines):
        return "\n".join(joined)
    return "\n".join(lines)


def stuffed(lines: list[str]) -> bool:
    """Say whether each line that begins with a blank was given one more (section 4.4).

    Only if every line of context has a blank too many: code has tabs there, or nothing.
    """
    seen = 0
    for hunk in hunks(lines):
        for number in range(hunk.at + 1, hunk.end):
            line = lines[number]
            if line.startswith(" ") and line.strip():
                if not line.startswith("  ") or line[2:3] == " ":
                    return False
                seen += 1
    return seen > 2


def _broken(lines: list[str]) -> int:
    return sum(not hunk.whole for hunk in hunks(lines))


def _joined(lines: list[str], *, delsp: bool) -> list[str]:
    out: list[str] = []
    open_line: list[str] = []
    for raw in lines:
        line = raw.removeprefix(" ") if open_line else raw
        soft = line.endswith(" ") and line != "-- "
        if open_line and raw == "-- ":
            out.append("".join(open_line))
            open_line = []
        open_line.append(line[:-1] if soft and delsp else line)
        if not soft:
            out.append("".join(open_line))
            open_line = []
    return [*out, "".join(open_line)] if open_line else out
