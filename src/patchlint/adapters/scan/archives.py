# SPDX-License-Identifier: GPL-2.0-or-later
"""Which archives the names of a command line mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan import git_archive, maildir_archive, mbox_archive
from patchlint.adapters.scan.units import Archive, Kind, Unit

_EPOCH = re.compile(r"(\d{1,4})(?:\.git)?")
_BOX = frozenset((".mbox", ".mboxrd", ".mbx", ".eml"))
_PACKED = frozenset((".gz", ".xz", ".bz2", ".zst"))
# How deep archives may lie below a folder that is named, and how many there may be.
_DEPTH = 4
_MOST = 100_000


def find(names: Iterable[str], *, accepted: bool = False) -> Iterator[Archive]:
    """Yield the archives of each name, in order; ``LIST=PATH`` says what list it is.

    A folder is an epoch, an archive of epochs, a maildir, or it has such below it.
    Raises InputError.
    """
    for name in names:
        title, equals, rest = name.partition("=")
        is_named = bool(equals) and not Path(name).exists()
        path = Path(rest if is_named else name).absolute()
        found = list(_at(path, title if is_named else "", _DEPTH))
        if not found:
            raise InputError(f"{name}: {_why(path)}")
        if len(found) > _MOST:
            raise InputError(f"{name}: more than {_MOST} archives")
        yield from (Archive(k, str(p), title, accepted) for k, p, title in found)


def plan(archive: Archive, since: int = 0) -> Iterator[Unit]:
    """Yield the units of an archive; InputError where it cannot be read."""
    try:
        if archive.kind is Kind.GIT:
            yield from git_archive.plan(archive, since)
        elif archive.kind is Kind.MBOX:
            yield from mbox_archive.plan(archive)
        else:
            yield from maildir_archive.plan(archive)
    except OSError as error:
        raise InputError(f"{archive.path}: {error.strerror or error}") from error


def read(unit: Unit) -> Iterator[bytes]:
    """Yield the mails of a unit, one for each place; b"" where there is none."""
    kinds = {
        Kind.GIT: git_archive.read,
        Kind.MBOX: mbox_archive.read,
        Kind.MAILDIR: maildir_archive.read,
    }
    yield from kinds[unit.archive.kind](unit)


def _at(path: Path, title: str, depth: int) -> Iterator[tuple[Kind, Path, str]]:
    """Yield what lies at a path and below it."""
    if path.is_file():
        if path.suffix not in _PACKED:
            yield Kind.MBOX, path, title or path.stem
    elif not path.is_dir():
        return
    elif _is_git(path):
        yield Kind.GIT, path, title or _list(path)
    elif any((path / each).is_dir() for each in maildir_archive.FOLDERS):
        yield Kind.MAILDIR, path, title or path.name
    elif depth:
        inner = [p for p in path.iterdir() if p.is_dir() or p.suffix in _BOX]
        for below in sorted(inner, key=_order):
            # The mailboxes of one folder are of one list.
            mine = title or (path.name if below.is_file() else "")
            yield from _at(below, mine, depth - 1)


def _is_git(path: Path) -> bool:
    """Say whether a folder is a repository; git itself says whether it is a good one.

    A work tree is one of somebody's code, but for one that is called as epochs are.
    """
    if (path / "objects").is_dir() and (path / "HEAD").is_file():
        return True
    return (path / ".git").is_dir() and _EPOCH.fullmatch(path.name) is not None


def _list(path: Path) -> str:
    """Return what the list of an epoch is called: ``NAME/git/0.git``, ``NAME/0``."""
    if not _EPOCH.fullmatch(path.name):
        return path.name.removesuffix(".git")
    above = path.parent
    return above.parent.name if above.name == "git" else above.name


def _order(path: Path) -> tuple[int, str]:
    epoch = _EPOCH.fullmatch(path.name)
    return int(epoch[1]) if epoch else -1, path.name


def _why(path: Path) -> str:
    if path.suffix in _PACKED:
        return "packed; a scan goes by place, so unpack it first"
    return "no archive of mail in it" if path.exists() else "no such file or folder"
