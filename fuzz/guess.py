# SPDX-License-Identifier: GPL-2.0-or-later
"""A repository that fits the hunks of a mail, so that rules have whole files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patchlint.model.change import FileChange, Kind
from patchlint.model.series import Series
from patchlint.series.tree import Texts

_LONGEST = 2_000


class Guess:
    """Files as the first patch that touches them has them before, empty in between.

    No blob id proves them: they are what HEAD is said to hold.
    """

    def __init__(self, postings: Sequence[Series]) -> None:
        """Guess every file of the postings."""
        self._files: dict[str, str] = {}
        for series in postings:
            for patch in series.patches:
                for change in patch.changes:
                    if change.old_path is not None:
                        self._files.setdefault(change.old_path, _before(change))

    def blob(self, oid: str) -> str | None:  # noqa: ARG002
        """Know no blob."""
        return None

    def file(self, commit: str, path: str) -> str | None:  # noqa: ARG002
        """Return the file, whatever the commit."""
        return self._files.get(path)

    def tree(self, commit: str, paths: Iterable[str]) -> Texts:  # noqa: ARG002
        """Return the tree of all files."""
        return Texts(self._files)


def _before(change: FileChange) -> str:
    """Return the lines of all hunks at their places."""
    lines: list[str] = []
    for hunk in change.hunks:
        old = [line.text for line in hunk.lines if line.kind is not Kind.ADDED]
        begin = hunk.old_start - 1 if old else hunk.old_start
        lines += [""] * (min(begin, _LONGEST) - len(lines))
        lines += old
    return "".join(f"{line}\n" for line in lines)
