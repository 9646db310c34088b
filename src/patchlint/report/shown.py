# SPDX-License-Identifier: GPL-2.0-or-later
"""What was understood of an input, as facts that text and JSON both tell."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.change import FileChange, Hunk, Kind
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.intake import Intake
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.series.images import Images

Stack = tuple[tuple[Images, ...], ...]


class Shown(Struct, frozen=True):
    """Everything that was read, and the images of each posting, in the same order."""

    intake: Intake
    stacks: tuple[Stack, ...]

    @property
    def others(self) -> tuple[Message, ...]:
        """The mails that are no patch of a posting: replies, and talk."""
        posted = {
            message.message_id
            for series in self.intake.postings
            for message in (*series.messages, *series.superseded)
        }
        mails = self.intake.messages
        return tuple(mail for mail in mails if mail.message_id not in posted)

    @property
    def defects(self) -> tuple[Defect, ...]:
        """Every defect there is, wherever it stands."""
        return tuple(self._defects())

    @property
    def limits(self) -> tuple[Defect, ...]:
        """The defects that say that a bound was reached."""
        return tuple(d for d in self.defects if d.kind is DefectKind.LIMIT)

    def _defects(self) -> Iterator[Defect]:
        yield from self.intake.defects
        for series in self.intake.postings:
            yield from series.defects
            for patch in series.patches:
                yield from patch.defects
        for message in self.intake.messages:
            yield from message.defects


class Extent(Struct, frozen=True):
    """Where a hunk stands in one side of the file, and how long it is there."""

    start: int
    count: int


def kind_of(change: FileChange) -> str:
    """Say in one word what happens to a file."""
    if change.old_path is None:
        return "new"
    if change.new_path is None:
        return "deleted"
    if change.old_path == change.new_path:
        is_mode = change.old_mode != change.new_mode and not change.hunks
        return "mode" if is_mode and not change.binary else "modified"
    return "copied" if change.copied else "renamed"


def counted(hunks: tuple[Hunk, ...], kind: Kind) -> int:
    """Return how many lines of a kind there are."""
    return sum(line.kind is kind for hunk in hunks for line in hunk.lines)


def before(hunk: Hunk) -> Extent:
    """Return the place of a hunk in the file before."""
    return Extent(hunk.old_start, len(hunk.lines) - counted((hunk,), Kind.ADDED))


def after(hunk: Hunk) -> Extent:
    """Return the place of a hunk in the file after."""
    return Extent(hunk.new_start, len(hunk.lines) - counted((hunk,), Kind.REMOVED))


def defects_of_mail(series: Series, message: Message) -> tuple[Defect, ...]:
    """Return the defects of a mail and of the patch in it, by line."""
    patches = (patch for patch in series.patches if patch.message is message)
    found = (*message.defects, *(d for patch in patches for d in patch.defects))
    return tuple(sorted(found, key=lambda defect: defect.line))
