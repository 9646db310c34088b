# SPDX-License-Identifier: GPL-2.0-or-later
"""The file of what is known, and the day on which it is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from patchlint.lint.baseline import Entry, parse_baseline, written
from patchlint.lint.settings import Settings, SettingsError

_MOST = 16 << 20


def baseline_file(settings: Settings) -> Path | None:
    """Return the file that settings name, None where they name none."""
    named = [given for given in settings.given if given.key == ("baseline",)]
    if not named or not named[-1].value:
        return None
    return Path(named[-1].base) / Path(named[-1].value).expanduser()


def load_known(path: Path) -> tuple[Entry, ...]:
    """Read a baseline; SettingsError where it is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST + 1)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    if len(raw) > _MOST:
        raise SettingsError(f"{path}: more than {_MOST >> 20} MiB")
    try:
        return parse_baseline(raw.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8") from error


def save_known(path: Path, entries: Iterable[Entry]) -> None:
    """Write a baseline; SettingsError where that cannot be."""
    try:
        path.write_bytes(written(entries).encode("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error


def today(environ: Mapping[str, str] = os.environ) -> date:
    """Return the day, in UTC; SOURCE_DATE_EPOCH is another one, for builds."""
    fixed = environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isascii() and fixed.isdigit() and len(fixed) <= 11:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    return datetime.now(UTC).date()
