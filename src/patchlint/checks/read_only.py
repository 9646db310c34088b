# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about data that is read-only when the kernel has booted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis import c_file
from patchlint.analysis.scope import scope
from patchlint.analysis.sections import definitions, words
from patchlint.lint.context import Program, Source, tree_of
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InFile, Span
from patchlint.model.symbol import Placed, PlacedUse
from patchlint.series.tree import Tree
from patchlint.syntax.c import Item

Seen = Match | NotChecked

_MARK = "__ro_after_init"


class _Boot(Struct, frozen=True):
    """What tells that code runs while the kernel boots: words before it, fields."""

    words: frozenset[str]
    fields: re.Pattern[str]


def ro_after_init_write(program: Program, options: Options) -> Iterator[Seen]:
    """A function that user space or a device can call writes what is read-only then.

    That a function runs later is only sure where an operations table holds it.
    """
    boot = _Boot(frozenset(options.words("init")), options.pattern("boot_fields"))
    for source in program.written_in("c"):
        if not source.changed:
            continue
        tree = tree_of(program)
        if tree is None:
            yield NotChecked("the definitions in the tree")
            return
        for item in c_file.functions(source):
            yield from _written(program, tree, source, item, boot)


def _written(
    program: Program, tree: Tree, source: Source, item: Item, boot: _Boot
) -> Iterator[Match]:
    span = item.span
    if source.changed.isdisjoint(range(span.line, span.end_line + 1)):
        return
    late = _late(tree, source, item, boot)
    if late is None:
        return
    inner = scope(source, item)
    for name, writes in inner.writes.items():
        target = None if name in inner.types else _read_only(tree, name, source.path)
        for write in writes if target is not None else ():
            if write.node.span.line in source.changed and target is not None:
                where = source.at(write.node.span)
                wrote = Step(where, write.node.text.split("\n")[0], f"in {item.name}()")
                yield _match(program, item.name, wrote, late, target)


def _late(tree: Tree, source: Source, item: Item, boot: _Boot) -> PlacedUse | None:
    """Return the operations table that holds a function, if it is no init code."""
    head = item.text.partition("{")[0]
    if boot.words & set(head.replace("(", " ").split()):
        return None
    for placed in tree.uses(item.name):
        role = placed.use.role
        held_here = placed.path == source.path and role[:1] == "."
        if boot.fields.fullmatch(role[1:]):
            continue
        tables = definitions(tree, placed.use.holder, placed.path) if held_here else ()
        if any(not words(table.symbol) & boot.words for table in tables):
            return placed
    return None


def _read_only(tree: Tree, name: str, path: str) -> Placed | None:
    meant = definitions(tree, name, path)
    is_certain = meant and all(_MARK in words(placed.symbol) for placed in meant)
    return meant[0] if is_certain else None


def _match(
    program: Program, function: str, wrote: Step, late: PlacedUse, target: Placed
) -> Match:
    table = f"{late.use.role} of {late.use.holder}"
    return Match(
        where=wrote.where,
        message=(
            f"{target.symbol.name} is {_MARK}, and {function}() runs after boot "
            f"({table}): this write faults."
        ),
        trace=(
            wrote,
            Step(_place(program, late.path, late.use.line), table, "called after boot"),
            Step(
                _place(program, target.path, target.symbol.line),
                target.symbol.text,
                "read-only when the kernel has booted",
            ),
        ),
        key=f"{function} {target.symbol.name}",
    )


def _place(program: Program, path: str, line: int) -> InFile:
    return InFile(path, program.side, Span(line))
