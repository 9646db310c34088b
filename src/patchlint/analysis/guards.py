# SPDX-License-Identifier: GPL-2.0-or-later
"""What a patch does to the guards of guarded operations, site by site."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from enum import Enum

from msgspec import Struct

from patchlint.analysis.renames import alike, known_functions
from patchlint.analysis.same import Same
from patchlint.analysis.sites import Operations, Site, callers, sites
from patchlint.lint.context import PatchContext, Program
from patchlint.lint.options import Options


class Fate(Enum):
    """What a patch does to the guard of a site."""

    KEPT = "the same text"
    REWRITTEN = "another text, the same root"
    CHANGED = "another root"


class Change(Struct, frozen=True):
    """A site before and after a patch."""

    before: Site
    after: Site
    fate: Fate


_LIKENESSES = 400
Key = Callable[[Site], Hashable]


def operations_of(options: Options) -> Operations:
    """Return the operations that the options of a card list."""
    kinds, alike_, targets = (
        tuple((name, frozenset(names)) for name, names in options.table(key).items())
        for key in ("operations", "alike", "targets")
    )
    return Operations(kinds, alike_, targets)


def guard_record(context: PatchContext, operations: Operations) -> tuple[Change, ...]:
    """Return every site that stands on both sides of a patch, and its fate.

    Sites are paired by file, function and order; where their number differs, a
    function is left out, since an operation added or removed is no drift. A function
    that moves to another file, or is renamed, is followed.
    """
    return context.facts.of(_record, (context, operations))


def _record(key: tuple[PatchContext, Operations]) -> tuple[Change, ...]:
    context, operations = key
    if not (_speaks(context.before, operations) and _speaks(context.after, operations)):
        return ()
    known = known_functions(context.before), known_functions(context.after)
    before = tuple(sites(context.before, operations, known[1]))
    after = tuple(sites(context.after, operations, known[0]))
    rule = Same(operations, context)
    found = (
        (o, n, _fate(context, rule, o, n)) for o, n in _pairs(context, before, after)
    )
    return tuple(Change(old, new, fate) for old, new, fate in found if fate)


def _speaks(program: Program, operations: Operations) -> bool:
    """Say at a glance whether there can be a site at all."""
    texts = [source.image.text for source in program.sources]
    return any(name in text for name in operations.names for text in texts)


def _pairs(
    context: PatchContext, before: Sequence[Site], after: Sequence[Site]
) -> Iterator[tuple[Site, Site]]:
    """Pair sites by place, then by function in whatever file, then by likeness."""
    moved = {c.old_path or "": c.path for c in context.patch.changes}

    def place(site: Site) -> Hashable:
        path = moved.get(site.where.path, site.where.path)
        return path, site.function, site.kind

    def function(site: Site) -> Hashable:
        return site.function, site.kind

    left = list(before), list(after)
    for key in (place, function):
        olds, news = _grouped(left[0], key), _grouped(left[1], key)
        for name, group in olds.items():
            if len(group) == len(news.get(name, ())):
                yield from zip(group, news[name], strict=True)
        left = (
            [site for name in olds if name not in news for site in olds[name]],
            [site for name in news if name not in olds for site in news[name]],
        )
    yield from _renamed(context, left[0], left[1])


def _renamed(
    context: PatchContext, before: Sequence[Site], after: Sequence[Site]
) -> Iterator[tuple[Site, Site]]:
    """Pair what is left where a function is only called otherwise."""
    olds, news = _grouped(before, _named), _grouped(after, _named)
    if len(olds) * len(news) > _LIKENESSES:
        return
    for group in olds.values():
        fitting = [
            new
            for new, others in news.items()
            if len(others) == len(group)
            and others[0].kind == group[0].kind
            and alike(
                context.before, group[0].function, context.after, others[0].function
            )
        ]
        if len(fitting) == 1:
            yield from zip(group, news[fitting[0]], strict=True)


def _named(site: Site) -> Hashable:
    return site.where.path, site.function, site.kind


def _grouped(found: Sequence[Site], key: Key) -> dict[Hashable, list[Site]]:
    groups: dict[Hashable, list[Site]] = {}
    for site in found:
        groups.setdefault(key(site), []).append(site)
    return groups


def _fate(context: PatchContext, rule: Same, old: Site, new: Site) -> Fate | None:
    """Return the fate of a site; None where it cannot be told."""
    if rule.holds(old, new):
        shapes = [(site.asked, len(site.guard.steps)) for site in (old, new)]
        return Fate.KEPT if shapes[0] == shapes[1] else Fate.REWRITTEN
    if _moved_to_callers(context, rule, old, new):
        return Fate.REWRITTEN
    return Fate.CHANGED if rule.clear(old, new) else None


def _moved_to_callers(context: PatchContext, rule: Same, old: Site, new: Site) -> bool:
    """Say whether what one side asks here, the other asks in all callers."""
    olds, news = callers(context.before, old), callers(context.after, new)
    return (
        bool(olds)
        and [site.function for site in olds] == [site.function for site in news]
        and all(rule.holds(a, b) for a, b in zip(olds, news, strict=True))
    )
