# SPDX-License-Identifier: GPL-2.0-or-later
"""What hunks alone show of the guards of operations.

Only texts are compared, nothing is traced. A condition that can mean something else
after the series, or that turns up elsewhere in the patch, proves nothing: such a site
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from patchlint.analysis.c_file import calls, functions
from patchlint.analysis.conditions import Conditions, as_text, plain, written
from patchlint.analysis.formula import Formula, texts
from patchlint.analysis.guards import Change, Fate
from patchlint.analysis.partial import ABOVE, Shown, shown
from patchlint.analysis.place import as_it_stands, tells_failure
from patchlint.analysis.reach import path_to, reach
from patchlint.analysis.root import Root
from patchlint.analysis.same import Same
from patchlint.analysis.scope import Scope, scope
from patchlint.analysis.sites import Operations, Site
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.model.change import Hunk, Kind
from patchlint.model.finding import Step
from patchlint.model.series import Series
from patchlint.syntax.node import Node

_WORD = re.compile(r"[A-Za-z_]\w*")
_GIVEN = re.compile(
    r"\b(\w+)\s*(?:[-+|&^]|<<|>>)?=(?!=)|\b(\w+)\s*(?:\+\+|--)|^[+-]?#\s*define\s+(\w+)"
    r"|^(?:static |inline |bool |int |void |unsigned |__always_inline )+\W*(\w+)\("
    r"|_(?:write|WRITE_ONCE|set_bit|enable|disable)\(&?(\w+)"
)


def shown_record(context: PatchContext, operations: Operations) -> tuple[Change, ...]:
    """Return the sites that hunks show on both sides, of files not known whole."""
    return context.facts.of(_record, (context, operations))


def _record(key: tuple[PatchContext, Operations]) -> tuple[Change, ...]:
    context, operations = key
    before, after = _partial(context.before), _partial(context.after)
    names = operations.names
    return tuple(
        found
        for change in context.patch.changes
        for hunk in change.hunks
        if (source := before.get(change.old_path or "")) is not None
        if (other := after.get(change.new_path or "")) is not None
        if _speaks(hunk, names)
        for old, new in _pairs(hunk, source, other, operations)
        if (found := _compared(context, hunk, operations, (old, new))) is not None
    )


def _compared(
    context: PatchContext, hunk: Hunk, operations: Operations, sites: tuple[Site, Site]
) -> Change | None:
    """Return what happens to a site; None where the hunk does not prove it."""
    old, new = sites
    if Same(operations, context).holds(old, new):
        fate = Fate.KEPT if old.asked == new.asked else Fate.REWRITTEN
        return Change(old, new, fate)
    unsure = context.facts.of_one(_unsure, context.series)
    if not _proves(context, hunk, _difference(old, new), unsure):
        return None
    return Change(old, new, Fate.CHANGED)


def _partial(program: Program) -> Mapping[str, Source]:
    return {
        source.path: source
        for source in program.written_in("c")
        if not source.image.whole
    }


def _speaks(hunk: Hunk, names: frozenset[str]) -> bool:
    return any(not names.isdisjoint(_WORD.findall(line.text)) for line in hunk.lines)


def _pairs(
    hunk: Hunk, old: Source, new: Source, operations: Operations
) -> Iterator[tuple[Site, Site]]:
    olds = _sites(shown(old, hunk), operations)
    news = _sites(shown(new, hunk), operations)
    for kind, group in olds.items():
        others = news.get(kind, ())
        if len(group) == len(others):
            yield from zip(group, others, strict=True)


def _sites(part: Shown | None, operations: Operations) -> Mapping[str, Sequence[Site]]:
    """Return the sites a hunk shows, by kind; none where it cannot be read."""
    found: dict[str, list[Site]] = {}
    items = () if part is None else tuple(functions(part.source))
    if part is None or len(items) != 1:
        return found
    inner = scope(part.source, items[0])
    nodes = tuple(inner.tree.walk())
    if any(node.kind == "ERROR" for node in nodes):
        return found
    labels = [node.span for node in nodes if node.kind == "labeled_statement"]
    for name, call in calls(inner.tree):
        kind = operations.kind_of(name, call)
        # A label can be reached from what is not shown.
        if kind and not any(label < call.span for label in labels):
            site = _site(part, inner, (kind, name, call))
            found.setdefault(kind, []).extend(site)
    return found


def _site(part: Shown, inner: Scope, what: tuple[str, str, Node]) -> Iterator[Site]:
    kind, name, call = what
    held = reach(inner.item, path_to(inner.tree, call))
    if held is None or held.never:
        return
    where = part.source.at(call.span)
    formula = held.expand(lambda one: Formula("", as_it_stands(inner, one)))
    root = Root(formula, tuple(_steps(part, name, held)), weak=_weak(inner, held))
    names = tuple(inner.types.items())
    asked = written(as_text(held, plain))
    yield Site(part.function, kind, name, where, root, asked, names)


def _steps(part: Shown, name: str, held: Conditions) -> Iterator[Step]:
    for one in held.conjuncts:
        first = next(one.literals(), None)
        text = written(as_text(one, plain))
        if first is not None and ABOVE not in text:
            yield Step(part.source.at(first.node.span), text, f"guards {name}()")


def _weak(inner: Scope, held: Conditions) -> frozenset[str]:
    """Checks for failure count only where both sides have them."""
    shown_texts = {one: as_it_stands(inner, one).text for one in held.literals()}
    return frozenset(
        text
        for one, text in shown_texts.items()
        if one.weak or tells_failure(inner, one) or text.startswith(ABOVE)
    )


def _difference(old: Site, new: Site) -> tuple[frozenset[str], frozenset[str]]:
    """Return the texts that go and the texts that come; all, if none does."""
    before, after = texts(old.guard.formula), texts(new.guard.formula)
    if before == after:
        return before, after
    return before - after, after - before


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
