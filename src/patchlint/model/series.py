# SPDX-License-Identifier: GPL-2.0-or-later
"""One posting: its mails, and the patches in them."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from patchlint.model.change import FileChange
from patchlint.model.defect import Defect
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.model.location import Side
from patchlint.model.message import Message, Trailer


class Anatomy(Struct, frozen=True):
    """The parts of a patch mail, as ranges of its line numbers.

    ``log`` is the commit message without trailers, ``notes`` what stands between the
    cut and the diff, ``diff`` the diff with a signature that may follow it.
    """

    log: range
    trailers: tuple[Trailer, ...]
    notes: range
    diff: range


class Patch(Struct, frozen=True, dict=True):
    """A message that carries a commit; ``defects`` says what could not be read."""

    message: Message
    parts: Anatomy
    changes: tuple[FileChange, ...]
    defects: tuple[Defect, ...] = ()

    @property
    def position(self) -> int:
        """The n of ``[PATCH n/m]``."""
        return self.message.subject.position

    @property
    def is_bare(self) -> bool:
        """Say whether it is a diff alone, which no mail was made of yet."""
        return self.message.body_start == 2 and not self.parts.log

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


class Footer(Struct, frozen=True):
    """One line for tools, such as ``base-commit:``: of which mail, and where there.

    ``key`` is in lower case. ``value`` is a commit, a patch id, a change id, a URL or a
    Message-ID, the last without angle brackets.
    """

    key: str
    value: str
    message_id: str
    line: int


class Series(Struct, frozen=True):
    """Every mail of one version of one posting that was at hand.

    ``patches`` are in posting order. ``base_commit`` is what the mails name, or empty.
    ``footers`` are what the posting says to tools about what it stands on.
    ``superseded`` are mails whose place another one takes: patches that were replaced,
    or came twice. ``thread`` are the mails that talk about the posting, by date.
    ``previous`` is the version before it, where somebody named or found that.
    """

    cover: Message | None
    patches: tuple[Patch, ...]
    version: int
    total: int
    base_commit: str = ""
    defects: tuple[Defect, ...] = ()
    footers: tuple[Footer, ...] = ()
    superseded: tuple[Message, ...] = ()
    thread: tuple[Message, ...] = ()
    previous: Series | None = None

    @property
    def missing(self) -> tuple[int, ...]:
        """The positions that were announced and are not at hand.

        Not more are named than one posting may have: a count may be absurd.
        """
        here = {patch.position for patch in self.patches}
        last = min(self.total, DEFAULT_LIMITS.patches)
        return tuple(n for n in range(1, last + 1) if n not in here)

    def footer(self, key: str) -> tuple[str, ...]:
        """Return the values of one kind of footer, in the order of the posting."""
        return tuple(footer.value for footer in self.footers if footer.key == key)

    @property
    def head(self) -> Message:
        """The mail that speaks for the whole posting."""
        return self.cover or self.patches[0].message

    @property
    def messages(self) -> tuple[Message, ...]:
        """Cover letter and patches, in posting order."""
        cover = (self.cover,) if self.cover else ()
        return (*cover, *(patch.message for patch in self.patches))
