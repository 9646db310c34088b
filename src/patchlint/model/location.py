# SPDX-License-Identifier: GPL-2.0-or-later
"""Where: a place in a mail, or in a file before or after a patch."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Side(StrEnum):
    """Which image of a file, in git's own letters."""

    OLD = "a"
    NEW = "b"


class Span(Struct, frozen=True, order=True, gc=False):
    """A run of characters.

    Lines and columns count from 1, columns are characters, the end is excluded.
    A span with ``end_line`` 0 stands for its whole line.
    """

    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0


class InMessage(Struct, frozen=True, tag=True):
    """A place in the decoded mail, counted from its first header line."""

    span: Span


class InFile(Struct, frozen=True, tag=True):
    """A place in one image of a changed file."""

    path: str
    side: Side
    span: Span


Location = InMessage | InFile
