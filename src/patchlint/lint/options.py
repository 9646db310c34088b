# SPDX-License-Identifier: GPL-2.0-or-later
"""The knobs of a rule, read with their types."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

NOTHING = re.compile(r"(?!)")
"""The pattern that fits no text."""


class OptionError(ValueError):
    """An option is missing or of the wrong type; the text names its key."""


class Options(Struct, frozen=True, eq=False):
    """The ``[options]`` table of a card."""

    values: Mapping[str, object] = field(default_factory=dict)
    # Rules ask for the same ones at every mail; the values never change.
    _words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)
    _tables: dict[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def number(self, key: str) -> float:
        """Return a number."""
        value = self.values.get(key)
        if not isinstance(value, int | float):
            raise OptionError(f"options: {key}: not a number")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of strings."""
        if (known := self._words.get(key)) is not None:
            return known
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise OptionError(f"options: {key}: not a list of strings")
        return self._words.setdefault(key, tuple(value))

    def table(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Return a table of lists of strings, in the order of the card."""
        if (known := self._tables.get(key)) is not None:
            return known
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise OptionError(f"options: {key}: not a table")
        made = {name: Options(value).words(name) for name in value}
        return self._tables.setdefault(key, made)

    def pattern(self, key: str) -> re.Pattern[str]:
        """Return a list of regular expressions as one: any of them."""
        if (known := self._patterns.get(key)) is not None:
            return known
        try:
            made = re.compile("|".join(f"(?:{word})" for word in self.words(key)))
        except re.error as error:
            raise OptionError(f"options: {key}: {error}") from error
        return self._patterns.setdefault(key, made)

    def text(self, key: str, otherwise: str) -> str:
        """Return a string the card may leave out."""
        value = self.values.get(key, otherwise)
        if not isinstance(value, str):
            raise OptionError(f"options: {key}: not a string")
        return value

    def some_words(self, key: str) -> tuple[str, ...]:
        """Return a list of strings the card may leave out."""
        return self.words(key) if key in self.values else ()

    def some_pattern(self, key: str) -> re.Pattern[str]:
        """Return a list of regular expressions as one; left out, it fits nothing."""
        return self.pattern(key) if self.some_words(key) else NOTHING
