# SPDX-License-Identifier: GPL-2.0-or-later
"""A maildir of drafts: each is there whole or not at all, with the flag of a draft."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from patchlint.adapters.inputs import InputError

_FOLDERS = ("tmp", "new", "cur")
_SUFFIX = ":2,D"


def save(folder: Path, drafts: Iterable[str]) -> int:
    """Write drafts that are not there yet; return how many that are.

    A draft is named by what it says: a second run adds only what is new, and touches
    nothing that somebody has edited since.
    """
    try:
        for name in _FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        known = {
            path.name.partition(":")[0]
            for name in ("new", "cur")
            for path in (folder / name).iterdir()
        }
        return sum(_save(folder, draft.encode("utf-8"), known) for draft in drafts)
    except OSError as error:
        raise InputError(f"--drafts {folder}: {error.strerror}") from error


def _save(folder: Path, raw: bytes, known: set[str]) -> bool:
    name = f"{hashlib.sha256(raw).hexdigest()[:32]}.patchlint"
    if name in known:
        return False
    known.add(name)
    made = folder / "tmp" / f"{name}.{os.getpid()}"
    with made.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    made.rename(folder / "cur" / f"{name}{_SUFFIX}")
    return True
