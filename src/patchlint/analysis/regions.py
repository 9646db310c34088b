# SPDX-License-Identifier: GPL-2.0-or-later
"""X must not happen between A and B: events inside a region of the control flow.

A forward data-flow analysis over the graph of one function. A region may be open for
several keys at once (one for each lock). For each key the state of a block is how
deep it is on the path that is least deep, how deep on the one that is deepest, and
the event that opened it; states join by minimum, maximum and first in the text, so
the fixed point is reached after few rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.flow import Block, Event, Graph
from patchlint.model.location import Span

Key = Callable[[Event], str | None]
Test = Callable[[Event], bool]

# The key of an event that closes whatever is open.
ALL = "*"


class Region(Struct, frozen=True):
    """What opens and closes a region, and for which key; None: an event does not.

    A key that is not open was opened by another name (an alias), so closing it
    closes all. ``depth`` is how far openings nest; 1: the first closing ends the
    region. ``entry`` is an event that opens it before the function begins.
    """

    opens: Key
    closes: Key
    depth: int = 1
    entry: Event | None = None


class Inside(Struct, frozen=True):
    """An event inside the region, on all paths that reach it (``must``) or on some."""

    event: Event
    opened_by: Event
    key: str
    must: bool


class _Held(Struct, frozen=True):
    """One key: least and greatest depth over all paths, and the first opener."""

    opener: Event
    least: int
    greatest: int


_State = Mapping[str, _Held]


def inside(graph: Graph, region: Region) -> Iterator[Inside]:
    """Yield every event inside the region that is not its own opening, in text order.

    The event that closes the region is still inside: it runs there. An event inside
    for several keys is told of for each, the one that is surest and first first.
    """
    found = [
        Inside(event, each.opener, key, must=each.least > 0)
        for event, state in _reached(graph, region)
        if state and region.opens(event) is None
        for key, each in state.items()
    ]
    return iter(sorted(found, key=_order))


def closes_first(graph: Graph, region: Region) -> Event | None:
    """Return an event that closes what the function has not opened, or None.

    One path without the opening is enough: a loop may begin with the closing.
    """
    for event, state in _reached(graph, region):
        key = region.closes(event)
        if event.kind == "leave" or key is None:
            continue
        held = state.get(key)
        if not state or (key != ALL and (held is None or held.least == 0)):
            return event
    return None


def unavoidable(graph: Graph, test: Test) -> Event | None:
    """Return the first event that passes ``test`` if no path gets by without one."""
    first: Event | None = None
    seen, waiting = {0}, [0]
    while waiting:
        block = graph.blocks[waiting.pop()]
        met = next((event for event in block.events if test(event)), None)
        if met is not None:
            if first is None or met.node.span < first.node.span:
                first = met
            continue
        if not block.successors:
            return None
        waiting += [number for number in block.successors if number not in seen]
        seen.update(block.successors)
    return first


def _order(hit: Inside) -> tuple[Span, bool, Span]:
    return hit.event.node.span, not hit.must, hit.opened_by.node.span


def _reached(graph: Graph, region: Region) -> Iterator[tuple[Event, _State]]:
    """Yield each event that control gets to with the state it runs in."""
    for block, begin in zip(graph.blocks, _solve(graph, region), strict=True):
        if begin is not None:
            yield from _through(block, begin, region)


def _solve(graph: Graph, region: Region) -> list[_State | None]:
    """Return the state at the start of each block; None where it is never reached."""
    states: list[_State | None] = [None] * len(graph.blocks)
    states[0] = {} if region.entry is None else {"": _Held(region.entry, 1, 1)}
    waiting = [0]
    while waiting:
        number = waiting.pop()
        end = states[number]
        if end is None:
            continue
        for event in graph.blocks[number].events:
            end = _step(event, end, region)
        for successor in graph.blocks[number].successors:
            joined = _join(states[successor], end)
            if joined != states[successor]:
                states[successor] = joined
                waiting.append(successor)
    return states


def _join(known: _State | None, new: _State) -> _State:
    if known is None:
        return new
    return {
        key: _both(known.get(key), new.get(key))
        for key in dict.fromkeys((*known, *new))
    }


def _both(one: _Held | None, other: _Held | None) -> _Held:
    if one is None or other is None:
        held = one or other
        assert held is not None  # noqa: S101 - a key comes from one of them
        return replace(held, least=0)
    return _Held(
        opener=min(one.opener, other.opener, key=lambda event: event.node.span),
        least=min(one.least, other.least),
        greatest=max(one.greatest, other.greatest),
    )


def _through(
    block: Block, state: _State, region: Region
) -> Iterator[tuple[Event, _State]]:
    """Yield each event with the state it runs in."""
    for event in block.events:
        yield event, state
        state = _step(event, state, region)


def _step(event: Event, state: _State, region: Region) -> _State:
    closed = region.closes(event)
    if closed is not None:
        return _close(event, state, closed)
    opened = region.opens(event)
    if opened is None:
        return state
    return {**state, opened: _open(event, state.get(opened), region.depth)}


def _open(event: Event, held: _Held | None, depth: int) -> _Held:
    if held is None or depth == 1:
        return _Held(event, 1, 1)
    least, greatest = min(held.least + 1, depth), min(held.greatest + 1, depth)
    return _Held(held.opener if held.least else event, least, greatest)


def _close(event: Event, state: _State, key: str) -> _State:
    """Leave a key; a guard leaves its own alone, others may have two names."""
    held = state.get(key)
    if held is None:
        return state if event.kind == "leave" else {}
    others = {name: each for name, each in state.items() if name != key}
    if held.greatest <= 1:
        return others
    less = replace(held, least=max(0, held.least - 1), greatest=held.greatest - 1)
    return {**others, key: less}
