# SPDX-License-Identifier: GPL-2.0-or-later
"""A mailbox of any size: it is read once to find where its mails begin."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

from patchlint.adapters.scan.units import Archive, Unit, cuts
from patchlint.mail.mbox import mails_of, starts
from patchlint.mail.sniff import trimmed

_CHUNK = 8 << 20
# What stands behind a mark, and may say that it is none; bytes.
_AHEAD = 64 << 10
# More than this is no mail; bytes.
_LARGEST = 64 << 20
# More than this of a mailbox is not read for one unit; bytes.
_MUCH = 96 << 20


def plan(archive: Archive) -> Iterator[Unit]:
    """Yield the units of a mailbox."""
    path = Path(archive.path)
    begins = marks(path)
    if not begins:
        return
    begins.append(path.stat().st_size)
    for cut in cuts(len(begins) - 1):
        yield Unit(
            name=f"{cut.begin:09}",
            archive=archive,
            first=str(begins[cut.start]),
            last=str(begins[cut.stop]),
            read=cut.stop - cut.start,
            before=cut.begin - cut.start,
            mails=cut.end - cut.begin,
        )


def read(unit: Unit) -> Iterator[bytes]:
    """Yield the mails of a unit in order."""
    first, last = int(unit.first), int(unit.last)
    with Path(unit.archive.path).open("rb") as file:
        file.seek(first)
        yield from mails_of(file.read(min(last - first, _MUCH)))


def marks(path: Path, chunk: int = _CHUNK) -> array[int]:
    """Return where the mails of a mailbox begin, in bytes; no more of it is kept."""
    found = array("Q")
    with path.open("rb") as file:
        first = file.read(chunk)
        held = trimmed(first)
        at = len(first) - len(held)
        while read := file.read(chunk):
            held += read
            mine = [start for start in starts(held) if start < len(held) - _AHEAD]
            held, at = _taken(found, mine, held, at)
        found.extend(at + start for start in starts(held))
    return found


def _taken(
    found: array[int], mine: list[int], held: bytes, at: int
) -> tuple[bytes, int]:
    """Keep the marks but for the last, whose mail goes on; return what goes on."""
    if len(mine) > 1:
        found.extend(at + start for start in mine[:-1])
        return held[mine[-1] :], at + mine[-1]
    if mine and len(held) > _LARGEST:
        found.append(at)
        rest = max(0, len(held) - _AHEAD)
        return held[rest:], at + rest
    return held, at
