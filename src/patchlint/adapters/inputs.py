# SPDX-License-Identifier: GPL-2.0-or-later
"""Where mail comes from: files, folders of patches, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path


class InputError(Exception):
    """An input cannot be read; the text names it and says why."""


def read_inputs(names: Iterable[str]) -> tuple[bytes, ...]:
    """Return the bytes of each file, of each ``*.patch`` or mail in a folder, or stdin.

    ``-`` is standard input. Raises InputError for what is missing, unreadable or
    holds nothing.
    """
    return tuple(text for name in names for text in _read(name))


def _read(name: str) -> Iterator[bytes]:
    if name == "-":
        yield sys.stdin.buffer.read()
        return
    path = Path(name)
    try:
        for file in _files(path):
            yield file.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}") from error


def _files(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,)
    found = sorted(p for s in ("*.patch", "*.eml", "*.mbox") for p in path.glob(s))
    if not found:
        raise InputError(f"{path}: no *.patch, *.eml or *.mbox file in this folder")
    return tuple(found)
