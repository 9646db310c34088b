# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of a mail that part it: scissors and footers."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SCISSORS = (">8", "8<", ">%", "%<")
_RULE = re.compile(r"_{20,}\s*")
_LIST = re.compile(r"mailing list|https?://|@", re.IGNORECASE)


def is_footer(lines: Sequence[str], index: int) -> bool:
    """Say whether a signature, or the footer of a mailing list, begins here."""
    line = lines[index]
    if line == "-- ":
        return True
    if not _RULE.fullmatch(line):
        return False
    return any(map(_LIST.search, lines[index + 1 : index + 4]))


def is_scissors(line: str) -> bool:
    """Say whether git would cut here: ``-- >8 --`` and its like.

    As git-mailinfo(1) has it: at least 8 columns, perforation on more than a third of
    them, dashes and scissors on more than half of the perforation.
    """
    text = line.strip()
    if len(text) < 8 or not any(mark in text for mark in _SCISSORS):
        return False
    marks = perforation = gap = at = 0
    inside = False
    while at < len(text):
        step = 1
        if text[at].isspace():
            perforation, gap = perforation + inside, gap + inside
        elif text[at] == "-":
            inside, perforation = True, perforation + 1
        elif text.startswith(_SCISSORS, at):
            inside, perforation, step = True, perforation + 2, 2
            marks += 1
        else:
            inside = False
        at += step
    wide = len(text.encode("utf-8", "surrogateescape"))
    return marks > 0 and wide < perforation * 3 and gap * 2 < perforation
