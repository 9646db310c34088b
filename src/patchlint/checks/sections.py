# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about sections: code and data that is thrown away, or made read-only."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.sections import (
    definitions,
    file_facts,
    functions,
    outlives,
    words,
)
from patchlint.lint.context import Program, Source, tree_of
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InFile, Span
from patchlint.model.symbol import Placed, Symbol, Use
from patchlint.series.tree import Tree

Seen = Match | NotChecked


class _Words(Struct, frozen=True):
    """The attributes that throw away, and those of code that may refer to such."""

    thrown: frozenset[str]
    excused: frozenset[str]


def init_reference(program: Program, options: Options) -> Iterator[Seen]:
    """Code that stays refers to code or data that is thrown away after boot."""
    known = _Words(
        frozenset(options.words("thrown_away")), frozenset(options.words("excused"))
    )
    for source in program.written_in("c"):
        if source.changed and (tree := tree_of(program)) is not None:
            yield from _by_use(program, tree, source, known)
            yield from _by_definition(program, tree, source, known)
        elif source.changed:
            yield NotChecked("the definitions in the tree")


def _by_use(
    program: Program, tree: Tree, source: Source, known: _Words
) -> Iterator[Match]:
    """Yield what changed lines of functions that stay refer to."""
    facts = file_facts(source)
    holders = {symbol.name: symbol for symbol in functions(facts)}
    for use in facts.uses:
        holder = holders.get(use.holder)
        if holder is None or use.line not in source.changed or use.role.isupper():
            continue
        target = _thrown(tree, use.name, source.path, known)
        if target is not None and _stays(tree, Placed(source.path, holder), known):
            yield _match(program, source.path, use, holder, target)


def _by_definition(
    program: Program, tree: Tree, source: Source, known: _Words
) -> Iterator[Match]:
    """Yield who refers to a definition that a changed line throws away."""
    for symbol in file_facts(source).symbols:
        if symbol.line not in source.changed or not words(symbol) & known.thrown:
            continue
        target = _thrown(tree, symbol.name, source.path, known)
        if target is not None:
            yield from _users(program, tree, target, known)


def _users(
    program: Program, tree: Tree, target: Placed, known: _Words
) -> Iterator[Match]:
    for placed in tree.uses(target.symbol.name):
        if _thrown(tree, target.symbol.name, placed.path, known) != target:
            continue
        if placed.use.role.isupper():
            continue
        for holder in definitions(tree, placed.use.holder, placed.path):
            if holder.path == placed.path and _stays(tree, holder, known):
                yield _match(program, placed.path, placed.use, holder.symbol, target)


def _thrown(tree: Tree, name: str, path: str, known: _Words) -> Placed | None:
    """Return the definition of a name, if all that can be meant are thrown away."""
    meant = definitions(tree, name, path)
    if meant and all(words(placed.symbol) & known.thrown for placed in meant):
        return meant[0]
    return None


def _stays(tree: Tree, holder: Placed, known: _Words) -> bool:
    is_function = "(" in holder.symbol.text
    own = words(holder.symbol)
    return (
        is_function
        and not own & (known.thrown | known.excused)
        and outlives(tree, holder, known.thrown | known.excused)
    )


def _match(
    program: Program, path: str, use: Use, holder: Symbol, target: Placed
) -> Match:
    is_touched = any(source.path == path for source in program.sources)
    place = _place(program, path, use.line)
    mark = next(w for w in target.symbol.text.split() if w.startswith("__init"))
    return Match(
        where=place if is_touched else _place(program, target.path, target.symbol.line),
        message=(
            f"{holder.name}() stays in memory and uses {use.name}, which is {mark} and "
            "gone after boot."
        ),
        trace=(
            Step(place, f"{use.name} in {holder.name}()", "used here"),
            Step(_place(program, path, holder.line), holder.text, "not thrown away"),
            Step(
                _place(program, target.path, target.symbol.line),
                target.symbol.text,
                "thrown away after boot",
            ),
        ),
        key=f"{holder.name} {use.name}",
    )


def _place(program: Program, path: str, line: int) -> InFile:
    return InFile(path, program.side, Span(line))
