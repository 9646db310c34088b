# SPDX-License-Identifier: GPL-2.0-or-later
"""What hunks alone show of the guards of operations.

Only texts are compared, nothing is traced. A condition that can mean something else
after the series, or that turns up elsewhere in the patch, proves nothing: such a site
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from patchlint.analysis.c_file import calls, functions
from patchlint.analysis.conditions import Condition, plain, written
from patchlint.analysis.formula import (
    Formula,
    Literal,
    assumed,
    atom,
    same,
    simplified,
    texts,
)
from patchlint.analysis.partial import ABOVE, Shown, shown
from patchlint.analysis.place import as_it_stands, tells_failure
from patchlint.analysis.reach import path_to, reach
from patchlint.analysis.scope import Scope, scope
from patchlint.analysis.sites import Operations, readable
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.model.change import Hunk, Kind
from patchlint.model.location import InFile
from patchlint.model.series import Series

_WORD = re.compile(r"[A-Za-z_]\w*")
_GIVEN = re.compile(
    r"\b(\w+)\s*(?:[-+|&^]|<<|>>)?=(?!=)|\b(\w+)\s*(?:\+\+|--)|^[+-]?#\s*define\s+(\w+)"
    r"|^(?:static |inline |bool |int |void |unsigned |__always_inline )+\W*(\w+)\("
    r"|_(?:write|WRITE_ONCE|set_bit|enable|disable)\(&?(\w+)"
)


@dataclass(frozen=True, slots=True)
class ShownSite:
    """An operation that a hunk shows, and the conditions it shows around it."""

    function: str
    kind: str
    name: str
    where: InFile
    guard: Formula[Literal]

    @property
    def shown(self) -> str:
        """The condition as a reader would write it; "" if the hunk shows none."""
        hidden = (text for text in texts(self.guard) if text.startswith(ABOVE))
        guard = self.guard
        for text in sorted(hidden):
            guard = assumed(guard, text, holds=True)
        return readable(written(simplified(guard)))


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A site on both sides of a hunk; ``changed`` if it stands under another text."""

    before: ShownSite
    after: ShownSite
    changed: bool


def shown_record(
    context: PatchContext, operations: Operations
) -> tuple[ShownChange, ...]:
    """Return the sites that hunks show on both sides, of files not known whole."""
    return context.facts.of(_record, (context, operations))


def _record(key: tuple[PatchContext, Operations]) -> tuple[ShownChange, ...]:
    context, operations = key
    before, after = _partial(context.before), _partial(context.after)
    return tuple(
        found
        for change in context.patch.changes
        for hunk in change.hunks
        if (source := before.get(change.old_path or "")) is not None
        if (other := after.get(change.new_path or "")) is not None
        if _speaks(hunk, operations)
        for old, new in _pairs(hunk, source, other, operations)
        if (found := _compared(context, hunk, operations, (old, new))) is not None
    )


def _compared(
    context: PatchContext,
    hunk: Hunk,
    operations: Operations,
    sites: tuple[ShownSite, ShownSite],
) -> ShownChange | None:
    """Return what happens to a site; None where the hunk does not prove it."""
    old, new = sites
    if same(_asked(old, operations), _asked(new, operations)):
        return ShownChange(old, new, changed=False)
    unsure = context.facts.of(_unsure, context.series)
    if not _proves(context, hunk, _difference(old, new), unsure):
        return None
    return ShownChange(old, new, changed=True)


def _partial(program: Program) -> Mapping[str, Source]:
    return {
        source.path: source
        for source in program.written_in("c")
        if not source.image.whole
    }


def _speaks(hunk: Hunk, operations: Operations) -> bool:
    return any(
        word in operations.names for ln in hunk.lines for word in _WORD.findall(ln.text)
    )


def _pairs(
    hunk: Hunk, old: Source, new: Source, operations: Operations
) -> Iterator[tuple[ShownSite, ShownSite]]:
    olds = _sites(shown(old, hunk), operations)
    news = _sites(shown(new, hunk), operations)
    for kind, group in olds.items():
        if len(group) == len(news.get(kind, ())):
            yield from zip(group, news[kind], strict=True)


def _sites(
    part: Shown | None, operations: Operations
) -> Mapping[str, Sequence[ShownSite]]:
    """Return the sites a hunk shows, by kind; none where it cannot be read."""
    found: dict[str, list[ShownSite]] = {}
    items = () if part is None else tuple(functions(part.source))
    if part is None or len(items) != 1:
        return found
    inner = scope(part.source, items[0])
    if any(node.kind == "ERROR" for node in inner.tree.walk()):
        return found
    for name, call in calls(inner.tree):
        kind = operations.kind_of(name, call)
        held = reach(inner.item, path_to(inner.tree, call)) if kind else None
        if held is not None:
            guard = simplified(held.expand(lambda one: _literal(inner, one)))
            where = part.source.at(call.span)
            site = ShownSite(part.function, kind, name, where, guard)
            found.setdefault(kind, []).append(site)
    return found


def _literal(inner: Scope, condition: Condition) -> Formula[Literal]:
    """A check for failure is no guard."""
    if condition.weak or tells_failure(inner, condition):
        return Formula("&&")
    return atom(as_it_stands(inner, condition))


def _asked(site: ShownSite, operations: Operations) -> Formula[Literal]:
    return site.guard.expand(lambda one: atom(one.respelled(operations.ask)))


def _difference(
    old: ShownSite, new: ShownSite
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the texts that go and the texts that come; all, if none does."""
    gone = texts(old.guard) - texts(new.guard)
    come = texts(new.guard) - texts(old.guard)
    if gone or come:
        return gone, come
    return texts(old.guard), texts(new.guard)


def _proves(
    context: PatchContext,
    hunk: Hunk,
    difference: tuple[frozenset[str], frozenset[str]],
    unsure: frozenset[str],
) -> bool:
    """Say whether texts that differ ask different things."""
    gone, come = difference
    names = {word for text in (*gone, *come) for word in _WORD.findall(text)}
    hidden = any(name.startswith(ABOVE) for name in names)
    if hidden or not unsure.isdisjoint(names):
        return False
    moved = {Kind.ADDED: gone, Kind.REMOVED: come}
    return not any(
        text in plain(line.text)
        for change in context.patch.changes
        for other in change.hunks
        if other is not hunk
        for line in other.lines
        if line.kind in moved
        for text in moved[line.kind]
    )


def _unsure(series: Series) -> frozenset[str]:
    """Return the names that changed lines of a series define or give a value."""
    return frozenset(
        name
        for patch in series.patches
        for change in patch.changes
        for line in change.lines
        if line.kind is not Kind.CONTEXT
        for groups in _GIVEN.findall(line.text)
        for name in groups
        if name
    )
