# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run is told beside its input: one frozen value, with where each part is from.

Nothing here reads a file. A layer is what one place says (see adapters/settings.py);
``merged`` lays one over the other, and the later one wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.lint.profile import OFF, Audience
from patchlint.lint.selection import ALL, PathSetting, Selection, Word
from patchlint.model.finding import Evidence, Severity
from patchlint.model.limits import DEFAULT_LIMITS, Limits


class SettingsError(ValueError):
    """A setting is not valid; the text names where it stands, its key, and why."""


class Layer(IntEnum):
    """Where settings come from; the later one wins."""

    DEFAULT = 0
    TREE = 1
    USER = 2
    GIT = 3
    ENVIRONMENT = 4
    COMMAND = 5


class Given(Struct, frozen=True):
    """One setting: its key (``severity`` and a rule: two parts), and who says it.

    ``place`` is a file with a line, a key of git, a variable or an option. ``base`` is
    the folder that names of files are relative to.
    """

    key: tuple[str, ...]
    value: Any
    layer: Layer
    place: str
    base: str = ""

    @property
    def where(self) -> str:
        """The place and the key, as errors begin."""
        return said_at(self.place, self.key)


class Settings(Struct, frozen=True):
    """Every setting of a run; what nobody sets is here as it is without.

    ``given`` are those that count, by key: for ``patchlint config``.
    """

    select: tuple[str, ...] = (ALL,)
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    paths: tuple[PathSetting, ...] = ()
    profile: str = ""
    cards: tuple[Given, ...] = ()
    audience: Audience = Audience.AUTHOR
    fail_on: Severity = Severity.WARNING
    evidence: Evidence = Evidence.TREE
    format: str = "text"
    engine: str = ""
    children: tuple[str, ...] = ()
    repeat: bool = False
    bisect: bool = False
    jobs: int = 0
    limits: Limits = DEFAULT_LIMITS
    baseline: str = ""
    checks: tuple[Given, ...] = ()
    selection: Selection = Selection()
    given: tuple[Given, ...] = ()

    def origin(self, *key: str) -> str:
        """Return where a setting is from; "" for what nobody has set."""
        found = [given.place for given in self.given if given.key == key]
        return found[-1] if found else ""


DEFAULTS = Settings()
# Each layer adds to these, instead of taking the place of the ones before.
_ADDED = ("extend-select", "extend-ignore", "paths", "cards", "checks")
# What simply is the value of a field.
_PLAIN = (
    "profile", "audience", "fail-on", "evidence", "format", "engine", "repeat",
    "bisect", "jobs", "baseline", "with",
)  # fmt: skip
# Keys that Python has another use for.
_FIELDS = {"with": "children"}


def merged(layers: Iterable[Sequence[Given]]) -> Settings:
    """Lay the layers over each other; their values have been checked."""
    told = sorted((g for layer in layers for g in layer), key=lambda g: g.layer)
    if not told:
        return DEFAULTS
    counts = _counting(told)
    last = {given.key: given for given in counts}
    plain = {field_of(key): last[(key,)].value for key in _PLAIN if (key,) in last}
    levels = _table(last, "severity")
    words = tuple(_words(counts))
    return replace(
        DEFAULTS,
        **plain,
        select=_texts(words, takes_in=True),
        ignore=_texts(words, takes_in=False),
        severity=levels,
        options=_nested(last),
        paths=tuple(g.value for g in counts if g.key[0] == "paths"),
        cards=tuple(g for g in counts if g.key == ("cards",)),
        checks=tuple(g for g in counts if g.key == ("checks",)),
        limits=replace(
            DEFAULT_LIMITS,
            **{
                name.replace("-", "_"): value
                for name, value in _table(last, "limits").items()
            },
        ),
        selection=Selection(
            words=words,
            severities={w: s for w, s in levels.items() if s is not None},
            paths=tuple(g.value for g in counts if g.key[0] == "paths"),
        ),
        given=tuple(counts),
    )


def field_of(key: str) -> str:
    """Return the field of Settings that a key sets."""
    return _FIELDS.get(key, key.replace("-", "_"))


def said_at(place: str, key: Sequence[str]) -> str:
    """Return a place and a key, unless the place says what it sets: an option."""
    is_said = place.lower().replace("_", "-").endswith(f"-{key[0]}")
    return place if is_said else f"{place}: {dotted(key)}"


def dotted(key: Sequence[str]) -> str:
    """Return a key as TOML writes it."""
    first, *more = key
    return first + "".join(
        f'."{part}"' if _is_odd(part) else f".{part}" for part in more
    )


def _is_odd(part: str) -> bool:
    return not part.replace("-", "").replace("_", "").isalnum()


def _counting(told: Sequence[Given]) -> list[Given]:
    """Return the settings that count, in their order: all that add, else the last."""
    last = {given.key: given for given in told}
    return [g for g in told if g.key[0] in _ADDED or last[g.key] is g]


def _words(counts: Sequence[Given]) -> Iterable[Word]:
    """Yield the words that take rules in or not; without a select all are in."""
    if not any(given.key == ("select",) for given in counts):
        yield Word(ALL, takes_in=True)
    for given in counts:
        takes_in = given.key[0].endswith("select")
        if given.key[0] in ("select", "ignore", "extend-select", "extend-ignore"):
            for text in given.value:
                yield Word(text, takes_in, given.layer)
        elif given.key[0] == "severity" and given.value is None:
            yield Word(given.key[1], takes_in=False, layer=given.layer)


def _texts(words: Iterable[Word], *, takes_in: bool) -> tuple[str, ...]:
    return tuple(word.text for word in words if word.takes_in is takes_in)


def _table(last: Mapping[tuple[str, ...], Given], name: str) -> dict[str, Any]:
    return {key[1]: given.value for key, given in last.items() if key[0] == name}


def _nested(last: Mapping[tuple[str, ...], Given]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for key, given in last.items():
        if key[0] == "options":
            found.setdefault(key[1], {})[key[2]] = given.value
    return found


def level_of(text: str) -> Severity | None:
    """Return a severity, None for ``off``; KeyError where it is none."""
    return None if text == OFF else Severity[text.upper()]
