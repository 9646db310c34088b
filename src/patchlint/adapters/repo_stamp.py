# SPDX-License-Identifier: GPL-2.0-or-later
"""A digest that changes with whatever may be read of a repository.

It is made of the times of files and folders, not of their contents: a new object is a
new entry in one of git's folders, a ref that moves is a file written anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.git import git_folders

_FILES = ("HEAD", "packed-refs", "shallow", "config")
_FOLDERS = ("refs", "reftable")
_MOST = 20_000
_BORROWED = 5
# What changes twice within one tick of the clock of a file system looks unchanged.
_UNSETTLED = 2.0


class Stamp(Struct, frozen=True):
    """The digest, and whether the repository has been left alone for a while."""

    text: str
    is_settled: bool


def repo_stamp(folder: Path) -> Stamp | None:
    """Return the stamp of the repository at ``folder``; of none, the same always.

    None stands for a repository with too many refs to look at.
    """
    folders = git_folders(folder)
    if folders is None:
        return Stamp("none", is_settled=True)
    states: list[str] = [str(folders[0])]
    newest = 0
    for path in _paths(*folders):
        with suppress(OSError):
            state = path.stat()
            states.append(f"{path} {state.st_ino} {state.st_size} {state.st_mtime_ns}")
            newest = max(newest, state.st_mtime_ns)
        if len(states) > _MOST:
            return None
    text = sha256("\n".join(states).encode("utf-8", "surrogateescape")).hexdigest()
    return Stamp(text, newest < (time.time() - _UNSETTLED) * 1e9)


def _paths(own: Path, common: Path) -> Iterator[Path]:
    yield own / "HEAD"
    yield from (common / name for name in _FILES)
    for name in _FOLDERS:
        yield from _below(common / name)
    yield from _objects(common / "objects", _BORROWED)


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders.sort()
        yield Path(at)
        yield from (Path(at, name) for name in sorted(names))


def _objects(folder: Path, borrowed: int) -> Iterator[Path]:
    """Yield the folders that objects come to, and those they are borrowed from."""
    yield folder
    yield folder / "pack"
    yield from (folder / f"{number:02x}" for number in range(256))
    alternates = folder / "info/alternates"
    yield alternates
    with suppress(OSError):
        for line in alternates.read_text("utf-8", "surrogateescape").splitlines():
            if borrowed and line and not line.startswith("#"):
                yield from _objects(folder / line, borrowed - 1)
