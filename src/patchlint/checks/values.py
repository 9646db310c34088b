# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about a value read on one side of an event and used on the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis import c_file
from patchlint.analysis.flow import Event, Graph
from patchlint.analysis.flow_build import watching
from patchlint.analysis.flow_nodes import declared
from patchlint.analysis.region_options import RegionCard, concerns, region, region_card
from patchlint.analysis.regions import ALL, Inside, Key, Region, Test, inside
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

Seen = Match | NotChecked
_SAY = "{name} comes from {source}() in line {line}, before {trigger}()"
_WRAPPED = frozenset(("cast_expression", "parenthesized_expression"))
_USES = frozenset(("field_expression", "subscript_expression", "argument_list"))


def value_across(program: Program, options: Options) -> Iterator[Seen]:
    """Yield the first use of a local behind an event that its value does not survive.

    ``source`` are the calls that give the value. ``taken`` "inside" the region of the
    card: it is used after the region is closed; ``taken`` "outside": it is used in a
    region that is opened later. Only where all paths agree, so that nothing is told
    of a value that another path renews. ``uses`` "through": only where the value is
    dereferenced or handed on. What is never used inside the region was not pinned for
    its use: one instance was wanted, and any would do. Nor is a region looked at that
    is never closed: who opens it for good has callers that prepared the end.
    """
    card, sources = region_card(options), options.pattern("source")
    for source in program.written_in("c"):
        for item in c_file.functions(source):
            words = c_file.words(source, item)
            if not (
                concerns(card, source, item) and c_file.is_concerned(program, item)
            ):
                continue
            if any(sources.fullmatch(w) or sources.fullmatch(f"&{w}") for w in words):
                yield from _look(source, item, card, options)


def _look(
    source: Source, item: Item, card: RegionCard, options: Options
) -> Iterator[Seen]:
    function, sources = c_file.tree(source, item), options.pattern("source")
    given = _given(function, sources)
    if not given:
        return
    graph = source.facts.of(watching, (function, frozenset(given)))
    if graph.unknown:
        changed = range(item.span.line, item.span.end_line + 1)
        if source.changed.intersection(changed):
            where = f"{item.name}() of {source.path}"
            yield NotChecked(f"{where} in C that can be parsed")
        return
    used = _through(function) if options.text("uses", "all") == "through" else None
    pins = _Pins(graph, region(card, function))
    for name in sorted(given):
        after = options.text("taken", "inside") == "inside"
        found = _across(graph, pins, name, sources, after=after)
        hit = next((h for h in found if used is None or id(h.event.node) in used), None)
        if hit is not None:
            yield _match(source, item, hit, options, _taken(graph, hit, sources))


class _Pins:
    """The region, and the events in it on some and on all paths, by identity."""

    def __init__(self, graph: Graph, limits: Region) -> None:
        found = list(inside(graph, limits))
        self.limits = limits
        self.some = {id(hit.event) for hit in found}
        self.all = {id(hit.event) for hit in found if hit.must}

    def closes(self, event: Event) -> bool:
        """Say whether an event is what closes the region, by its own name."""
        return self.limits.closes(event) not in (None, ALL)

    def opens(self, event: Event) -> bool:
        """Say whether an event opens the region, or opens it once more."""
        return self.limits.opens(event) is not None


def _across(
    graph: Graph, pins: _Pins, name: str, sources: re.Pattern[str], *, after: bool
) -> Iterator[Inside]:
    """Yield the uses of a name on the other side of where it was taken."""

    def taken(event: Event) -> bool:
        if event.kind != "set" or event.name != name or not _source(event, sources):
            return False
        return id(event) in pins.all if after else id(event) not in pins.some

    live = _must(
        graph, Region(_key(taken), _key(lambda e: _sets(e, name) and not taken(e)))
    )
    events = [event for block in graph.blocks for event in block.events]
    released = any(pins.closes(event) for event in events)
    worked = any(
        event.kind == "name" and event.name == name and id(event) in pins.some
        for event in events
    )

    def crosses(event: Event) -> bool:
        if after:
            return worked and pins.closes(event)
        return pins.opens(event) and released and not _about(event, name)

    beyond = Region(
        opens=_key(lambda e: id(e) in live and crosses(e)),
        closes=_key(lambda e: _sets(e, name) or (not after and pins.closes(e))),
    )
    for hit in inside(graph, beyond):
        event = hit.event
        if not hit.must or event.kind != "name" or event.name != name:
            continue
        if id(event) not in pins.some if after else id(event) in pins.all:
            yield hit


def _about(event: Event, name: str) -> bool:
    """Say whether an opening is about the value itself: a lock that is in it."""
    return re.search(rf"\b{name}\b", event.node.text) is not None


def _must(graph: Graph, limits: Region) -> set[int]:
    return {id(hit.event) for hit in inside(graph, limits) if hit.must}


def _key(test: Test) -> Key:
    return lambda event: "" if test(event) else None


def _sets(event: Event, name: str) -> bool:
    return event.kind == "set" and event.name == name


def _given(function: Node, sources: re.Pattern[str]) -> frozenset[str]:
    """Return the locals that are set from a source somewhere."""
    return frozenset(
        name.text
        for node in function.walk()
        if (value := _value(node)) is not None
        and sources.fullmatch(_callee(value))
        and (name := node.child("left") or declared(node)) is not None
        and name.kind == "identifier"
    )


def _value(node: Node) -> Node | None:
    """Return the value of an assignment or an initialisation, without its casts."""
    if node.kind not in ("assignment_expression", "init_declarator"):
        return None
    value = node.child("right") or node.child("value")
    while value is not None and value.kind in _WRAPPED:
        value = value.children[-1] if value.children else None
    return value


def _callee(value: Node) -> str:
    """Return what is called; ``&f`` for the address of what a call stands for."""
    if value.kind == "pointer_expression" and value.text[:1] == "&":
        argument = value.child("argument")
        inner = _callee(argument) if argument is not None else ""
        return f"&{inner}" if inner else ""
    callee = value.child("function")
    return "" if callee is None else callee.text


def _source(event: Event, sources: re.Pattern[str]) -> str:
    """Return the call that gives the value of a set event, or ""."""
    value = _value(event.node)
    name = "" if value is None else _callee(value)
    return name if sources.fullmatch(name) else ""


def _through(function: Node) -> frozenset[int]:
    """Return the nodes that are dereferenced, indexed or handed to a call.

    ``&p->lock`` is not counted: what is taken by its address looks after itself.
    """
    used: set[int] = set()
    addressed: set[int] = set()
    for node in function.walk():
        if node.kind in _USES or node.kind == "pointer_expression":
            used |= {id(n) for n in node.children if n.kind == "identifier"}
        if node.kind == "pointer_expression" and node.text[0] == "&":
            addressed.add(id(_root(node)))
    return frozenset(used - addressed)


def _root(node: Node) -> Node:
    """Return what the members of an expression are members of."""
    inner = node.child("argument")
    while inner is not None:
        node, inner = inner, inner.child("argument")
    return node


def _taken(graph: Graph, hit: Inside, sources: re.Pattern[str]) -> Event:
    """Return the last place before the crossing, in the text, that gave the value."""
    events = [e for block in graph.blocks for e in block.events]
    given = [e for e in events if _sets(e, hit.event.name) and _source(e, sources)]
    before = [e for e in given if e.node.span < hit.opened_by.node.span]
    return max(before or given, key=lambda event: event.node.span)


def _match(
    source: Source, item: Item, hit: Inside, options: Options, taken: Event
) -> Match:
    origin = _source(taken, options.pattern("source"))
    words = {
        "name": hit.event.name, "source": origin, "line": taken.node.span.line,
        "trigger": hit.opened_by.name, "behind": hit.opened_by.node.span.line,
    }  # fmt: skip
    steps = (
        (taken, f"from {origin}()"),
        (hit.opened_by, options.text("opened", "between the two")),
        (hit.event, options.text("met", "used here")),
    )
    return Match(
        where=source.at(hit.event.node.span),
        message=options.text("say", _SAY).format_map(words),
        trace=tuple(
            Step(source.at(e.node.span), e.node.text.split("\n")[0], note)
            for e, note in steps
        ),
        key=f"{item.name}: {hit.event.name} {origin} {hit.opened_by.name}",
    )
