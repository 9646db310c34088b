# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of a screen: pieces of text, and what each of them is."""

from __future__ import annotations

import textwrap
from enum import StrEnum

from msgspec import Struct

from patchlint.report.safe import lines_of


class Role(StrEnum):
    """What a piece of a row is, for those who paint it."""

    PLAIN = "plain"
    TITLE = "title"
    PLACE = "place"
    GUTTER = "gutter"
    CONTEXT = "context"
    QUOTE = "quote"
    CARETS = "carets"
    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"
    NIT = "nit"
    NOTE = "note"
    RULE = "rule"
    SUGGESTION = "suggestion"


class Piece(Struct, frozen=True):
    """Printable text of one role, without a line feed.

    ``leads`` is the line of a file that it names, the path as the mail has it.
    """

    text: str
    role: Role = Role.PLAIN
    leads: tuple[str, int] | None = None


Row = tuple[Piece, ...]


def wrapped(text: str, width: int, first: str) -> list[str]:
    """Wrap our text; lines that begin with a blank are tables and stay."""
    made: list[str] = []
    indent = " " * len(first)
    for line in lines_of(text):
        head = indent if made else first
        if line[:1].isspace():
            made.append(head + line)
        else:
            made += textwrap.wrap(
                line,
                max(width, len(head) + 20),
                initial_indent=head,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            ) or [head]
    return made
