# SPDX-License-Identifier: GPL-2.0-or-later
"""Our own cards and profiles, as a review needs them, read at once.

Parsing and checking some 160 TOML files takes longer than the review of a small patch.
So what comes of it is kept as one file, without the examples: in the package, where
a wheel was built, else in the user's cache, under a name that stands for all that
went into it. That file can be removed at any time.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from msgspec import DecodeError, Struct
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from patchlint import __version__
from patchlint.adapters.folders import builtin_cards, cache_folder, replace_file
from patchlint.checks import BUILTIN
from patchlint.lint.bind import bind
from patchlint.lint.card import Card, Example
from patchlint.lint.options import Options
from patchlint.lint.profile import Profile, Setting
from patchlint.lint.rule import Rule

PACKED = "rulebook.msgpack"
_KEPT = 4


class Rulebook(Struct, frozen=True):
    """All cards, without their examples, and all profiles; ordered by name."""

    cards: tuple[Card, ...]
    profiles: tuple[Profile, ...]

    def rules(self, extras: Collection[str] = ()) -> tuple[Rule, ...]:
        """Bind the cards; those that need an extra only if ``extras`` names it."""
        wanted = (c for c in self.cards if not c.extra or c.extra in extras)
        return tuple(bind(card, BUILTIN) for card in wanted)


@cache
def rulebook() -> Rulebook:
    """Return our own rulebook; CardError on a wrong card."""
    folder = builtin_cards()
    for path in (
        folder / PACKED,
        cache_folder() / f"rulebook-{_stamp(folder)}.msgpack",
    ):
        with suppress(OSError, DecodeError):
            return Decoder(Rulebook).decode(path.read_bytes())
    made = parsed(folder)
    with suppress(OSError):
        _keep(path, packed(made))
    return made


def parsed(folder: Path) -> Rulebook:
    """Read ``folder`` card by card; CardError on a wrong one."""
    from patchlint.adapters.cards import load_cards, load_profiles

    cards = (replace(card, bad=(), good=()) for card in load_cards(folder))
    return Rulebook(tuple(cards), load_profiles(folder))


def packed(book: Rulebook) -> bytes:
    """Return the bytes of a file."""
    return Encoder().encode(book)


def stamp() -> str:
    """Return what changes with our own rules."""
    return _stamp(builtin_cards())


def _stamp(folder: Path) -> str:
    """Return what changes with a card, and with the form of a card."""
    forms = (Card, Options, Example, Profile, Setting)
    lines = [__version__, *(" ".join(form.__struct_fields__) for form in forms)]
    for path in sorted(folder.glob("*/*.toml")):
        state = path.stat()
        lines.append(f"{path} {state.st_size} {state.st_mtime_ns}")
    return sha256("\n".join(lines).encode()).hexdigest()[:32]


def _keep(path: Path, data: bytes) -> None:
    """Write a file, and let go of all but the latest few."""
    replace_file(path, data)
    others = path.parent.glob("rulebook-*.msgpack")
    by_age = sorted(others, key=lambda other: other.stat().st_mtime_ns)
    for old in by_age[:-_KEPT]:
        old.unlink(missing_ok=True)
