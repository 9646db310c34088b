# SPDX-License-Identifier: GPL-2.0-or-later
"""Read settings from where they are: a tree, a file of the user, git, the environment.

All of it is read as data. The file of a tree is read out of a commit, never from the
work tree: that may be what is under review. Most runs have no settings at all, and do
not import what reads them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from patchlint.adapters.git import ConfigEntry, config_later
from patchlint.lint.settings import Given, Layer, SettingsError

TREE_FILE = ".patchlint.toml"
_SECTION = "patchlint"
_PREFIX = "PATCHLINT_"
_NO_FOLDER = "a repository names no folders outside of its commits"
_OWN_SCOPES = ("system", "global", "command")
# Long lines and long files are none that people write; parsing them takes its time.
_MOST = 256 << 10
_WIDEST = 2000


def user_file(environ: Mapping[str, str]) -> Path:
    """Return where the settings of the user are, whether there are any or not."""
    given = Path(environ.get("XDG_CONFIG_HOME", ""))
    home = given if given.is_absolute() else Path(environ.get("HOME", "/")) / ".config"
    return home / _SECTION / "config.toml"


def own_later(
    folder: Path, environ: Mapping[str, str]
) -> Callable[[], tuple[Given, ...]]:
    """Return what returns what the user has set: see own(). git is asked at once."""
    entries = config_later(folder, _SECTION)

    def wait() -> tuple[Given, ...]:
        told = of_git(entries())
        return (*of_user(user_file(environ)), *told, *of_environment(environ))

    return wait


def own(folder: Path, environ: Mapping[str, str]) -> tuple[Given, ...]:
    """Return what the user has set: in his file, in git's configuration, around us.

    Raises SettingsError.
    """
    return own_later(folder, environ)()


def of_user(path: Path) -> tuple[Given, ...]:
    """Return the settings of a file; none where there is no such file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SettingsError(f"{path}: not a file")
        raw = file.read(_MOST + 1)
    from patchlint.lint.settings_read import from_toml

    text = _text(raw, str(path))
    return from_toml(text, Layer.USER, str(path), str(path.parent))


def of_tree(text: str | None, name: str) -> tuple[Given, ...]:
    """Return the settings that a commit has for its tree, of the text of its file.

    ``name`` is what people call the commit. Raises SettingsError.
    """
    if text is None:
        return ()
    from patchlint.lint.settings_read import from_toml

    place = f"{name}:{TREE_FILE}"
    _refuse_long(text, place)
    if not text.isprintable() and any("\ud800" <= char <= "\udfff" for char in text):
        raise SettingsError(f"{place}: not UTF-8")
    return from_toml(text, Layer.TREE, place)


def of_git(entries: Sequence[ConfigEntry]) -> tuple[Given, ...]:
    """Return the settings in git's configuration.

    ``patchlint.KEY`` is a key; ``patchlint.RULE.severity`` is that of a rule. What the
    ``.git/config`` of a repository says counts as little as what its tree says.
    """
    if not entries:
        return ()
    from patchlint.lint.settings_keys import Trust, lists
    from patchlint.lint.settings_read import from_value

    found: list[Given] = []
    by_key: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        if not _is_of_others(entry):
            by_key.setdefault((entry.scope, entry.key), []).append(entry.value)
    for (scope, key), values in by_key.items():
        place = f"git config --{scope} {key}"
        trust = Trust.OWN if scope in _OWN_SCOPES else Trust.TREE
        _, _, name = key.partition(".")
        rule, _, last = name.rpartition(".")
        if rule and last == "severity":
            name, values = "severity", [f"{rule}={values[-1]}"]
        if name == "cards" and trust is not Trust.OWN:
            raise SettingsError(f"{place}: cards: {_NO_FOLDER}")
        value = ",".join(values) if lists(name) else values[-1]
        found += from_value(name, value, place, Layer.GIT, trust)
    return tuple(found)


def of_environment(environ: Mapping[str, str]) -> tuple[Given, ...]:
    """Return the settings in variables: ``PATCHLINT_FAIL_ON`` is ``fail-on``."""
    ours = sorted(name for name in environ if name.startswith(_PREFIX))
    if not ours:
        return ()
    from patchlint.lint.settings_keys import OTHERS, TOPICS
    from patchlint.lint.settings_read import from_value

    found: list[Given] = []
    for variable in ours:
        name = variable.removeprefix(_PREFIX).lower().replace("_", "-")
        if name not in OTHERS and name.partition("-")[0] not in TOPICS:
            value = environ[variable]
            found += from_value(name, value, variable, Layer.ENVIRONMENT)
    return tuple(found)


def _is_of_others(entry: ConfigEntry) -> bool:
    """Say whether another part of the program reads this key: the hooks, b4."""
    from patchlint.lint.settings_keys import OTHERS, TOPICS

    _, _, name = entry.key.partition(".")
    return name in OTHERS or name.partition(".")[0] in TOPICS


def _text(raw: bytes, place: str) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{place}: not UTF-8") from error
    _refuse_long(text, place)
    return text


def _refuse_long(text: str, place: str) -> None:
    if len(text) > _MOST:
        raise SettingsError(f"{place}: more than {_MOST >> 10} KiB")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _WIDEST:
            raise SettingsError(f"{place}:{number}: more than {_WIDEST} columns")


def changed_by(paths: Sequence[str], layer: Sequence[Given]) -> Iterator[str]:
    """Yield what of a tree's settings a series changes: the file, a folder of cards."""
    folders = [
        f"{name.strip('/')}/"
        for g in layer
        if g.key == ("cards",)
        for name in _words(g)
    ]
    for path in paths:
        if path == TREE_FILE or path.startswith(tuple(folders) or "\n"):
            yield path


def _words(given: Given) -> tuple[str, ...]:
    assert isinstance(given.value, tuple)  # noqa: S101 - its key has read it
    return given.value
