# SPDX-License-Identifier: GPL-2.0-or-later
"""The tree around a series, for those who measure: an index of a checkout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from patchlint.adapters.folders import cache_folder
from patchlint.adapters.git import Blobs, is_repository
from patchlint.adapters.index import Indexes
from patchlint.series.tree import NoTrees, Texts, TreeSource


class Small:
    """A folder of a few files that is its own tree, whatever is asked."""

    def __init__(self, root: Path) -> None:
        """Read every file below ``root``."""
        found = sorted(path for path in root.rglob("*") if path.is_file())
        self._texts = Texts(
            {str(path.relative_to(root)): path.read_text("utf-8") for path in found}
        )

    def tree(self, commit: str, paths: Iterable[str]) -> Texts | None:
        """Return the one tree there is."""
        return self._texts if commit == "HEAD" and tuple(paths) else None


def trees(root: Path, warm: Iterable[str] = ()) -> TreeSource:
    """Return the index of a checkout, nothing where it is no repository.

    What a change of the ``warm`` paths needs is read at once, so that processes that
    follow only look it up. The git child ends with the process.
    """
    if not is_repository(root):
        return NoTrees()
    indexes = Indexes(root, Blobs(root), cache_folder())
    tree = indexes.tree("HEAD", warm) if (warm := tuple(warm)) else None
    if tree is not None:
        tree.symbols("")
    return indexes
