# SPDX-License-Identifier: GPL-2.0-or-later
"""An epoch of a public-inbox archive: every mail is a commit, its text the file ``m``.

See https://public-inbox.org/public-inbox-v2-format.html. A commit with ``d`` in the
place of ``m`` takes a mail out again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from patchlint.adapters.git import Blobs, commits_of, trouble
from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan.units import Archive, Unit, cuts

# Dates of commits are those of the arrival; a mail is written earlier than that, and
# clocks go wrong. Seconds.
_SLACK = 2 * 24 * 3600


def plan(archive: Archive, since: int) -> Iterator[Unit]:
    """Yield the units of an epoch, the oldest first, without those before ``since``.

    Raises InputError.
    """
    folder = Path(archive.path)
    if why := trouble(folder):
        raise InputError(f"{folder}: {why}")
    commits = bytearray()
    moments: list[int] = []
    for moment, oid in commits_of(folder):
        moments.append(moment)
        commits += bytes.fromhex(oid)
    size = len(commits) // max(len(moments), 1)
    for cut in cuts(len(moments)):
        if max(moments[cut.begin : cut.end]) + _SLACK < since:
            continue
        last = commits[size * (cut.stop - 1) : size * cut.stop].hex()
        yield Unit(
            name=f"{cut.begin:09}",
            archive=archive,
            first="",
            last=last,
            read=cut.stop - cut.start,
            before=cut.begin - cut.start,
            mails=cut.end - cut.begin,
        )


def read(unit: Unit) -> Iterator[bytes]:
    """Yield the mails of a unit in order; nothing for one that was taken out again."""
    folder = Path(unit.archive.path)
    last = reversed([oid for _, oid in commits_of(folder, unit.last, unit.read)])
    with Blobs(folder) as blobs:
        names: list[str] = []
        gone: set[str] = set()
        for commit in last:
            names.append(blobs.names(f"{commit}:m"))
            if not names[-1]:
                gone.add(blobs.names(f"{commit}:d"))
        for name in names:
            yield b"" if not name or name in gone else blobs.raw(name)
