# SPDX-License-Identifier: GPL-2.0-or-later
"""Where mail comes from: files, folders, archives, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from patchlint.adapters.unpack import Unpacker, broken, number_bare
from patchlint.mail.names import shown
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.raw import Raw

_CHUNK = 1 << 20


class InputError(Exception):
    """An input cannot be read; the text names it and says why."""


class Inputs(Struct, frozen=True):
    """What was read, and what could not be."""

    raws: tuple[Raw, ...]
    defects: tuple[Defect, ...] = ()


def read_inputs(names: Iterable[str], limits: Limits = DEFAULT_LIMITS) -> Inputs:
    """Read files, folders and standard input (``-``), and unpack what is packed.

    What a file is says its content. A folder is a quilt (``series``), a maildir, or
    files named as mail or patches are. Raises InputError for what is missing or cannot
    be read; what is too large, and parts that cannot be read, are defects.
    """
    unpacker = Unpacker(limits)
    found: list[Raw | Defect] = []
    files: list[Raw | Defect] = []
    for name in names:
        path = Path(name)
        try:
            if name != "-" and path.is_dir():
                found += _folder(path, unpacker)
            else:
                files += _named(name, unpacker)
        except OSError as error:
            raise InputError(f"{name}: {error.strerror or error}") from error
    found += number_bare(files)
    return Inputs(
        tuple(piece for piece in found if isinstance(piece, Raw)),
        tuple(piece for piece in found if isinstance(piece, Defect)),
    )


def _named(name: str, unpacker: Unpacker) -> Iterator[Raw | Defect]:
    """Yield what was named itself: a file, a link to one, a pipe."""
    if name == "-":
        read = _bounded(sys.stdin.buffer, "standard input", unpacker)
    else:
        with Path(name).open("rb") as file:
            read = _bounded(file, name, unpacker)
    if isinstance(read, Defect):
        yield read
    else:
        yield from unpacker.open(read)


def _folder(folder: Path, unpacker: Unpacker) -> Iterator[Raw | Defect]:
    top = folder.resolve()

    def load(name: str) -> Raw | Defect | None:
        path = folder / name
        try:
            if not path.resolve(strict=True).is_relative_to(top):
                return broken(f"{path}: a link out of the folder: not read")
            if not path.is_file():
                return broken(f"{path}: not a file")
            with path.open("rb") as file:
                return _bounded(file, str(path), unpacker)
        except FileNotFoundError:
            return broken(f"{path}: a link to nothing") if path.is_symlink() else None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return broken(f"{shown(str(path))}: {reason}")
        except RuntimeError:
            return broken(f"{path}: a ring of links")

    found = list(unpacker.folder(str(folder), _names(folder), load))
    if all(isinstance(piece, Defect) and not piece.hides for piece in found):
        raise InputError(f"{folder}: no *.patch, *.eml or *.mbox file in this folder")
    yield from found


def _names(folder: Path) -> list[str]:
    """Return the files of a folder, and of those below that make it a box or a quilt.

    Folders in it are passed over; ``tmp`` of a maildir holds what is not delivered yet.
    """
    names = [path.name for path in folder.iterdir() if not path.is_dir()]
    box = (folder / "cur").is_dir() or (folder / "new").is_dir()
    below = ["cur", "new"] if box else []
    if (folder / "patches" / "series").is_file():
        below = ["patches"]
    for name in below:
        if (folder / name).is_dir():
            inner = (folder / name).iterdir()
            names += [f"{name}/{path.name}" for path in inner if not path.is_dir()]
    return names


def _bounded(file: BinaryIO, name: str, unpacker: Unpacker) -> Raw | Defect:
    """Read a file whole; one that has no end must not fill the memory."""
    chunks: list[bytes] = []
    left = unpacker.bytes_left
    while chunk := file.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            most = f"more than {unpacker.limits.input_bytes} bytes in all"
            return Defect(DefectKind.LIMIT, f"{name}: {most}: not read", hides=True)
        chunks.append(chunk)
    unpacker.bytes_left = left
    return Raw(name, b"".join(chunks))
