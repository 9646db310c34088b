# SPDX-License-Identifier: GPL-2.0-or-later
"""The options of a rule about a region, and the tests on events they stand for.

============  ======================================================================
option        what it says
============  ======================================================================
open          calls that open the region; ``open_if``: where they are true
open_entry    words before a function's name that open it at its beginning; ``*``: all
guards        classes of guard() and scoped_guard() that open it
close         calls that close it (patterns); of the same key, if there is one
drop          calls that close all keys at once: what a callee may give back
key           ``text``: the first argument tells regions apart; ``object``: what it is
              a member of
depth         how far openings nest (1)
outside       ``yes``: the region is what comes before the first opening instead
arch          only files that can be part of a kernel for it
not_in        functions that are left alone, by name (patterns)
unless        words of a function that tell of what is out of sight: it is left alone
============  ======================================================================
"""

from __future__ import annotations

import re

from msgspec import Struct

from patchlint.analysis import c_file
from patchlint.analysis.arch import fits
from patchlint.analysis.c_file import arguments
from patchlint.analysis.flow import Event
from patchlint.analysis.flow_nodes import declared
from patchlint.analysis.regions import ALL, Region
from patchlint.lint.context import Source
from patchlint.lint.options import Options
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_LAST_MEMBER = re.compile(r"(?:->|\.)\w+\Z")
_GUARDS = frozenset(("guard", "scoped_guard"))
_ROOT = re.compile(r"[A-Za-z_]\w*")


class RegionCard(Struct, frozen=True):
    """What opens and closes the region of a rule, and where it is looked for."""

    opens: frozenset[str]
    opens_if: frozenset[str]
    entry: frozenset[str]
    guards: frozenset[str]
    closes: re.Pattern[str]
    drops: re.Pattern[str]
    key: str
    depth: int
    outside: bool
    arch: str
    not_in: re.Pattern[str]
    unless: frozenset[str]


def region_card(options: Options, prefix: str = "") -> RegionCard:
    """Read the options of one region; ``prefix`` stands before each of its keys."""
    return RegionCard(
        opens=frozenset(options.some_words(f"{prefix}open")),
        opens_if=frozenset(options.some_words(f"{prefix}open_if")),
        entry=frozenset(options.some_words(f"{prefix}open_entry")),
        guards=frozenset(options.some_words(f"{prefix}guards")),
        closes=options.some_pattern(f"{prefix}close"),
        drops=options.some_pattern(f"{prefix}drop"),
        key=options.text(f"{prefix}key", ""),
        depth=int(options.number("depth")) if "depth" in options.values else 1,
        outside=options.text(f"{prefix}outside", "no") == "yes",
        arch=options.text("arch", ""),
        not_in=options.some_pattern("not_in"),
        unless=frozenset(options.some_words("unless")),
    )


def concerns(card: RegionCard, source: Source, item: Item) -> bool:
    """Say, at a glance, whether a function may have the region."""
    if "0" in item.arms or not fits(source.path, card.arch):
        return False
    words = c_file.words(source, item)
    opened = card.opens & words or card.opens_if & words
    if not opened and words & _GUARDS:
        opened = card.guards & words
    if not (opened or card.outside or is_entered(card, source, item)):
        return False
    return not (card.unless & words or card.not_in.fullmatch(item.name))


def is_entered(card: RegionCard, source: Source, item: Item) -> bool:
    """Say whether a function is in the region from its beginning."""
    if card.outside or not card.entry:
        return card.outside
    return "*" in card.entry or not card.entry.isdisjoint(c_file.marks(source, item))


def region(
    card: RegionCard,
    function: Node,
    given_back: frozenset[str] = frozenset(),
    *,
    entered: bool = False,
) -> Region:
    """Return the region of a card in one function.

    ``given_back`` are calls that close it all, because of what their bodies do. A
    local that is set from a closing function closes as well. ``entered``: it is open
    from the beginning.
    """
    test = _Tests(card, _locals_that_close(function, card) | given_back)
    entry = Event("entry", _name(function), function)
    if card.outside:
        return Region(_never, test.opens_any, entry=entry)
    return Region(test.opens, test.closes, card.depth, entry if entered else None)


class _Tests:
    """Which events open and close; what a name does is asked of the patterns once."""

    def __init__(self, card: RegionCard, dropping: frozenset[str]) -> None:
        self._card, self._dropping = card, dropping
        self._closing: dict[str, bool] = {}

    def opens(self, event: Event) -> str | None:
        """Return the key an event opens."""
        names = _OPENERS.get(event.kind)
        opened = names is not None and event.name in getattr(self._card, names)
        return key_of(event, self._card) if opened else None

    def opens_any(self, event: Event) -> str | None:
        """Return ALL where an event opens, whatever its key."""
        return None if self.opens(event) is None else ALL

    def closes(self, event: Event) -> str | None:
        """Return the key an event closes."""
        card = self._card
        if event.kind in ("set", "store"):
            return _overwritten(event, card)
        if event.kind == "leave":
            return key_of(event, card) if event.name in card.guards else None
        if event.kind != "call":
            return None
        if event.name not in self._closing:
            self._closing[event.name] = card.closes.fullmatch(event.name) is not None
        if self._closing[event.name]:
            return key_of(event, card)
        dropped = event.name in self._dropping or card.drops.fullmatch(event.name)
        return ALL if dropped else None


def _never(_: Event) -> None:
    return None


_OPENERS = {"call": "opens", "held": "opens_if", "guard": "guards"}


def key_of(event: Event, card: RegionCard) -> str:
    """Return what tells the region of an event from others; "" if nothing does."""
    given = arguments(event.node) if card.key else ()
    if not given:
        return ""
    text = " ".join(given[0].text.split())
    if card.key == "object" and text.startswith("&"):
        return _LAST_MEMBER.sub("", text[1:])
    return text


def watched(card: RegionCard, function: Node) -> frozenset[str]:
    """Return the names whose writing ends a region: the roots of its objects."""
    if card.key != "object":
        return frozenset()
    return frozenset(
        root[0]
        for name, call in c_file.calls(function)
        if name in card.opens
        and (root := _ROOT.search(key_of(Event("call", name, call), card)))
    )


def _overwritten(event: Event, card: RegionCard) -> str | None:
    """Another object has the name from here on."""
    if card.key != "object":
        return None
    return ALL if event.kind == "set" else event.name


def _locals_that_close(function: Node, card: RegionCard) -> frozenset[str]:
    """Return the locals of a function that are set from a closing function."""
    words = frozenset(_ROOT.findall(function.text))
    values = {
        word
        for word in words
        if card.closes.fullmatch(word)
        and re.search(rf"\b{word}\b(?!\s*\()", function.text)
    }
    if not values:
        return frozenset()
    return frozenset(
        name.text
        for node in function.walk()
        if node.kind in ("assignment_expression", "init_declarator")
        and (name := node.child("left") or declared(node)) is not None
        and values & frozenset(_ROOT.findall(node.text))
    )


def _name(function: Node) -> str:
    declarator = function.child("declarator")
    name = None if declarator is None else declared(declarator)
    return "" if name is None else name.text
