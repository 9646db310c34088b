# SPDX-License-Identifier: GPL-2.0-or-later
"""What one patch does to one file."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from patchlint.model.defect import Defect
from patchlint.model.location import Side

_SUBMODULE = "160000"
_SYMLINK = "120000"


class Kind(StrEnum):
    """The first character of a diff line."""

    CONTEXT = " "
    ADDED = "+"
    REMOVED = "-"


class Line(Struct, frozen=True, gc=False):
    """A diff line, and the three places it lives: old file, new file, mail.

    ``newline`` is False on the last line of a file that does not end with one.
    """

    kind: Kind
    text: str
    old: int | None
    new: int | None
    mail: int
    newline: bool = True


class Hunk(Struct, frozen=True):
    """A run of diff lines under one ``@@`` header, which stands at line ``mail``."""

    old_start: int
    new_start: int
    heading: str
    lines: tuple[Line, ...]
    mail: int


class FileChange(Struct, frozen=True, dict=True):
    """All the hunks for one path.

    ``old_path`` or ``new_path`` is None for /dev/null; no path leaves the tree. The
    blob ids are as the mail gives them, abbreviated, and empty where it gives none; so
    are the modes (``100644``). ``mail`` is the line of the ``diff --git`` header (or of
    ``---`` where there is none). A file that is ``copied`` stays at its old path; one
    that is renamed does not; ``similarity`` is how much of it stayed, in percent.
    ``incomplete`` says that a hunk could not be read, or not all of it: no file after
    the patch can be made.
    """

    old_path: str | None
    new_path: str | None
    old_oid: str
    new_oid: str
    hunks: tuple[Hunk, ...]
    mail: int
    binary: bool = False
    copied: bool = False
    old_mode: str = ""
    new_mode: str = ""
    similarity: int | None = None
    incomplete: bool = False

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
    def is_submodule(self) -> bool:
        """Whether it is a commit of another repository; the hunk shows its id."""
        return _SUBMODULE in (self.old_mode, self.new_mode)

    @property
    def is_symlink(self) -> bool:
        """Whether it is a symbolic link; its text is where it leads."""
        return _SYMLINK in (self.old_mode, self.new_mode)

    @property
    def has_text(self) -> bool:
        """Whether its lines are those of a text file."""
        return not (self.binary or self.is_submodule or self.is_symlink)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all hunks, in order."""
        return tuple(line for hunk in self.hunks for line in hunk.lines)

    def line_at(self, number: int, side: Side) -> Line | None:
        """Return the diff line that shows line ``number`` of one side, or None."""
        return self._by_number[side].get(number)

    @cached_property
    def _by_number(self) -> dict[Side, dict[int, Line]]:
        olds: dict[int, Line] = {}
        news: dict[int, Line] = {}
        for line in self.lines:
            if line.old is not None:
                olds.setdefault(line.old, line)
            if line.new is not None:
                news.setdefault(line.new, line)
        return {Side.OLD: olds, Side.NEW: news}


class Diff(Struct, frozen=True):
    """The files of one diff, and what of it could not be read."""

    changes: tuple[FileChange, ...]
    defects: tuple[Defect, ...] = ()
