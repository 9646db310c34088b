# SPDX-License-Identifier: GPL-2.0-or-later
"""Blocks while they are being built: jumps, and the guards that they leave."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from patchlint.analysis.flow import Block, Event, Graph
from patchlint.syntax.node import Node


class _Draft(Struct):
    """A block while it is being built."""

    events: list[Event] = field(default_factory=list)
    successors: list[int] = field(default_factory=list)


class Target(Struct, frozen=True):
    """A block a jump goes to, and the guards that are held there."""

    block: int
    guards: tuple[Event, ...]


class _Jumps(Struct):
    """Where break and continue go, and the switch that case labels belong to."""

    breaks: list[Target] = field(default_factory=list)
    continues: list[Target] = field(default_factory=list)
    switches: list[int] = field(default_factory=list)
    labels: dict[str, Target] = field(default_factory=dict)
    gotos: list[tuple[Target, Node]] = field(default_factory=list)


class Draft:
    """A graph that grows block by block.

    ``jumps`` and ``guards`` are those of the place that is being read.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.drafts: list[_Draft] = []
        self.jumps = _Jumps()
        self.guards: tuple[Event, ...] = ()
        self.unknown: list[Node] = []

    def graph(self) -> Graph:
        """Join the gotos to their labels and freeze."""
        for origin, label in self.jumps.gotos:
            if label.text in self.jumps.labels:
                self.jump(origin, self.jumps.labels[label.text])
            else:
                self.unknown.append(label)
        blocks = (
            Block(tuple(d.events), tuple(dict.fromkeys(d.successors)))
            for d in self.drafts
        )
        return Graph(tuple(blocks), tuple(self.unknown))

    def block(self, *before: int | None) -> int:
        """Begin a block that follows ``before``."""
        self.drafts.append(_Draft())
        number = len(self.drafts) - 1
        for block in before:
            self.link(block, number)
        return number

    def jump(self, origin: Target, target: Target) -> None:
        """Join two blocks; the guards that are not held at the target are left."""
        block: int | None = origin.block
        if any(guard not in target.guards for guard in origin.guards):
            block = self.block(block)
            self.emit_leaves(block, origin.guards, target.guards)
        self.link(block, target.block)

    def release(self, at: int | None, held: tuple[Event, ...]) -> int | None:
        """Leave the guards of a scope that control falls out of."""
        if at is not None:
            self.emit_leaves(at, held, self.guards)
        return at

    def emit_leaves(
        self, at: int, held: tuple[Event, ...], kept: tuple[Event, ...]
    ) -> None:
        """Leave the guards of ``held`` that are not ``kept``, the last one first."""
        for guard in reversed(held):
            if guard not in kept:
                self.emit(at, "leave", guard.name, guard.node)

    def emit(self, at: int, kind: str, name: str, node: Node) -> Event:
        """Add an event to a block."""
        event = Event(kind, name, node)
        self.drafts[at].events.append(event)
        return event

    def join(self, ends: Iterable[int | None]) -> int | None:
        """Begin a block where several end; None if none is reached."""
        reached = [end for end in ends if end is not None]
        return self.block(*reached) if reached else None

    def link(self, before: int | None, after: int) -> None:
        """Let one block follow another."""
        if before is not None:
            self.drafts[before].successors.append(after)

    def goto_later(self, at: int, label: Node) -> None:
        """A goto is joined to its label when all labels are known."""
        self.jumps.gotos.append((Target(at, self.guards), label))

    def leave_for(self, at: int | None, targets: list[Target]) -> None:
        """Go to the innermost of ``targets``."""
        if at is not None and targets:
            self.jump(Target(at, self.guards), targets[-1])
