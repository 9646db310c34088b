# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about what one patch of a posting promises and another one keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchlint.analysis.arch import can_mean
from patchlint.analysis.config_asked import asked_in
from patchlint.analysis.macro_names import made_by_macro, pasted
from patchlint.analysis.series_build import build
from patchlint.analysis.series_calls import Turn, calls, heads
from patchlint.analysis.series_names import Defined, names
from patchlint.analysis.series_rows import by_patch, pieces
from patchlint.lint.context import SeriesContext, tree_of
from patchlint.lint.options import Options
from patchlint.model.change import Kind
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InFile, Side, Span
from patchlint.model.symbol import Placed, SymbolKind

Seen = Match | NotChecked


def config_before_defined(
    context: SeriesContext,
    options: Options,  # noqa: ARG001
) -> Iterator[Match]:
    """A patch asks for a symbol that a later one brings: until then it is not set."""
    symbols = build(context).symbols
    told: set[str] = set()
    for number, patch in enumerate(context.series.patches):
        for name, line, path in asked_in(patch, Kind.ADDED):
            known = symbols.get(name)
            if known is None or known.patch <= number or name in told:
                continue
            if _is_elsewhere(context, name, path, known.path):
                continue
            told.add(name)
            column = line.text.index(name) + 1
            span = Span(line.new or 1, column, line.new or 1, column + len(name))
            where = InFile(path, Side.NEW, span)
            later = context.series.patches[known.patch].position
            yield Match(
                where=where,
                message=(
                    f"{name} is asked for here and comes in patch {later}: until then "
                    "what it guards is not built."
                ),
                trace=(Step(where, line.text.strip(), "asks for it"),),
                key=name,
                message_id=patch.message.message_id,
            )


def _is_elsewhere(context: SeriesContext, name: str, path: str, home: str) -> bool:
    """Say whether another Kconfig file may have the symbol already.

    Architectures define the same ones, and each new one its own.
    """
    folder = "/".join(home.split("/")[:2])
    if home.startswith("arch/") and not path.startswith(f"{folder}/"):
        return True
    tree = tree_of(context.patches[0].before)
    found = () if tree is None else tree.symbols(name)
    return any(
        p.symbol.kind is SymbolKind.CONFIG and not p.path.startswith("arch/")
        for p in found
    )


def declared_never_defined(context: SeriesContext, options: Options) -> Iterator[Seen]:
    """A prototype comes for which there is no function, in the posting or the tree."""
    found = names(context)
    known = context.facts.of_one(pasted, pieces(context))
    special = options.pattern("special")
    open_ends = [
        group[0]
        for name, group in found.declared.items()
        if group[0].symbol.kind is SymbolKind.PROTOTYPE
        and name not in found.defined
        and name not in found.old
        and not special.match(name)
        and not made_by_macro(name, group[0].row.path, known)
    ]
    if not open_ends:
        return
    tree = tree_of(context.patches[-1].after)
    if tree is None:
        yield NotChecked("the definitions of the tree, for new prototypes")
        return
    for declared in open_ends:
        name, path = declared.symbol.name, declared.row.path
        others = [p for p in tree.symbols(name) if p.path != path]
        if tree.covers(path) and not others and _is_only_declared(tree.symbols(name)):
            yield _undefined(context, declared)


def _is_only_declared(placed: Iterable[Placed]) -> bool:
    return all(p.symbol.kind is SymbolKind.PROTOTYPE for p in placed)


def _undefined(context: SeriesContext, declared: Defined) -> Match:
    row, name = declared.row, declared.symbol.name
    where = row.at(1, len(row.line.text))
    return Match(
        where=where,
        message=(
            f"{name}() is declared here, and nothing in the series or the tree "
            "defines it."
        ),
        trace=(Step(where, row.line.text.strip(), "declared"),),
        key=name,
        message_id=context.series.patches[row.patch].message.message_id,
    )


def callers_apart(context: SeriesContext, options: Options) -> Iterator[Match]:
    """A function gets other parameters in one patch, and its callers in another."""
    apart = options.some_pattern("skip_paths")
    groups = by_patch(pieces(context))
    changed: dict[str, list[Turn]] = {}
    for group in groups.values():
        for turn in heads(group):
            changed.setdefault(turn.name, []).append(turn)
    if not changed:
        return
    wanted = frozenset(changed)
    told: set[str] = set()
    for group in groups.values():
        for call in calls(group, wanted):
            head = _odd(call, changed[call.name])
            if head and call.name not in told and not apart.match(call.row.path):
                told.add(call.name)
                yield _apart(context, head, call)


def _odd(call: Turn, turns: list[Turn]) -> Turn | None:
    """Return the one change of the head that a call follows in another patch."""
    if len({(turn.was, turn.now, turn.row.patch) for turn in turns}) != 1:
        return None
    head = turns[0]
    alike = (head.was, head.now) == (call.was, call.now)
    is_meant = any(can_mean(call.row.path, turn.row.path) for turn in turns)
    return head if alike and is_meant and head.row.patch != call.row.patch else None


def _apart(context: SeriesContext, head: Turn, call: Turn) -> Match:
    first, later = sorted((head, call), key=lambda turn: turn.row.patch)
    patches = context.series.patches
    behind = patches[later.row.patch].position
    where = first.row.at(1, len(first.row.line.text))
    if first is head:
        text = (
            f"{head.name}() takes {head.now} arguments from here on, and "
            f"{call.row.path} gives it {head.was} until patch {behind}: the patches "
            "between do not build."
        )
    else:
        text = (
            f"{head.name}() is given {call.now} arguments here, and takes {call.was} "
            f"until patch {behind}: the patches between do not build."
        )
    other = later.row.at(1, len(later.row.line.text))
    return Match(
        where=where,
        message=text,
        trace=(
            Step(where, first.row.line.text.strip(), "changed here"),
            Step(other, later.row.line.text.strip(), f"changed in patch {behind}"),
        ),
        key=re.sub(r"\W", "", head.name),
        message_id=patches[first.row.patch].message.message_id,
    )
