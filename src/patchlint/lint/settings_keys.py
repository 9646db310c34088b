# SPDX-License-Identifier: GPL-2.0-or-later
"""The keys of the settings: what each one holds, and who may set it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import asdict

from patchlint.lint.profile import OFF, Audience
from patchlint.lint.selection import PROGRAMS, PathSetting, nearest
from patchlint.lint.settings import level_of
from patchlint.model.finding import Evidence, Severity
from patchlint.model.limits import DEFAULT_LIMITS

_MANY = 1000
_LONG = 500
# Every finding is held against every glob.
_GLOBS = 200
_JOBS = 1024
_LEVELS = (*(level.name.lower() for level in reversed(Severity)), OFF)
_ENGINES = ("harper",)

Parts = tuple[tuple[tuple[str, ...], object], ...]
Read = Callable[[object], object]


class Trust(IntEnum):
    """Who may set a key: the lowest trust that is enough.

    Trees come from others, and so may the ``.git/config`` of a clone: an archive that
    was unpacked has one. OWN is what only the user himself writes. Modules of Python
    are run, so that they are named in his file alone, and never by chance.
    """

    TREE = 0
    OWN = 1
    FILE = 2


class WrongValueError(ValueError):
    """A value does not fit its key; the text says why."""


class Key(Struct, frozen=True):
    """A key: how its value is read, and who may set it."""

    read: Read
    trust: Trust


def parts(name: str, value: object) -> Parts:
    """Return the settings that a key and its value stand for, each with its full key.

    Tables hold several. Raises WrongValueError; KeyError for a key that is none.
    """
    made = KEYS[name].read(value)
    if not isinstance(made, dict):
        return (((name,), made),)
    return tuple(((name, *key), inner) for key, inner in made.items())


def unknown_key(name: str) -> str:
    """Return what to say of a key that is none."""
    return f"not a key of the settings{nearest(name, KEYS)}"


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [word.strip() for word in value.split(",") if word.strip()]
    is_list = isinstance(value, list) and all(isinstance(v, str) and v for v in value)
    if not isinstance(value, list) or not is_list:
        raise WrongValueError("not a list of strings")
    if len(value) > _MANY or any(len(word) > _LONG for word in value):
        raise WrongValueError(
            f"more than {_MANY} words, or one of over {_LONG} letters"
        )
    return tuple(value)


def _programs(value: object) -> tuple[str, ...]:
    """Return what is to be run besides, each a program and what it is told."""
    words = _words(value)
    for word in words:
        if word.partition(":")[0] not in PROGRAMS:
            near = nearest(word, PROGRAMS) or f": one of {', '.join(PROGRAMS)}"
            raise WrongValueError(f"there is no such program: {word}{near}")
    return words


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONG or "\0" in value:
        raise WrongValueError(f"not a string of at most {_LONG} letters")
    return value


def _one_of(words: Sequence[str], make: Callable[[str], object]) -> Read:
    def read(value: object) -> object:
        text = str(value)[:_LONG].lower()
        if not isinstance(value, str) or text not in words:
            near = nearest(text, words)
            raise WrongValueError(f"not one of {', '.join(words)}{near}")
        return make(text)

    return read


def _flag(value: object) -> bool:
    """Return a yes or no; a key of git that stands alone means yes."""
    known = {"true": True, "yes": True, "on": True, "1": True, "": True}
    known |= {"false": False, "no": False, "off": False, "0": False}
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in known:
        raise WrongValueError("not true or false")
    return known[value.lower()]


def _jobs(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _JOBS:
        raise WrongValueError(f"not a number from 0 to {_JOBS}")
    return value


def _pairs(value: object) -> Mapping[str, object]:
    """Return a table; a text is ``NAME=VALUE`` with commas between."""
    if isinstance(value, str):
        cut = [word.partition("=") for word in _words(value)]
        return {name.strip(): text.strip() for name, _, text in cut}
    if not isinstance(value, dict) or len(value) > _MANY:
        raise WrongValueError(f"not a table of at most {_MANY} entries")
    return value


def _levels(value: object) -> dict[tuple[str, ...], object]:
    read = _one_of(_LEVELS, level_of)
    made: dict[tuple[str, ...], object] = {}
    for word, level in _pairs(value).items():
        try:
            made[(_words([word])[0],)] = read(level)
        except WrongValueError as error:
            raise WrongValueError(f"{word[:_LONG]}: {error}") from error
    return made


def _limits(value: object) -> dict[tuple[str, ...], object]:
    usual = {name.replace("_", "-"): n for name, n in asdict(DEFAULT_LIMITS).items()}
    made: dict[tuple[str, ...], object] = {}
    for name, given in _pairs(value).items():
        if name not in usual:
            raise WrongValueError(f"no limit is called {name!r}{nearest(name, usual)}")
        made[(name,)] = _bound(name, given, type(usual[name]))
    return made


def _bound(name: str, value: object, kind: type[int | float]) -> object:
    """Return a number above zero, of the kind that the limit has."""
    what = "number" if kind is float else "whole number"
    is_number = isinstance(value, int | kind | str) and not isinstance(value, bool)
    try:
        number = kind(value) if isinstance(value, int | float | str) else 0
    except (ValueError, OverflowError):
        number = 0
    if not is_number or not 0 < number < float("inf"):
        raise WrongValueError(f"{name}: not a {what} above zero")
    return number


def _options(value: object) -> dict[tuple[str, ...], object]:
    """Return options by rule and name; only the cards know what they have to be."""
    made: dict[tuple[str, ...], object] = {}
    for rule, table in _pairs(value).items():
        if not isinstance(table, dict):
            raise WrongValueError(f"{rule}: not a table")
        made |= {(rule, name): inner for name, inner in table.items()}
    return made


def _paths(value: object) -> dict[tuple[str, ...], object]:
    if not isinstance(value, list) or len(value) > _GLOBS:
        raise WrongValueError(f"not an array of at most {_GLOBS} tables ([[paths]])")
    return {(str(n),): _path(entry) for n, entry in enumerate(value, 1)}


def _glob(value: object) -> str:
    text = _text(value)
    if not text or len(text) > _GLOBS:
        raise WrongValueError(f"glob: not of 1 to {_GLOBS} letters")
    return text


def _path(value: object) -> PathSetting:
    known = ("glob", "ignore", "severity")
    if not isinstance(value, dict) or not isinstance(value.get("glob"), str):
        raise WrongValueError("each of them has a glob")
    for key in value:
        if key not in known:
            raise WrongValueError(f"{key}: not a key of it{nearest(key, known)}")
    levels = _levels(value.get("severity", {}))
    return PathSetting(
        glob=_glob(value["glob"]),
        ignore=_words(value.get("ignore", [])),
        severity={key[0]: level for key, level in levels.items()},  # type: ignore[misc]
    )


_FAIL = _one_of(_LEVELS[:-1], level_of)
KEYS: Mapping[str, Key] = {
    "select": Key(_words, Trust.TREE),
    "extend-select": Key(_words, Trust.TREE),
    "ignore": Key(_words, Trust.TREE),
    "extend-ignore": Key(_words, Trust.TREE),
    "severity": Key(_levels, Trust.TREE),
    "options": Key(_options, Trust.TREE),
    "paths": Key(_paths, Trust.TREE),
    "profile": Key(_text, Trust.TREE),
    "cards": Key(_words, Trust.TREE),
    "audience": Key(_one_of(tuple(Audience), Audience), Trust.OWN),
    "fail-on": Key(_FAIL, Trust.OWN),
    "evidence": Key(_one_of(tuple(Evidence), Evidence), Trust.OWN),
    "format": Key(_text, Trust.OWN),
    "engine": Key(_one_of(("", *_ENGINES), str), Trust.OWN),
    "with": Key(_programs, Trust.OWN),
    "repeat": Key(_flag, Trust.OWN),
    "bisect": Key(_flag, Trust.OWN),
    "jobs": Key(_jobs, Trust.OWN),
    "limits": Key(_limits, Trust.OWN),
    "baseline": Key(_text, Trust.OWN),
    "checks": Key(_words, Trust.FILE),
}
# What stands in the same places, and is read by other parts of the program: keys, and
# the first words of keys (``patchlint.hook.on-error``, ``PATCHLINT_HOOK_ON_ERROR``).
OTHERS = ("linux", "on-error", "onerror")
TOPICS = ("b4", "hook", "hooks", "lsp", "sendemail")


def lists(name: str) -> bool:
    """Say whether a key holds several values, each of which git may have a line for."""
    return name in KEYS and KEYS[name].read in (_words, _programs, _levels, _limits)
