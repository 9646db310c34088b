# SPDX-License-Identifier: GPL-2.0-or-later
"""Where files of a user are kept (XDG Base Directory), and how they are written."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "_cards"
_CHECKOUT = Path(__file__).parents[3] / "rules"


def builtin_cards() -> Path:
    """Return the folder of our own cards, in a wheel or in a checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def cache_folder() -> Path:
    """Return where indexes are kept: the user's cache (XDG Base Directory)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return home / "patchlint"


def replace_file(path: Path, data: bytes) -> None:
    """Write a file at once and whole; OSError where that cannot be."""
    import tempfile

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    Path(name).replace(path)
