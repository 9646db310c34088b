# SPDX-License-Identifier: GPL-2.0-or-later
"""The files a series touches, before and after each of its patches."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from patchlint.diff.image import apply, partial_image, whole_image
from patchlint.diff.oid import is_blob
from patchlint.model.change import FileChange
from patchlint.model.image import Image
from patchlint.model.location import Side
from patchlint.model.series import Series


class BlobSource(Protocol):
    """Where file contents come from; a repository, or a dict in tests."""

    def blob(self, oid: str) -> str | None:
        """Return the blob an id, maybe abbreviated, names; None if unknown."""

    def file(self, commit: str, path: str) -> str | None:
        """Return a file of a commit; None if either is unknown."""


class NoSource:
    """No repository: nothing is known beyond the hunks."""

    def blob(self, oid: str) -> str | None:  # noqa: ARG002
        """Know no blob."""
        return None

    def file(self, commit: str, path: str) -> str | None:  # noqa: ARG002
        """Know no file."""
        return None


class Origin(StrEnum):
    """Where the text before a patch was had; HUNKS where it is only known in part."""

    NOTHING = "nothing"
    PATCH = "patch"
    BLOB = "blob"
    BASE = "base-commit"
    HEAD = "HEAD"
    HUNKS = "hunks"


class Images(Struct, frozen=True):
    """One change with both its images; None where that side is no file."""

    change: FileChange
    old: Image | None
    new: Image | None
    origin: Origin = Origin.HUNKS


_HEAD = ((Origin.HEAD, "HEAD"),)


def stack(series: Series, source: BlobSource) -> tuple[tuple[Images, ...], ...]:
    """Return the images of every change, a tuple a patch.

    The image before comes from the patch before it, by the blob id in the mail, from
    the base commit, or from HEAD; the last two count only if every hunk applies, and
    only for a file that no patch before has touched. The image after is made by
    applying the hunks. What cannot be had whole is partial.
    """
    known: dict[str, str | None] = {}
    rows = []
    for patch in series.patches:
        row = []
        for change in patch.changes:
            images = _images(change, series.base_commit, source, known)
            row.append(images)
            _remember(images, known)
        rows.append(tuple(row))
    return tuple(rows)


def _images(
    change: FileChange, base: str, source: BlobSource, known: dict[str, str | None]
) -> Images:
    before, origin = _before(change, base, source, known)
    after = None if before is None else apply(before, change)
    if before is None or after is None:
        old, new = partial_image(change, Side.OLD), partial_image(change, Side.NEW)
        return Images(change, old, new)
    old = (
        whole_image(change.old_path, before, change.old_oid)
        if change.old_path
        else None
    )
    new = (
        whole_image(change.new_path, after, change.new_oid) if change.new_path else None
    )
    return Images(change, old, new, origin)


def _before(
    change: FileChange, base: str, source: BlobSource, known: dict[str, str | None]
) -> tuple[str | None, Origin]:
    if not change.has_text:
        return None, Origin.HUNKS
    if change.old_path is None:
        return "", Origin.NOTHING
    last = known.get(change.old_path)
    if last is not None and (not change.old_oid or is_blob(last, change.old_oid)):
        return last, Origin.PATCH
    if change.old_oid and (text := source.blob(change.old_oid)) is not None:
        return text, Origin.BLOB
    if not change.hunks:
        return None, Origin.HUNKS
    places = ((Origin.BASE, base), (Origin.HEAD, "HEAD")) if base else _HEAD
    texts = ((source.file(at, change.old_path), origin) for origin, at in places)
    guesses = ((last, Origin.PATCH),) if change.old_path in known else texts
    fitting = (
        (text, origin)
        for text, origin in guesses
        if text is not None and apply(text, change) is not None
    )
    return next(fitting, (None, Origin.HUNKS))


def _remember(images: Images, known: dict[str, str | None]) -> None:
    """Keep the newest whole text of each path, None where it is not known any more.

    The old name of a rename stays known: it may be the source of a copy.
    """
    new = images.new
    known[images.change.path] = new.text if new is not None and new.whole else None
