# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings as text: each value, as TOML has it, and where it is from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import Enum, IntEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from patchlint.lint.profile import OFF
from patchlint.lint.selection import PathSetting
from patchlint.lint.settings import DEFAULTS, Settings, dotted, field_of
from patchlint.lint.settings_keys import KEYS

NOWHERE = "default"


class Row(Struct, frozen=True):
    """A key, its value as TOML, and where it is from."""

    key: str
    value: str
    place: str


def rows(settings: Settings) -> Iterator[Row]:
    """Yield every key that counts, in the order of the documentation.

    Keys that nobody sets have the value they have without; tables have a row an entry.
    """
    for name in KEYS:
        given = [g for g in settings.given if g.key[0] == name]
        for one in given:
            yield Row(dotted(one.key), toml(one.value), one.place)
        is_table = name in ("severity", "options", "paths", "limits")
        if name == "limits":
            told = {one.key[1] for one in given}
            for key, value in asdict(DEFAULTS.limits).items():
                if (key := key.replace("_", "-")) not in told:
                    yield Row(f"limits.{key}", toml(value), NOWHERE)
        elif not given and not is_table and not name.startswith("extend-"):
            usual = getattr(DEFAULTS, field_of(name))
            yield Row(name, toml(usual), NOWHERE)


def toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    value = _plain(value)
    if isinstance(value, Mapping):
        pairs = (f"{_quoted(key)} = {toml(inner)}" for key, inner in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def _plain(value: Any) -> Any:
    """Return a value of ours as one of TOML's kinds."""
    if value is None:
        return OFF
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, PathSetting):
        words = {"ignore": value.ignore, "severity": value.severity}
        return {"glob": value.glob} | {k: v for k, v in words.items() if v}
    return value


def _quoted(key: str) -> str:
    is_bare = key.replace("-", "").replace("_", "").isalnum() and key.isascii()
    return key if is_bare else json.dumps(key)
