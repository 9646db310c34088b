# SPDX-License-Identifier: GPL-2.0-or-later
"""One posting: its mails, and the patches in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from patchlint.model.change import FileChange
from patchlint.model.defect import Defect
from patchlint.model.location import Side
from patchlint.model.message import Message, Trailer


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The parts of a patch mail, as ranges of its line numbers.

    ``log`` is the commit message without trailers, ``notes`` what stands between the
    cut and the diff, ``diff`` the diff with a signature that may follow it.
    """

    log: range
    trailers: tuple[Trailer, ...]
    notes: range
    diff: range


@dataclass(frozen=True)
class Patch:
    """A message that carries a commit; ``defects`` says what could not be read."""

    message: Message
    parts: Anatomy
    changes: tuple[FileChange, ...]
    defects: tuple[Defect, ...] = ()

    @property
    def position(self) -> int:
        """The n of ``[PATCH n/m]``."""
        return self.message.subject.position

    @cached_property
    def by_path(self) -> dict[tuple[str, Side], tuple[FileChange, ...]]:
        """The changes of each path on each side; most often one."""
        found: dict[tuple[str, Side], list[FileChange]] = {}
        for change in self.changes:
            for path, side in (
                (change.old_path, Side.OLD),
                (change.new_path, Side.NEW),
            ):
                if path is not None:
                    found.setdefault((path, side), []).append(change)
        return {key: tuple(changes) for key, changes in found.items()}

    @cached_property
    def touched(self) -> frozenset[str]:
        """Every path that is changed, comes or goes."""
        return frozenset(path for path, _ in self.by_path)


@dataclass(frozen=True, slots=True)
class Series:
    """Every mail of one version of one posting that was at hand.

    ``patches`` are in posting order. ``base_commit`` is what the mails name, or empty.
    """

    cover: Message | None
    patches: tuple[Patch, ...]
    version: int
    total: int
    base_commit: str = ""
    defects: tuple[Defect, ...] = ()

    @property
    def missing(self) -> tuple[int, ...]:
        """The positions that were announced and are not at hand."""
        here = {patch.position for patch in self.patches}
        return tuple(n for n in range(1, self.total + 1) if n not in here)

    @property
    def head(self) -> Message:
        """The mail that speaks for the whole posting."""
        return self.cover or self.patches[0].message

    @property
    def messages(self) -> tuple[Message, ...]:
        """Cover letter and patches, in posting order."""
        cover = (self.cover,) if self.cover else ()
        return (*cover, *(patch.message for patch in self.patches))
