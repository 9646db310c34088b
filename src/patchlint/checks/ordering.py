# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about order: what must not happen between two events of a function."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from patchlint.analysis import c_file
from patchlint.analysis.callers import may_be_entered_inside
from patchlint.analysis.flow import Event, Graph
from patchlint.analysis.flow_build import watching
from patchlint.analysis.forbidden import (
    Forbidden,
    Offence,
    forbidden,
    may_offend,
    offence,
    speaks_of,
)
from patchlint.analysis.region_options import (
    RegionCard,
    concerns,
    is_entered,
    key_of,
    region,
    region_card,
    watched,
)
from patchlint.analysis.regions import Inside, Region, closes_first, inside
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Severity, Step
from patchlint.syntax.c import Item

Seen = Match | NotChecked
_DEEP = 4
_SAY = "{what} runs{some} after {opener}: {why}"


def forbidden_inside(program: Program, options: Options) -> Iterator[Seen]:
    """Yield each forbidden event between an opening and a closing call.

    The options of the region are in analysis/region_options.py, those of what is
    forbidden in it in analysis/forbidden.py. On all paths at the severity of the card;
    on some paths at the severity ``may`` ("warning"), which may be "silent". ``same``:
    only where both speak of one object. ``say`` is the message, ``opened`` and ``met``
    the notes of the two steps of the proof.
    """
    card, banned = region_card(options), forbidden(options)
    for source in program.written_in("c"):
        for item in c_file.functions(source):
            if not concerns(card, source, item):
                continue
            # What stands outside depends on the callers, wherever they are.
            if not (card.outside or c_file.is_concerned(program, item)):
                continue
            words = c_file.words(source, item)
            if card.outside and not speaks_of(words, banned):
                continue
            if card.outside or may_offend(program, item, words, banned):
                yield from _Look(program, source, item, options).run(card, banned)


class _Look:
    """One function under one card."""

    def __init__(
        self, program: Program, source: Source, item: Item, options: Options
    ) -> None:
        self._program, self._source, self._item = program, source, item
        self._options = options

    def run(self, card: RegionCard, banned: Forbidden) -> Iterator[Seen]:
        """Look for what is forbidden, and again with what callees give back."""
        function = c_file.tree(self._source, self._item)
        graph = self._source.facts.of(watching, (function, watched(card, function)))
        entered = is_entered(card, self._source, self._item)
        limits = region(card, function, entered=entered)
        found = list(self._found(graph, limits, card, banned))
        if self._unreadable(graph, limits):
            yield NotChecked(
                f"{self._item.name}() of {self._source.path} in C that can be parsed"
            )
            return
        if found and (given_back := self._given_back(graph, card)):
            limits = region(card, function, given_back, entered=entered)
            found = list(self._found(graph, limits, card, banned))
        told = found[:1] if card.outside else found
        if told and self._may_be_pinned(card):
            return
        yield from (self._match(hit, what) for hit, what in told)

    def _found(
        self, graph: Graph, limits: Region, card: RegionCard, banned: Forbidden
    ) -> Iterator[tuple[Inside, Offence]]:
        same = self._options.text("same", "no") == "yes"
        silent = self._options.text("may", "warning") == "silent"
        for _, hits in groupby(inside(graph, limits), key=lambda hit: id(hit.event)):
            hit = next(
                (h for h in hits if not same or h.key == key_of(h.event, card)), None
            )
            if hit is None or (silent and not hit.must):
                continue
            if limits.closes(hit.event) is not None:
                continue
            if what := offence(self._program, hit.event, banned):
                yield hit, what

    def _unreadable(self, graph: Graph, limits: Region) -> bool:
        """Say whether there is anything unknown below the first opening."""
        if not graph.unknown or not self._source.changed.intersection(
            range(self._item.span.line, self._item.span.end_line + 1)
        ):
            return False
        opened = [
            event.node.span
            for block in graph.blocks
            for event in block.events
            if limits.opens(event) is not None
        ]
        if limits.entry is not None:
            opened.append(limits.entry.node.span)
        return bool(opened) and any(n.span >= min(opened) for n in graph.unknown)

    def _may_be_pinned(self, card: RegionCard) -> bool:
        if self._options.text("callers", "any") != "known":
            return False
        return may_be_entered_inside(self._program, self._item, card)

    def _given_back(self, graph: Graph, card: RegionCard) -> frozenset[str]:
        """Return the callees whose bodies close what they have not opened."""
        return frozenset(
            name
            for name in _called(graph)
            if _gives_back(self._program, name, card, _DEEP)
        )

    def _match(self, hit: Inside, what: Offence) -> Match:
        opener, options = hit.opened_by, self._options
        some = "" if hit.must else ", on some paths,"
        name = f"{opener.name}()" if opener.kind != "entry" else opener.name
        words = {
            "what": what.text, "some": some, "opener": name, "key": hit.key,
            "line": opener.node.span.line, "function": self._item.name,
            "why": " ".join(options.some_words("because")),
        }  # fmt: skip
        may = options.text("may", "warning")
        return Match(
            where=self._source.at(hit.event.node.span),
            message=options.text("say", _SAY).format_map(words),
            trace=(
                _step(self._source, opener, options.text("opened", "from here on")),
                _step(self._source, hit.event, self._note(hit)),
                *what.trace,
            ),
            severity=None if hit.must else Severity[may.upper()],
            key=f"{self._item.name}: {what.text} {opener.name}",
        )

    def _note(self, hit: Inside) -> str:
        always = self._options.text("met", "always")
        return always if hit.must else "on some paths"


def _called(graph: Graph) -> tuple[str, ...]:
    events = (event for block in graph.blocks for event in block.events)
    return tuple(dict.fromkeys(event.name for event in events if event.kind == "call"))


def _gives_back(program: Program, name: str, card: RegionCard, left: int) -> bool:
    """Say whether a function of the program, or one it calls, closes the caller's."""
    known = c_file.function(program, name) if left else None
    if known is None:
        return False
    source, item = known
    if "__releases" in item.text.partition("{")[0]:
        return True
    function = c_file.tree(source, item)
    graph = source.facts.of(watching, (function, watched(card, function)))
    if closes_first(graph, region(card, function)) is not None:
        return True
    return any(_gives_back(program, n, card, left - 1) for n in _called(graph))


def _step(source: Source, event: Event, note: str) -> Step:
    return Step(source.at(event.node.span), event.node.text.split("\n")[0], note)
