# SPDX-License-Identifier: GPL-2.0-or-later
"""Options that settings give to rules, held against what the card has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from patchlint.lint.card import Card, CardError, refuse_endless
from patchlint.lint.options import Options
from patchlint.lint.selection import PROGRAMS, nearest, unknown
from patchlint.lint.settings import Settings, SettingsError
from patchlint.lint.vain import OURS


def overridden(cards: Sequence[Card], settings: Settings) -> tuple[Card, ...]:
    """Return the cards that are to run, with the options that settings give them.

    Raises SettingsError for a word that names no rule, and for an option that no card
    has, or that is of another type there.
    """
    ours = [rule.id for rule in OURS]
    _refuse_unknown(settings, [*(card.id for card in cards), *ours, *PROGRAMS])
    return tuple(
        _with(card, settings.options[card.id], settings)
        if card.id in settings.options
        else card
        for card in cards
    )


def _refuse_unknown(settings: Settings, rules: Sequence[str]) -> None:
    """Raise SettingsError for the first word of the settings that names no rule."""
    for given in settings.given:
        for word in _words_of(given.key, given.value):
            # Only a program itself knows its types; what runs is the whole of it.
            program, is_type, _ = word.partition("/")
            if program in PROGRAMS and is_type and "select" not in given.key[0]:
                continue
            if why := unknown(word, rules):
                raise SettingsError(f"{given.where}: {why}")
    for rule in settings.options:
        if rule not in rules:
            place = _place(settings, rule)
            near = nearest(rule, rules)
            raise SettingsError(f"{place}: options: no rule is called {rule!r}{near}")


def _words_of(key: Sequence[str], value: object) -> Iterable[str]:
    if key[0] in ("select", "ignore", "extend-select", "extend-ignore"):
        return value  # type: ignore[return-value]
    if key[0] == "severity":
        return key[1:]
    if key[0] == "paths":
        return (*value.ignore, *value.severity)  # type: ignore[attr-defined]
    return ()


def _with(card: Card, wanted: Mapping[str, object], settings: Settings) -> Card:
    known = card.options.values
    for name, value in wanted.items():
        place = settings.origin("options", card.id, name)
        where = f"{place}: options: {card.id}: {name}"
        if name not in known:
            raise SettingsError(f"{where}: not an option of it{nearest(name, known)}")
        if not _is_like(value, known[name]):
            raise SettingsError(f"{where}: not {_kind(known[name])}")
        try:
            refuse_endless({name: value}, card.id)
        except CardError as error:
            raise SettingsError(f"{where}: {error}") from error
    return replace(card, options=Options({**known, **wanted}))


def _is_like(value: object, usual: object) -> bool:
    """Say whether a value is of the type that another one has."""
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(usual, bool) and isinstance(value, bool)
    if isinstance(usual, int | float):
        return isinstance(value, int | float)
    if isinstance(usual, list):
        kinds = {type(inner) for inner in usual} or {str}
        return isinstance(value, list) and {type(v) for v in value} <= kinds
    if isinstance(usual, dict):
        known = [*usual.values()]
        return isinstance(value, dict) and all(
            not known or _is_like(inner, known[0]) for inner in value.values()
        )
    return isinstance(value, type(usual))


def _kind(usual: object) -> str:
    names = {bool: "true or false", str: "a string", list: "a list like the card's"}
    names |= {dict: "a table like the card's", int: "a number", float: "a number"}
    return names.get(type(usual), "of the type the card has")


def _place(settings: Settings, rule: str) -> str:
    found = (g.place for g in settings.given if g.key[:2] == ("options", rule))
    return next(found, "")
