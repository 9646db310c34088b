# SPDX-License-Identifier: GPL-2.0-or-later
"""What one patch does to one file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The first character of a diff line."""

    CONTEXT = " "
    ADDED = "+"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """A diff line, and the three places it lives: old file, new file, mail.

    ``newline`` is False on the last line of a file that does not end with one.
    """

    kind: Kind
    text: str
    old: int | None
    new: int | None
    mail: int
    newline: bool = True


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of diff lines under one ``@@`` header, which stands at line ``mail``."""

    old_start: int
    new_start: int
    heading: str
    lines: tuple[Line, ...]
    mail: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """All the hunks for one path.

    ``old_path`` or ``new_path`` is None for /dev/null; the blob ids are as the mail
    gives them, abbreviated, and empty where it gives none. ``mail`` is the line of
    the ``diff --git`` header (or of ``---`` where there is none). A file that is
    ``copied`` stays at its old path; one that is renamed does not.
    """

    old_path: str | None
    new_path: str | None
    old_oid: str
    new_oid: str
    hunks: tuple[Hunk, ...]
    mail: int
    binary: bool = False
    copied: bool = False

    @property
    def gone(self) -> str | None:
        """The path at which there is no file any more, or None."""
        is_left = self.old_path != self.new_path and not self.copied
        return self.old_path if is_left else None

    @property
    def path(self) -> str:
        """The name to show: the new one where there is one."""
        return self.new_path or self.old_path or ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all hunks, in order."""
        return tuple(line for hunk in self.hunks for line in hunk.lines)
