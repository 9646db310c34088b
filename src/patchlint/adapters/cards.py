# SPDX-License-Identifier: GPL-2.0-or-later
"""Read rule cards from disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from patchlint.adapters.folders import builtin_cards as builtin_cards
from patchlint.checks import BUILTIN
from patchlint.lint.bind import bind
from patchlint.lint.card import Card, CardError, parse_card, parse_table
from patchlint.lint.profile import Profile, parse_profile
from patchlint.lint.rule import Rule

_TABLES = "tables"
_PROFILES = "profiles"


def load_cards(folder: Path) -> tuple[Card, ...]:
    """Parse every card below ``folder``, ordered by rule; CardError on a wrong one."""
    tables = load_tables(folder)
    return tuple(
        parse_card(path.read_text("utf-8"), name, tables)
        for name, path in _cards(folder)
    )


def load_card(folder: Path, rule: str) -> Card:
    """Parse the card of one rule, with its examples; the rule is one of ``folder``."""
    text = (folder / f"{rule}.toml").read_text("utf-8")
    return parse_card(text, rule, load_tables(folder))


def load_tables(folder: Path) -> dict[str, Mapping[str, object]]:
    """Parse the tables that cards share."""
    return {
        path.stem: parse_table(path.read_text("utf-8"), path.stem)
        for path in sorted((folder / _TABLES).glob("*.toml"))
    }


def _cards(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name of each rule, and its card."""
    for path in sorted(folder.glob("*/*.toml")):
        if path.parent.name not in (_TABLES, _PROFILES):
            yield path.relative_to(folder).with_suffix("").as_posix(), path


def load_profiles(folder: Path | None = None) -> tuple[Profile, ...]:
    """Parse the profiles of ``folder``, or our own, ordered by name.

    Raises CardError on a wrong one.
    """
    folder = folder or builtin_cards()
    known = [name for name, _ in _cards(folder)]
    return tuple(
        parse_profile(path.read_text("utf-8"), path.stem, known)
        for path in sorted((folder / _PROFILES).glob("*.toml"))
    )


def load_profile(name: str) -> Profile:
    """Parse a file with a profile that somebody keeps himself, which it is named by.

    Raises CardError if it cannot be.
    """
    path = Path(name)
    known = [name for name, _ in _cards(builtin_cards())]
    try:
        return parse_profile(path.read_text("utf-8"), name, known)
    except OSError as error:
        raise CardError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CardError(f"{path}: not UTF-8") from error


def load_rules(
    folder: Path | None = None, extras: Collection[str] = ()
) -> tuple[Rule, ...]:
    """Load and bind the cards of ``folder``, or our own.

    Those that need an extra are left out, unless ``extras`` names it.
    """
    cards = load_cards(folder or builtin_cards())
    return tuple(bind(c, BUILTIN) for c in cards if not c.extra or c.extra in extras)
