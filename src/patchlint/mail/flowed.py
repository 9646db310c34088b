# SPDX-License-Identifier: GPL-2.0-or-later
"""Undo format=flowed (RFC 3676), only where that mends a diff."""

from __future__ import annotations

import re

from patchlint.mail.begin import find_diff
from patchlint.mail.hunks import broken, hunks

_TABS = 3
_HUNK = re.compile(r"^@@ -\d", re.MULTILINE)


def unflow(text: str, *, delsp: bool) -> str:
    """Return the text as it was meant: most mailers that say flowed flow nothing.

    The text stays as it is if its hunks are whole; a context line that is empty ends
    with a blank, and joined to the next it would break its hunk. Where hunks are broken
    and joining the lines that end with a blank leaves fewer broken, they are joined.
    What stands before the diff is prose, and stays as people see it.
    """
    if not _HUNK.search(text):
        return text
    lines = text.split("\n")
    at = find_diff(lines, 0)
    diff = lines[at:]
    joined = _joined(diff, delsp=delsp)
    flows = broken(joined) < broken(diff)
    if flows:
        diff = joined
    if stuffed(diff, 0 if flows else _TABS):
        diff = [line.removeprefix(" ") for line in diff]
    return "\n".join((*lines[:at], *diff))


def stuffed(lines: list[str], tabs: int) -> bool:
    """Say whether each line that begins with a blank was given one more (section 4.4).

    Only if every line of context has a blank too many, and at least ``tabs`` of them a
    tab behind it: nobody writes code with a blank before a tab.
    """
    seen = 0
    for hunk in hunks(lines):
        for line in lines[hunk.at + 1 : hunk.end]:
            if line.startswith(" ") and line.strip() and not line.startswith("  "):
                return False
            seen += line.startswith("  \t")
    return seen >= tabs


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
