# SPDX-License-Identifier: GPL-2.0-or-later
"""The folder of a scan: what it was made with, what is done, and the tables.

``manifest.json`` says on which terms and of which archives, ``plan.jsonl`` has the
units, ``done.jsonl`` a line for each that is done. A unit is done when its line is
written, after its files, each of which comes by a rename: so a scan can end at any
point, and what was half done is done again, under the same names.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import DecodeError, Struct
from msgspec.json import Decoder, Encoder
from msgspec.json import format as spread_out
from msgspec.structs import asdict

from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan.job import Answer, Stats, Terms
from patchlint.adapters.scan.look import part_name
from patchlint.adapters.scan.units import Archive, Unit

TABLES = ("mails", "findings", "counts")
_MANIFEST, _PLAN, _DONE, _LOCK, _TMP = (
    "manifest.json", "plan.jsonl", "done.jsonl", "lock", "tmp",
)  # fmt: skip
_ENCODER = Encoder()


class Manifest(Struct, frozen=True):
    """What a scan is made with; two scans with other ones are never mixed."""

    terms: Terms
    archives: tuple[Archive, ...]
    form: int = 1


class Done(Struct, frozen=True):
    """A unit that is done."""

    part: str
    stats: Stats


class Store:
    """The folder of one scan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from writing there; InputError where one does, or none can."""
        try:
            (self.folder / _TMP).mkdir(parents=True, exist_ok=True)
            with (self.folder / _LOCK).open("w") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise InputError(
                        f"-o {self.folder}: another scan is at it"
                    ) from error
                yield
        except OSError as error:
            raise InputError(f"-o {self.folder}: {error.strerror}") from error

    def manifest(self) -> Manifest | None:
        """Return what the folder was made with, None for a new one."""
        path = self.folder / _MANIFEST
        try:
            return Decoder(Manifest).decode(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, DecodeError) as error:
            raise InputError(f"{path}: {error}") from error

    def begin(self, manifest: Manifest, units: Iterable[Unit]) -> None:
        """Write down what is to be done; the manifest comes last."""
        lines = b"".join(_ENCODER.encode(unit) + b"\n" for unit in units)
        self._put(_PLAN, lines)
        self._put(_MANIFEST, spread_out(_ENCODER.encode(manifest)) + b"\n")

    def agrees(self, manifest: Manifest) -> None:
        """Raise InputError if the folder was made with something else."""
        known = self.manifest()
        if known is None or known == manifest:
            return
        one, other = _told(known), _told(manifest)
        what = ", ".join(key for key in one if one[key] != other[key]) or "archives"
        raise InputError(
            f"-o {self.folder}: made with another {what}; take a new folder"
        )

    def units(self) -> tuple[Unit, ...]:
        """Return all units, in their order."""
        decoder = Decoder(Unit)
        with (self.folder / _PLAN).open("rb") as file:
            return tuple(decoder.decode(line) for line in file)

    def done(self) -> dict[str, Stats]:
        """Return how each unit went that is done, by the name of its files."""
        found: dict[str, Stats] = {}
        decoder = Decoder(Done)
        try:
            lines = (self.folder / _DONE).read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return found
        for line in lines:
            try:
                told = decoder.decode(line)
            except DecodeError:
                # Half a line of a machine that went down, and what was put behind it.
                continue
            found[told.part] = told.stats
        return found

    def keep(self, unit: Unit, answer: Answer) -> None:
        """Write the files of a unit, then that it is done."""
        for name, raw in answer.files:
            self._put(name, raw)
        line = _ENCODER.encode(Done(part_name(unit), answer.stats))
        path = self.folder / _DONE
        with path.open("ab") as file:
            if file.tell() and not _ends(path):
                file.write(b"\n")
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def parts(self, table: str, done: Mapping[str, Stats]) -> Sequence[Path]:
        """Return the files of a table that units have which are done, in order."""
        found = (self.folder / table).glob("month=*/*.parquet")
        return sorted(path for path in found if path.stem in done)

    def tidy(self) -> None:
        """Take away what an earlier scan has left half written."""
        shutil.rmtree(self.folder / _TMP, ignore_errors=True)
        (self.folder / _TMP).mkdir(parents=True, exist_ok=True)

    def _put(self, name: str, raw: bytes) -> None:
        """Write a file at once and whole."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        made = self.folder / _TMP / path.name
        with made.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)


def _ends(path: Path) -> bool:
    """Say whether a file ends with a whole line."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        ("set of rules" if key == "digest" else key): value
        for key, value in asdict(manifest.terms).items()
    }
