# SPDX-License-Identifier: GPL-2.0-or-later
"""Where: a place in a mail, or in a file before or after a patch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Side(StrEnum):
    """Which image of a file, in git's own letters."""

    OLD = "a"
    NEW = "b"


class Span(NamedTuple):
    """A run of characters; a tuple, since there are more of them than of all else.

    Lines and columns count from 1, columns are characters, the end is excluded.
    A span with ``end_line`` 0 stands for its whole line.
    """

    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True)
class InMessage:
    """A place in the decoded mail, counted from its first header line."""

    span: Span


@dataclass(frozen=True, slots=True)
class InFile:
    """A place in one image of a changed file."""

    path: str
    side: Side
    span: Span


Location = InMessage | InFile
