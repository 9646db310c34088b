# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about configuration symbols."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from patchlint.analysis.config_asked import asked_in
from patchlint.lint.context import PatchContext, tree_of
from patchlint.lint.options import Options
from patchlint.model.change import Kind, Line
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Series
from patchlint.model.symbol import SymbolKind
from patchlint.series.tree import Tree

Seen = Match | NotChecked

_CONFIG = re.compile(r"[ \t]*(?:menu)?config[ \t]+(\w+)")
_ALIKE = 0.8


def unknown_symbol(context: PatchContext, options: Options) -> Iterator[Seen]:
    """An added line asks for a symbol that no Kconfig file has, in tree or series."""
    skipped = options.pattern("skip_paths")
    brought = context.facts.of_one(_brought, context.series)
    removed = {text for text, _, _ in asked_in(context.patch, Kind.REMOVED)}
    asked = [
        (name, line, path)
        for name, line, path in asked_in(context.patch, Kind.ADDED)
        if name not in removed and name not in brought and not skipped.match(path)
    ]
    if not asked:
        return
    tree = tree_of(context.after)
    if tree is None:
        yield NotChecked("the Kconfig files of the tree")
        return
    told: set[str] = set()
    for name, line, path in asked:
        if name not in told and not _is_known(tree, name):
            told.add(name)
            yield _match(tree, name, line, path)


def _brought(series: Series) -> frozenset[str]:
    """Return the symbols that any patch of the series defines."""
    return frozenset(
        found[1]
        for patch in series.patches
        for change in patch.changes
        for line in change.lines
        if line.kind is not Kind.REMOVED and (found := _CONFIG.match(line.text))
    )


def _is_known(tree: Tree, name: str) -> bool:
    """A symbol, a module of one, or a macro that code defines itself."""
    names = (name, name.removesuffix("_MODULE"))
    if any(
        placed.symbol.kind is SymbolKind.CONFIG
        for symbol in names
        for placed in tree.symbols(symbol)
    ):
        return True
    return bool(tree.symbols(f"CONFIG_{name}"))


def _match(tree: Tree, name: str, line: Line, path: str) -> Match:
    column = line.text.index(name) + 1
    where = InFile(
        path, Side.NEW, Span(line.new or 1, column, line.new or 1, column + len(name))
    )
    known = tree.names(SymbolKind.CONFIG, name[:2])
    alike = get_close_matches(name, known, n=1, cutoff=_ALIKE)
    hint = f"; {alike[0]} is one" if alike else ""
    return Match(
        where=where,
        message=(
            f"{name} is no symbol of any Kconfig file, in the tree or in the series"
            f"{hint}."
        ),
        trace=(Step(where, line.text.strip(), "asks for it"),),
        suggestion=alike[0] if alike else "",
        key=name,
    )
