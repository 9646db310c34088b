# SPDX-License-Identifier: GPL-2.0-or-later
"""What was said before, in a file between runs: one record a mail that was answered."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from patchlint.adapters.inputs import InputError
from patchlint.report.manner import NoBug, Said

_SCHEMA = 1
_MOST = 64 << 20


def state_file() -> Path:
    """Return where the state is kept (XDG base directory specification)."""
    base = os.environ.get("XDG_STATE_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path.home() / ".local/state"
    return home / "patchlint" / "replies.json"


def load(path: Path) -> tuple[tuple[Said, ...], tuple[NoBug, ...]]:
    """Return what a file holds, nothing if there is none; InputError if it is odd."""
    try:
        if path.stat().st_size > _MOST:
            raise InputError(f"--state {path}: too large")
        raw: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        raise InputError(f"--state {path}: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"--state {path}: no JSON: {error}") from error
    try:
        if raw["schema"] != _SCHEMA:
            raise InputError(f"--state {path}: schema {raw['schema']} is not ours")
        return tuple(map(_said, raw["said"])), tuple(map(_no_bug, raw["not_a_bug"]))
    except (KeyError, TypeError) as error:
        raise InputError(f"--state {path}: {error}: missing, or of another type") from (
            error
        )


def save(path: Path, said: Iterable[Said], no_bugs: Iterable[NoBug]) -> None:
    """Write the state; whoever reads meanwhile sees the old one or the new one."""
    value = {
        "schema": _SCHEMA,
        "said": [asdict(one) for one in dict.fromkeys(said)],
        "not_a_bug": [asdict(one) for one in dict.fromkeys(no_bugs)],
    }
    text = json.dumps(value, indent=1, sort_keys=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(f"{text}\n", "utf-8")
        new.replace(path)
    except OSError as error:
        raise InputError(f"--state {path}: {error.strerror}") from error


def _said(raw: Any) -> Said:
    return Said(
        message_id=str(raw["message_id"]),
        title=str(raw["title"]),
        sender=str(raw["sender"]),
        version=int(raw["version"]),
        marks=tuple(map(str, raw["marks"])),
        rules=tuple(map(str, raw["rules"])),
    )


def _no_bug(raw: Any) -> NoBug:
    return NoBug(str(raw["title"]), str(raw["sender"]), str(raw["id_"]))
