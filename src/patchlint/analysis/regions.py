# SPDX-License-Identifier: GPL-2.0-or-later
"""X must not happen between A and B: events inside a region of the control flow.

A forward data-flow analysis over the graph of one function. The state of a block is
where it may be (inside on some path), where it must be (inside on all paths), and
the first event that opened the region; states join by or, and, and first in the
text, so the fixed point is reached after few rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from patchlint.analysis.flow import Block, Event, Graph

Test = Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Region:
    """The events that open and close a region."""

    opens: Test
    closes: Test


@dataclass(frozen=True, slots=True)
class Inside:
    """An event inside the region, on all paths that reach it (``must``) or on some."""

    event: Event
    opened_by: Event
    must: bool


@dataclass(frozen=True, slots=True)
class _State:
    """None for ``opener``: outside on every path."""

    opener: Event | None
    must: bool


_OUTSIDE = _State(None, must=False)


def inside(graph: Graph, region: Region) -> Iterator[Inside]:
    """Yield every event inside the region that is not its own opening, in text order.

    The event that closes the region is still inside: it runs there.
    """
    states = _solve(graph, region)
    found = [
        Inside(event, state.opener, state.must)
        for block, begin in zip(graph.blocks, states, strict=True)
        if begin is not None
        for event, state in _through(block, begin, region)
        if state.opener is not None and not region.opens(event)
    ]
    return iter(sorted(found, key=lambda hit: hit.event.node.span))


def _solve(graph: Graph, region: Region) -> list[_State | None]:
    """Return the state at the start of each block; None where it is never reached."""
    states: list[_State | None] = [None] * len(graph.blocks)
    states[0] = _OUTSIDE
    waiting = [0]
    while waiting:
        number = waiting.pop()
        begin = states[number]
        if begin is None:
            continue
        end = _end(graph.blocks[number], begin, region)
        for successor in graph.blocks[number].successors:
            joined = _join(states[successor], end)
            if joined != states[successor]:
                states[successor] = joined
                waiting.append(successor)
    return states


def _join(known: _State | None, new: _State) -> _State:
    if known is None:
        return new
    openers = [s.opener for s in (known, new) if s.opener is not None]
    first = min(openers, key=lambda event: event.node.span, default=None)
    return _State(first, must=known.must and new.must)


def _end(block: Block, state: _State, region: Region) -> _State:
    for event in block.events:
        state = _step(event, state, region)
    return state


def _through(
    block: Block, state: _State, region: Region
) -> Iterator[tuple[Event, _State]]:
    """Yield each event with the state it runs in."""
    for event in block.events:
        yield event, state
        state = _step(event, state, region)


def _step(event: Event, state: _State, region: Region) -> _State:
    if region.closes(event):
        return _OUTSIDE
    return _State(event, must=True) if region.opens(event) else state
