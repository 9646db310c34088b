# SPDX-License-Identifier: GPL-2.0-or-later
"""The repository behind a series: its commits, and files that no patch touches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class Commit(Struct, frozen=True):
    """A commit: its full id and the first line of its message."""

    oid: str
    subject: str


class History(Protocol):
    """What a repository knows; one in tests is made of dicts.

    ``commit`` and ``is_ancestor`` are worth something only where ``is_whole``.
    """

    def is_whole(self) -> bool:
        """Say whether there is a repository, and nothing of its past is cut off."""

    def commit(self, name: str) -> Commit | None:
        """Return the commit an id, maybe abbreviated, names; None if unknown."""

    def is_ancestor(self, oid: str, of: str) -> bool | None:
        """Say whether a commit is in the past of another; None if that is unknown."""

    def file(self, commit: str, path: str) -> str | None:
        """Return a file of a commit; None if either is unknown."""

    def mentions(self, folder: str, text: str) -> bool | None:
        """Say whether a file below a folder of HEAD holds ``text``; None if unknown."""

    def subjects(self, commit: str, paths: Sequence[str]) -> tuple[str, ...] | None:
        """Return the subjects of the last commits that touched any file, newest first.

        None if the commit is unknown, or nobody could look in time.
        """


class NoHistory:
    """No repository."""

    def is_whole(self) -> bool:
        """Know nothing of the past."""
        return False

    def commit(self, name: str) -> Commit | None:  # noqa: ARG002
        """Know no commit."""
        return None

    def is_ancestor(self, oid: str, of: str) -> bool | None:  # noqa: ARG002
        """Know no past."""
        return None

    def file(self, commit: str, path: str) -> str | None:  # noqa: ARG002
        """Know no file."""
        return None

    def mentions(self, folder: str, text: str) -> bool | None:  # noqa: ARG002
        """Know no file."""
        return None

    def subjects(
        self,
        commit: str,  # noqa: ARG002
        paths: Sequence[str],  # noqa: ARG002
    ) -> tuple[str, ...] | None:
        """Know no past."""
        return None
