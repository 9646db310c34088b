# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about order: what must not happen between two events of a function."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchlint.analysis import c_file
from patchlint.analysis.arch import is_x86_64
from patchlint.analysis.flow import Event
from patchlint.analysis.flow_build import graph
from patchlint.analysis.regions import Inside, Region, inside
from patchlint.analysis.scope import scope
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Severity, Step
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

Seen = Match | NotChecked
_INLINED = 4


@dataclass(frozen=True, slots=True)
class _Card:
    """The options of a region rule."""

    opens: frozenset[str]
    closes: re.Pattern[str]
    forbidden: re.Pattern[str]
    asm: re.Pattern[str]
    allowed: re.Pattern[str]
    why: str


def forbidden_inside(program: Program, options: Options) -> Iterator[Seen]:
    """Yield each forbidden event between an opening and a closing call.

    On all paths at the severity of the card, on some paths one step lower. A call
    of an inline function of the program counts as what its body does. A local that
    is set from a closing function closes as well.
    """
    card = _Card(
        opens=frozenset(options.words("open")),
        closes=options.pattern("close"),
        forbidden=options.pattern("forbid"),
        asm=options.pattern("forbid_asm"),
        allowed=options.pattern("allow"),
        why=" ".join(options.words("because")),
    )
    for source in program.written_in("c"):
        for item in c_file.functions(source) if is_x86_64(source.path) else ():
            if "0" in item.arms:
                continue
            if any(re.search(rf"\b{name}\s*\(", item.text) for name in card.opens):
                yield from _look(program, source, item, card)


def _look(program: Program, source: Source, item: Item, card: _Card) -> Iterator[Seen]:
    blocks = graph(c_file.tree(source, item))
    closers = _closers(source, item, card)
    region = Region(
        opens=lambda event: event.name in card.opens,
        closes=lambda event: _closes(event.name, closers, card),
    )
    opened = [e.node.span for b in blocks.blocks for e in b.events if region.opens(e)]
    hits = list(inside(blocks, region))
    if opened and any(node.span >= min(opened) for node in blocks.unknown):
        yield NotChecked(f"{item.name}() of {source.path} in C that can be parsed")
        return
    for hit in hits:
        closing = _closes(hit.event.name, closers, card)
        if what := "" if closing else _offence(program, hit.event, card):
            yield _match(source, item, hit, what, card)


def _closers(source: Source, item: Item, card: _Card) -> frozenset[str]:
    """Return the locals of a function that are set from a closing function."""
    return frozenset(
        name
        for name, writes in scope(source, item).writes.items()
        for write in writes
        for node in write.value.walk()
        if node.kind == "identifier" and card.closes.fullmatch(node.text)
    )


def _closes(name: str, closers: frozenset[str], card: _Card) -> bool:
    return name in closers or card.closes.fullmatch(name) is not None


def _offence(program: Program, event: Event, card: _Card) -> str:
    """Return what is wrong with an event, or "" if nothing is."""
    if event.kind == "asm":
        return "this asm" if card.asm.search(event.node.text) else ""
    inner = _forbidden_call(program, event.name, card, _INLINED)
    name = f"{event.name}()" if event.kind == "call" else event.name
    return (
        f"{name}, which calls {inner}()"
        if inner not in ("", event.name)
        else (name if inner else "")
    )


def _forbidden_call(program: Program, name: str, card: _Card, left: int) -> str:
    """Return the forbidden call that a call comes down to, or "".

    Inline functions of the program are looked into, one in another, a few deep.
    """
    if card.allowed.fullmatch(name):
        return ""
    body = _inline_body(program, name) if left else None
    if body is None:
        return name if card.forbidden.fullmatch(name) else ""
    inner = (
        _forbidden_call(program, called, card, left - 1)
        for called, _ in c_file.calls(body)
    )
    return next((found for found in inner if found), "")


def _inline_body(program: Program, name: str) -> Node | None:
    found = c_file.function(program, name)
    if found is None:
        return None
    source, item = found
    head = item.text.partition("{")[0]
    is_inline = re.search(r"\b(?:inline|__always_inline)\b", head)
    return c_file.tree(source, item) if is_inline else None


def _match(source: Source, item: Item, hit: Inside, what: str, card: _Card) -> Match:
    opener = hit.opened_by
    some = "" if hit.must else ", on some paths,"
    return Match(
        where=source.at(hit.event.node.span),
        message=f"{what} runs{some} after {opener.name}(): {card.why}",
        trace=(
            _step(source, opener, "from here on"),
            _step(source, hit.event, "always" if hit.must else "on some paths"),
        ),
        severity=None if hit.must else Severity.WARNING,
        key=f"{item.name}: {what} {opener.name}",
    )


def _step(source: Source, event: Event, note: str) -> Step:
    return Step(source.at(event.node.span), event.node.text.split("\n")[0], note)
