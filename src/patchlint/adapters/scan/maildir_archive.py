# SPDX-License-Identifier: GPL-2.0-or-later
"""A maildir: a file each mail, in the order of their names, which is that of arrival.

A name is what stands before the colon; behind it are flags, which change.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from patchlint.adapters.scan.units import Archive, Unit, cuts

FOLDERS = ("cur", "new")
# More than this is no mail; bytes.
_LARGEST = 64 << 20


def plan(archive: Archive) -> Iterator[Unit]:
    """Yield the units of a maildir."""
    names = sorted(_files(Path(archive.path)))
    for cut in cuts(len(names)):
        yield Unit(
            name=f"{cut.begin:09}",
            archive=archive,
            first=names[cut.start],
            last=names[cut.stop - 1],
            read=cut.stop - cut.start,
            before=cut.begin - cut.start,
            mails=cut.end - cut.begin,
        )


def read(unit: Unit) -> Iterator[bytes]:
    """Yield the mails of a unit in order."""
    files = _files(Path(unit.archive.path))
    for name in sorted(name for name in files if unit.first <= name <= unit.last):
        with files[name].open("rb") as file:
            yield file.read(_LARGEST)


def _files(folder: Path) -> dict[str, Path]:
    """Return the mails of a maildir by their names."""
    found: dict[str, Path] = {}
    for each in FOLDERS:
        below = folder / each
        for path in below.iterdir() if below.is_dir() else ():
            if not path.name.startswith(".") and path.is_file():
                found[path.name.partition(":")[0]] = path
    return found
