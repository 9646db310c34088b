# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules of others: folders of cards, on disk or in a commit, and checks of the user.

A card is data. It may name our checks and bring options and tables of its own; what it
costs is bounded, also where a stranger wrote it. Modules of Python are run, and come
from the user's own file of settings alone (see lint/settings_keys.py).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from msgspec.structs import replace

from patchlint.adapters.cards import builtin_cards, load_tables
from patchlint.adapters.clock import CpuClock
from patchlint.adapters.git import Blobs
from patchlint.checks import BUILTIN
from patchlint.diff.path import unsafe
from patchlint.lint.bind import Checks
from patchlint.lint.budget import OverLimitError
from patchlint.lint.card import Card, CardError, parse_card, parse_table
from patchlint.lint.settings import Given, Layer, SettingsError

_TABLES = "tables"
_MOST_CARDS = 500
_MOST_BYTES = 64 << 10
_MOST_BYTES_IN_ALL = 2 << 20
_WIDEST = 4000
_SECONDS = 10.0

Texts = Mapping[str, str]


def cards_of(
    folders: Sequence[Given], blobs: Blobs, commit: str
) -> tuple[tuple[Card, ...], ...]:
    """Return the cards of each folder that settings name, in their order.

    The folders that a tree names are read out of the commit. Raises SettingsError,
    CardError.
    """
    found: list[tuple[Card, ...]] = []
    with CpuClock() as clock:
        for given in folders:
            for name in given.value:
                where = f"{given.place}: cards: {name}"
                try:
                    with clock.bounded(_SECONDS):
                        found.append(_cards(given, name, where, (blobs, commit)))
                except OverLimitError as error:
                    most = f"takes more than {_SECONDS:g} s to read"
                    raise SettingsError(f"{where}: {most}") from error
    return tuple(found)


def cards_in(folder: Path) -> tuple[Card, ...]:
    """Return the cards of a folder on disk. Raises SettingsError, CardError."""
    return _parsed(_on_disk(folder, str(folder)), str(folder))


def _cards(
    given: Given, name: str, where: str, tree: tuple[Blobs, str]
) -> tuple[Card, ...]:
    if given.layer is not Layer.TREE:
        folder = Path(given.base) / Path(name).expanduser()
        return _parsed(_on_disk(folder, where), where)
    cards = _parsed(_in_tree(name.strip("/"), where, *tree), where)
    # These patterns are tried on what people wrote, and no clock runs there.
    return tuple(replace(card, said_as=()) for card in cards)


def _on_disk(folder: Path, where: str) -> Texts:
    if not folder.is_dir():
        raise SettingsError(f"{where}: not a folder")
    top = folder.resolve()
    texts: dict[str, str] = {}
    left = _MOST_BYTES_IN_ALL
    for path in sorted(folder.glob("*/*.toml")):
        name = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(top) or not path.is_file():
            raise SettingsError(f"{where}: {name}: not a file of this folder")
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        texts[name] = raw.decode("utf-8", "surrogateescape")
        left -= len(raw)
        _refuse_much(texts, name, left, where)
    return texts


def _in_tree(name: str, where: str, blobs: Blobs, commit: str) -> Texts:
    if not name or unsafe(name):
        raise SettingsError(f"{where}: not a folder of the tree")
    texts: dict[str, str] = {}
    left = _MOST_BYTES_IN_ALL
    for path, oid in sorted(blobs.below(commit, name).items()):
        inner = path.removeprefix(f"{name}/")
        if inner.count("/") != 1 or not inner.endswith(".toml"):
            continue
        texts[inner] = blobs.blob(oid) or ""
        left -= len(texts[inner])
        _refuse_much(texts, inner, left, where)
    if not texts:
        raise SettingsError(f"{where}: no cards (GROUP/NAME.toml) in that folder")
    return texts


def _refuse_much(texts: Texts, name: str, left: int, where: str) -> None:
    text = texts[name]
    if len(texts) > _MOST_CARDS or left < 0:
        raise SettingsError(f"{where}: more than {_MOST_CARDS} cards, or too large")
    if len(text) > _MOST_BYTES:
        raise SettingsError(f"{where}: {name}: more than {_MOST_BYTES >> 10} KiB")
    if max(map(len, text.split("\n"))) > _WIDEST:
        raise SettingsError(f"{where}: {name}: a line of more than {_WIDEST} columns")


def _parsed(texts: Texts, where: str) -> tuple[Card, ...]:
    """Return the cards; they may use our tables, and those beside them."""
    try:
        own = {
            _stem(name): parse_table(text, _stem(name))
            for name, text in texts.items()
            if name.startswith(f"{_TABLES}/")
        }
        tables = {**load_tables(builtin_cards()), **own}
        return tuple(
            parse_card(text, name.removesuffix(".toml"), tables)
            for name, text in texts.items()
            if not name.startswith(f"{_TABLES}/")
        )
    except CardError as error:
        raise CardError(f"{where}: {error}") from error


def _stem(name: str) -> str:
    return name.partition("/")[2].removesuffix(".toml")


def checks_with(modules: Sequence[Given]) -> Checks:
    """Return our checks and those of the modules that the user names.

    A module has them in ``CHECKS``, a ``patchlint.lint.bind.Checks``. Raises
    SettingsError.
    """
    checks = BUILTIN
    for given in modules:
        for name in given.value:
            where = f"{given.place}: checks: {name}"
            module = _load(name, Path(given.base), where)
            more = getattr(module, "CHECKS", None)
            if not isinstance(more, Checks):
                raise SettingsError(f"{where}: has no CHECKS")
            checks = _joined(checks, more, where)
    return checks


def _load(name: str, base: Path, where: str) -> object:
    """Run a module: one that is installed, or a file beside the settings."""
    try:
        with _without_here():
            if not name.endswith(".py"):
                return importlib.import_module(name)
            path = base / Path(name).expanduser()
            spec = spec_from_file_location(path.stem, path)
            if spec is None or spec.loader is None:
                raise SettingsError(f"{where}: cannot be loaded")
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    except (ImportError, OSError, SyntaxError, ValueError) as error:
        raise SettingsError(f"{where}: {error}") from error


@contextmanager
def _without_here() -> Iterator[None]:
    """Take the folder we are in off the path of modules: it may be a stranger's."""
    kept = list(sys.path)
    here = Path.cwd()
    sys.path[:] = [p for p in kept if p and not _is_below(Path(p), here)]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = kept


def _is_below(path: Path, here: Path) -> bool:
    return not path.is_absolute() or path.resolve() == here.resolve()


def _joined(one: Checks, two: Checks, where: str) -> Checks:
    """Return all checks; two of one name would make a card ambiguous."""
    made = {}
    for scope in Checks.__struct_fields__:
        known, more = getattr(one, scope), getattr(two, scope)
        if same := sorted({*known} & {*more}):
            raise SettingsError(f"{where}: there is a check of that name: {same[0]}")
        made[scope] = {**known, **more}
    return Checks(**made)
