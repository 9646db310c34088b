# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about functions that a posting adds, and nobody in it calls, or late."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.macro_names import made_by_macro, pasted
from patchlint.analysis.series_build import build
from patchlint.analysis.series_names import Defined, Form, Mention, Names, names
from patchlint.analysis.series_rows import pieces
from patchlint.lint.context import SeriesContext, tree_of
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.symbol import SymbolKind

_SHOWN = 3
_CALLED = re.compile(r"\b(\w+)\s*\(")
_NO_USE = frozenset((Form.HEAD, Form.EXPORT))


def added_never_used(context: SeriesContext, options: Options) -> Iterator[Match]:
    """A function comes that is not exported, and that nobody in the posting uses."""
    found = names(context)
    for defined in _functions(found, options):
        name = defined.symbol.name
        if _uses(found, name) or name in found.old or name in found.gone:
            continue
        if name in found.exported or _is_made(context, defined):
            continue
        if _is_seen(found, defined) and not _is_used_elsewhere(context, defined):
            yield _unused_match(context, defined)


def dead_until_later(context: SeriesContext, options: Options) -> Iterator[Match]:
    """Functions come patches before anybody uses them; one match for each pair."""
    least = int(options.number("patches"))
    late: dict[tuple[int, int], list[tuple[Defined, Mention]]] = {}
    for defined, first in _late(context, options):
        patches = (defined.row.patch, first.row.patch)
        is_api = defined.symbol.name in names(context).exported
        if patches[1] - patches[0] >= least and not is_api:
            late.setdefault(patches, []).append((defined, first))
    for group in late.values():
        yield _late_match(context, group, "readers cannot see what for")


def unused_static(context: SeriesContext, options: Options) -> Iterator[Match]:
    """Static functions come in one patch and their users in another: a warning."""
    late: dict[tuple[int, int], list[tuple[Defined, Mention]]] = {}
    for defined, first in _late(context, options):
        if defined.is_static:
            patches = (defined.row.patch, first.row.patch)
            late.setdefault(patches, []).append((defined, first))
    for group in late.values():
        yield _late_match(context, group, "the compiler warns until then")


def _late(
    context: SeriesContext, options: Options
) -> Iterator[tuple[Defined, Mention]]:
    """Yield the functions whose first use comes in a later patch, with that use."""
    found, built = names(context), build(context)
    for defined in _functions(found, options):
        name = defined.symbol.name
        uses = _uses(found, name)
        if not uses or uses[0].row.patch <= defined.row.patch or name in found.old:
            continue
        if _is_made(context, defined):
            continue
        is_built = built.since(defined.row.path) < uses[0].row.patch
        if is_built and not _is_used_elsewhere(context, defined):
            yield defined, uses[0]


def _functions(found: Names, options: Options) -> Iterator[Defined]:
    """Yield the functions of C files that are called by their names, if at all."""
    apart, special = options.pattern("skip_paths"), options.pattern("special")
    for group in found.defined.values():
        first = group[0]
        name, text = first.symbol.name, first.symbol.text
        is_plain = name in _CALLED.findall(text)
        if (
            first.symbol.kind is not SymbolKind.FUNCTION
            or not is_plain
            or not first.row.path.endswith(".c")
        ):
            continue
        if not apart.match(first.row.path) and not special.search(text):
            yield first


def _is_made(context: SeriesContext, defined: Defined) -> bool:
    """Say whether a macro of the posting may put the name together."""
    known = context.facts.of_one(pasted, pieces(context))
    return made_by_macro(defined.symbol.name, defined.row.path, known)


def _uses(found: Names, name: str) -> list[Mention]:
    return [m for m in found.mentions.get(name, ()) if m.form not in _NO_USE]


def _is_seen(found: Names, defined: Defined) -> bool:
    """Say whether all who could use it are shown: old code cannot know a new name.

    One that is not static may be declared in the base already, as a hook; what an
    architecture declares may be one that all others have.
    """
    declared = found.declared.get(defined.symbol.name, ())
    where = (defined.row.path, *(each.row.path for each in declared))
    is_hook = any(path.startswith("arch/") for path in where)
    return defined.is_static or (bool(declared) and not is_hook)


def _is_used_elsewhere(context: SeriesContext, defined: Defined) -> bool:
    """Say whether the tree uses a function as soon as it is there."""
    patch = context.series.patches[defined.row.patch]
    here = next((c for c in context.patches if c.patch is patch), None)
    tree = tree_of(here.after) if here else None
    return tree is not None and bool(tree.uses(defined.symbol.name))


def _unused_match(context: SeriesContext, defined: Defined) -> Match:
    name, row = defined.symbol.name, defined.row
    return Match(
        where=row.at(1, len(row.line.text)),
        message=(
            f"{name}() is added here, and nothing in the series uses it. Drop "
            "it, or add its user."
        ),
        trace=(Step(row.at(1, len(row.line.text)), row.line.text.strip(), "added"),),
        key=name,
        message_id=context.series.patches[row.patch].message.message_id,
    )


def _late_match(
    context: SeriesContext, group: list[tuple[Defined, Mention]], why: str
) -> Match:
    patches = context.series.patches
    (defined, use), *_ = group
    row, later = defined.row, patches[use.row.patch].position
    shown = [f"{each.symbol.name}()" for each, _ in group]
    more = len(shown) - _SHOWN
    named = ", ".join(shown[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    verb, it = ("is", "it is") if len(shown) == 1 else ("are", "they are")
    return Match(
        where=row.at(1, len(row.line.text)),
        message=(
            f"{named} {verb} added here, but {it} first used in patch {later}: {why}."
        ),
        trace=tuple(_steps(group[:_SHOWN], later)),
        key=defined.symbol.name,
        message_id=patches[row.patch].message.message_id,
    )


def _steps(group: list[tuple[Defined, Mention]], later: int) -> Iterator[Step]:
    for defined, use in group:
        row = defined.row
        yield Step(row.at(1, len(row.line.text)), row.line.text.strip(), "added")
        where = use.row.at(use.column, len(use.name))
        yield Step(where, use.row.line.text.strip(), f"first used, in patch {later}")
