# SPDX-License-Identifier: GPL-2.0-or-later
"""The work tree against HEAD, as one patch, without what a repository could run.

``git diff`` cleans files of the work tree with the filters that ``.git/config`` names,
which are programs. So git is asked what may have changed, which it tells from names and
times alone, the files are read here, and git compares copies of them in a folder that
belongs to no repository.
"""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.git import Blobs
from patchlint.adapters.git_safe import command, environment
from patchlint.diff.path import unsafe

# More is no patch that somebody is at work on.
FILES = 200
FILE_BYTES = 4 << 20
_PATIENCE = 60.0
_LISTED = (
    "diff-index", "-z", "--name-only", "--no-renames", "--ignore-submodules=all",
    "HEAD", "--",
)  # fmt: skip
_NEW = (
    "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name", "--",
)  # fmt: skip
_COMPARE = (
    "diff", "--no-index", "--no-ext-diff", "--no-textconv", "--no-color",
    "--no-prefix", "--full-index", "--no-renames", f"-O{os.devnull}", "a", "b",
)  # fmt: skip


class Changes(Struct, frozen=True):
    """The diff of a work tree, and how many changed files were left out of it."""

    diff: bytes
    left_out: int = 0


def top_of(path: Path) -> Path | None:
    """Return the work tree that a file is in; None if there is none.

    A repository may call any folder its work tree: one that does not hold the file, and
    git's own folder, is none.
    """
    told = _git(path.parent, "rev-parse", "--show-toplevel")
    top = Path(os.fsdecode(told.removesuffix(b"\n"))) if told else None
    if top is None or not path.parent.resolve().is_relative_to(top.resolve()):
        return None
    return top


def changes(top: Path, texts: Mapping[str, str]) -> Changes:
    """Return what changed since HEAD; ``texts`` stand for the files of their paths."""
    listed = _names(top, *_LISTED)
    paths = list(dict.fromkeys((*texts, *listed)))
    chosen = paths[:FILES]
    left_out = len(paths) - len(chosen)
    with (
        Blobs(top) as blobs,
        tempfile.TemporaryDirectory(prefix="patchlint-") as name,
    ):
        folder = Path(name)
        for side in ("a", "b"):
            (folder / side).mkdir()
        for path in chosen:
            sides = _sides(top, path, texts.get(path), blobs)
            if sides is None:
                left_out += 1
                continue
            for side, raw in sides:
                _put(folder / side / path, raw)
        return Changes(_git(folder, *_COMPARE, good=(0, 1)), left_out)


def _sides(
    top: Path, path: str, text: str | None, blobs: Blobs
) -> tuple[tuple[str, bytes], ...] | None:
    """Return a file before and after, none where they are equal; None: left out."""
    if unsafe(path):
        return None
    before = blobs.file("HEAD", path)
    if before is None and not _names(top, *_NEW, f":(top,literal){path}"):
        # No file of HEAD, and none that will be one: git ignores it.
        return ()
    old = None if before is None else before.encode("utf-8", "surrogateescape")
    new = _read(top, path) if text is None else text.encode("utf-8", "replace")
    if new is None and os.path.lexists(top / path):
        return None
    if old == new or max(map(len, filter(None, (old, new))), default=0) > FILE_BYTES:
        return () if old == new else None
    return tuple((s, raw) for s, raw in (("a", old), ("b", new)) if raw is not None)


def _read(top: Path, path: str) -> bytes | None:
    """Return a file of the work tree; None for a link, and what else is none."""
    try:
        if not (top / path).parent.resolve().is_relative_to(top.resolve()):
            return None
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        with os.fdopen(os.open(top / path, flags), "rb") as file:
            is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            return file.read(FILE_BYTES + 1) if is_file else None
    except (OSError, ValueError):
        return None


def _put(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def _names(top: Path, *words: str) -> list[str]:
    """Return the paths that a command prints."""
    return [os.fsdecode(name) for name in _git(top, *words).split(b"\0")[:-1]]


def _git(folder: Path, *words: str, good: tuple[int, ...] = (0,)) -> bytes:
    """Return what git prints; nothing where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command(folder, *words),
            capture_output=True,
            env=environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode in good else b""
