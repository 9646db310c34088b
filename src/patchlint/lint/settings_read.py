# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts to settings: a TOML file, or the keys and values of git and the environment."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence

from patchlint.lint.settings import Given, Layer, SettingsError, said_at
from patchlint.lint.settings_keys import (
    KEYS,
    Trust,
    WrongValueError,
    parts,
    unknown_key,
)

_HEADER = re.compile(r"\s*\[{1,2}([^\]]*)\]{1,2}\s*(?:#.*)?")
_NAME = re.compile(r"\s*([^=#]+?)\s*=")
_WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^.\s\"']+)")
_LONG = 1000
# What each layer may be trusted with at most.
_TRUST = {
    Layer.TREE: Trust.TREE,
    Layer.USER: Trust.FILE,
    Layer.GIT: Trust.OWN,
    Layer.ENVIRONMENT: Trust.OWN,
    Layer.COMMAND: Trust.OWN,
}
_NO_FILE = "a repository names a profile of ours, and no file"
_WHOSE = {
    Trust.OWN: "only settings of your own may say so, not those of a repository",
    Trust.FILE: "names what is run: only your own file of settings may",
}


def from_toml(text: str, layer: Layer, place: str, base: str = "") -> tuple[Given, ...]:
    """Read a file of settings; ``place`` is what it is called.

    Raises SettingsError, whose text names the file and the key.
    """
    raw = parsed(text, place)
    lines = lines_of(text)
    is_option = layer is Layer.COMMAND
    found: list[Given] = []
    for name, value in raw.items():
        line = line_of((name,), lines)
        at = f"{place}:{line}" if line and not is_option else place
        for key, inner in _read(name, value, at, _TRUST[layer]):
            line = line_of(key, lines)
            at = f"{place}:{line}" if line and not is_option else place
            found.append(Given(key, inner, layer, at, base))
    return tuple(found)


def from_value(
    name: str, text: object, place: str, layer: Layer, trust: Trust = Trust.OWN
) -> tuple[Given, ...]:
    """Read one key and its value, as git, the environment or a command line has it."""
    return tuple(
        Given(key, inner, layer, place)
        for key, inner in _read(name, text, place, min(trust, _TRUST[layer]))
    )


def parsed(text: str, place: str) -> Mapping[str, object]:
    """Parse TOML from anybody; SettingsError where it is none."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else str(error)
        raise SettingsError(f"{place}: {why[:_LONG]}") from error


def _read(
    name: str, value: object, place: str, trust: Trust
) -> Iterable[tuple[tuple[str, ...], object]]:
    if name not in KEYS:
        raise SettingsError(f"{place}: {name[:_LONG]}: {unknown_key(name)}")
    if KEYS[name].trust > trust:
        raise SettingsError(f"{said_at(place, (name,))}: {_WHOSE[KEYS[name].trust]}")
    if name == "profile" and trust is Trust.TREE and "." in str(value):
        raise SettingsError(f"{said_at(place, (name,))}: {_NO_FILE}")
    try:
        return parts(name, value)
    except WrongValueError as error:
        raise SettingsError(f"{said_at(place, (name,))}: {error}") from error


def lines_of(text: str) -> Mapping[tuple[str, ...], int]:
    """Return the line of each key, as far as one can tell without parsing.

    A line in a text of several lines may look like a key; then the first one counts.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    arrays = 0
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONG:
            continue
        if header := _HEADER.fullmatch(line):
            table = _key(header[1])
            if line.lstrip().startswith("[["):
                arrays += 1
                table = (*table, str(arrays))
            found.setdefault(table, number)
        elif name := _NAME.match(line):
            found.setdefault((*table, *_key(name[1])), number)
    return found


def _key(text: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _WORD.findall(text))


def line_of(key: Sequence[str], lines: Mapping[tuple[str, ...], int]) -> int:
    """Return the line of a key, or that of the table it stands in; 0: not known."""
    for size in range(len(key), 0, -1):
        if found := lines.get(tuple(key[:size])):
            return found
    return 0
