# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about the order of definitions and uses in a posting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.arch import can_mean
from patchlint.analysis.series_build import Build, build
from patchlint.analysis.series_names import Defined, Form, Mention, Names, names
from patchlint.analysis.series_rows import Row, pieces
from patchlint.lint.context import SeriesContext, tree_of
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.symbol import SymbolKind
from patchlint.series.tree import Tree

_IF = re.compile(r"[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b(.*)")
_CONFIG = re.compile(r"\bCONFIG_(\w+)")
_SHOWN = 3
_STUB = re.compile(r"\binline\b")
_USES = {
    SymbolKind.FUNCTION: frozenset((Form.CALL, Form.HANDED)),
    SymbolKind.ROUTINE: frozenset((Form.CALL, Form.HANDED)),
    SymbolKind.MACRO: frozenset((Form.CALL, Form.HANDED, Form.OTHER)),
}


def use_before_definition(context: SeriesContext, options: Options) -> Iterator[Match]:
    """A patch uses what only a later one defines, so that it does not build alone."""
    apart = options.some_pattern("skip_paths")
    found, built = names(context), build(context)
    early: dict[tuple[int, int], list[tuple[Mention, Defined]]] = {}
    for name, defined in found.defined.items():
        first = defined[0]
        if name in found.old or _is_stub(first):
            continue
        use = _early(found, built, defined, name)
        if use is None or apart.match(use.row.path):
            continue
        if _is_conditional(context, built, use.row) or _is_known(context, name):
            continue
        patches = (use.row.patch, first.row.patch)
        early.setdefault(patches, []).append((use, first))
    for group in early.values():
        yield _early_match(context, group)


def _early(
    found: Names, built: Build, defined: list[Defined], name: str
) -> Mention | None:
    """Return the first use of a name in a patch before its definition, or None."""
    first = defined[0]
    forms = _USES.get(first.symbol.kind, frozenset())
    for use in found.mentions.get(name, ()):
        if use.row.patch >= first.row.patch:
            return None
        is_built = built.since(use.row.path) < first.row.patch
        if use.form in forms and is_built and _sees(use.row.path, first):
            return use
    return None


def _sees(path: str, defined: Defined) -> bool:
    """Say whether a file can mean what another one defines."""
    if path == defined.row.path:
        return True
    is_local = defined.is_static or defined.symbol.kind is SymbolKind.MACRO
    if is_local and not defined.row.path.endswith(".h"):
        return False
    return can_mean(path, defined.row.path)


def _is_stub(defined: Defined) -> bool:
    """Say whether it is an inline function of a header: maybe the empty one of two."""
    text = defined.symbol.text
    return defined.row.path.endswith(".h") and bool(_STUB.search(text))


def _is_conditional(context: SeriesContext, built: Build, row: Row) -> bool:
    """Say whether a line is only built with a symbol that the posting brings."""
    rows = next((p.new for p in pieces(context) if p.rows[0].hunk == row.hunk), ())
    asked: list[str] = []
    for other in rows:
        asked += [name for name in _CONFIG.findall(other.code) if "IS_" in other.code]
        if other.line is row.line:
            break
        if (directive := _IF.match(other.code)) and directive[1] != "endif":
            asked += _CONFIG.findall(directive[2])
    return any(name in built.symbols for name in asked)


def _is_known(context: SeriesContext, name: str) -> bool:
    """Say whether the tree that the posting stands on has the name already."""
    tree = _tree(context)
    return tree is not None and bool(tree.symbols(name))


def _tree(context: SeriesContext) -> Tree | None:
    return tree_of(context.patches[0].before) if context.patches else None


def _early_match(context: SeriesContext, group: list[tuple[Mention, Defined]]) -> Match:
    """Return the one match of all names that one patch needs of one later patch."""
    patches = context.series.patches
    use, defined = group[0]
    here, there = patches[use.row.patch], patches[defined.row.patch]
    shown = [f"{u.name}()" if u.form is Form.CALL else u.name for u, _ in group]
    more = len(shown) - _SHOWN
    named = ", ".join(shown[:_SHOWN]) + (f" and {more} more names" if more > 0 else "")
    verb = "is" if len(shown) == 1 else "are"
    return Match(
        where=use.row.at(use.column, len(use.name)),
        message=(
            f"{named} {verb} used in this patch and defined only in patch "
            f"{there.position}: it does not build alone."
        ),
        trace=tuple(_steps(group[:_SHOWN], here.position, there.position)),
        key=use.name,
        message_id=here.message.message_id,
    )


def _steps(
    group: list[tuple[Mention, Defined]], here: int, there: int
) -> Iterator[Step]:
    for use, defined in group:
        where = use.row.at(use.column, len(use.name))
        yield Step(where, use.row.line.text.strip(), f"used in patch {here}")
        row = defined.row
        where = row.at(1, len(row.line.text))
        yield Step(where, row.line.text.strip(), f"defined in patch {there}")
