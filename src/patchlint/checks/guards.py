# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about the conditions of guarded operations, before and after a patch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.arch import family
from patchlint.analysis.conditions import written
from patchlint.analysis.formula import all_of, same
from patchlint.analysis.guard_rows import rows
from patchlint.analysis.guards import Change, Fate, guard_record, operations_of
from patchlint.analysis.hunk_guards import shown_record
from patchlint.analysis.sites import Site, readable
from patchlint.analysis.told import announces
from patchlint.lint.context import PatchContext, whole_files
from patchlint.lint.options import Options
from patchlint.model.finding import Confidence, Match, NotChecked, Severity, Step
from patchlint.model.location import InFile

_COMPUTES = re.compile(r"[(=]")
_LONG = 200
_HALF = 3


def drift(context: PatchContext, options: Options) -> Iterator[Match | NotChecked]:
    """An operation's guard gets another root at one site and not at another.

    A patch that says it changes the condition is asked rather than warned; so is
    one whose new condition is a flag that nothing at hand sets. Of files that are not
    known whole, the lines shown are compared.
    """
    operations = operations_of(options)
    yield from _unread(context)
    record = guard_record(whole_files(context), operations)
    for change in record:
        if change.fate is not Fate.CHANGED:
            continue
        others = _telling([other for other in record if _differs(other, change)])
        if others:
            asked = not change.after.guard.seen or _is_told(context, change)
            yield Match(
                where=_place(context, change),
                message=_drift_text(change, others),
                trace=_trace(change, others),
                severity=Severity.QUESTION if asked else None,
                key=f"{change.after.function} {change.after.kind}",
                guards=rows(change, *others),
            )
    yield from _shown_drift(context, shown_record(context, operations))


def _unread(context: PatchContext) -> Iterator[NotChecked]:
    sides = (context.before, context.after)
    sources = [source for program in sides for source in program.sources]
    paths = {s.path for s in sources if s.language and not s.image.whole}
    if paths:
        yield NotChecked(f"the whole file: {', '.join(sorted(paths))}")


def _is_told(context: PatchContext, change: Change) -> bool:
    after = change.after
    return announces(context, (after.name, after.kind, after.function))


def _shown_drift(context: PatchContext, record: tuple[Change, ...]) -> Iterator[Match]:
    """Of sites that hunks show under one condition, one gets another.

    Nothing is traced there, so it is a question, and none where the message tells it.
    """
    for change in record:
        others = [other for other in record if _parts(other, change)]
        if change.fate is not Fate.CHANGED or not others or _is_told(context, change):
            continue
        after = change.after
        yield Match(
            where=_place(context, change),
            message=(
                f"In the lines shown, the condition of {after.name} in "
                f"{after.function} changes: {_turn(change)}. "
                f"{_keeps([other.after.function for other in others])} "
                "Is that meant?"
            ),
            trace=_trace(change, others),
            severity=Severity.QUESTION,
            confidence=Confidence.LOW,
            key=f"{after.function} {after.kind}",
            guards=rows(change, *others),
        )


def _parts(other: Change, change: Change) -> bool:
    """A site that had the same condition, and keeps it."""
    alike = same(other.before.needed, change.before.needed)
    kept = other.fate is not Fate.CHANGED and other is not change
    return kept and alike and not other.before.needed.always and _pairs(other, change)


def mixed(context: PatchContext, options: Options) -> Iterator[Match]:
    """One patch rewrites the guards of some sites and changes those of others."""
    record = guard_record(context, operations_of(options))
    rewritten = [change for change in record if change.fate is Fate.REWRITTEN]
    for change in record:
        partners = [r for r in rewritten if _pairs(r, change)]
        if change.fate is Fate.CHANGED and partners:
            partner = partners[0]
            yield Match(
                where=_place(context, change),
                message=(
                    f"This changes behaviour for {_at(change.after)}, while "
                    f"{_at(partner.after)} is only rewritten, so a bisection cannot "
                    "tell the two apart. Could a patch before this one change "
                    f"{change.after.function} alone ({_turn(change)}), and this one "
                    f"rewrite {_listed(partners)}?"
                ),
                trace=(
                    _row(change.before, "before"),
                    _row(change.after, "after"),
                    *(_row(r.after, "only rewritten") for r in partners[:_HALF]),
                ),
                key=f"{change.after.function} {partner.after.function}",
                guards=rows(change, partner),
            )


def _listed(changes: list[Change]) -> str:
    """Name the functions of some sites; three are enough."""
    names = list(dict.fromkeys(change.after.function for change in changes))
    more = ", ..." if len(names) > _HALF else ""
    return f"{', '.join(names[:_HALF])}{more}"


def _pairs(one: Change, other: Change) -> bool:
    """Two sites of one operation, in code of one architecture."""
    families = {family(change.after.where.path) for change in (one, other)} - {""}
    return one.after.kind == other.after.kind and len(families) < 2


def _differs(other: Change, change: Change) -> bool:
    """A site that had the same condition and has not any more, or that the patch
    treats otherwise. What was never alike, and is left alone, says nothing."""
    if other is change or not _pairs(other, change):
        return False
    same_before = same(other.before.needed, change.before.needed)
    if other.fate is Fate.KEPT:
        return same_before
    same_after = same(other.after.needed, change.after.needed)
    return other.fate is not Fate.CHANGED or same_before != same_after


def _telling(others: list[Change]) -> list[Change]:
    """Of several sites, those the patch touches say most."""
    return [o for o in others if o.fate is not Fate.KEPT] or others


def _drift_text(change: Change, others: list[Change]) -> str:
    after = change.after
    name = after.name.removesuffix("()")
    text = f"The condition of {name} in {after.function} changes here: {_turn(change)}."
    kept = [o.after.function for o in others if o.fate is not Fate.CHANGED]
    if kept:
        return f"{text} {_keeps(kept)}"
    return f"{text} In {others[0].after.function} {_turn(others[0])}."


def _turn(change: Change) -> str:
    """Say what a condition was and is; of a long one, only what differs."""
    before, after = change.before.needed, change.after.needed
    stays = [part for part in before.conjuncts if part in after.conjuncts]
    was, now = (
        _cut(readable(written(all_of(p for p in side.conjuncts if p not in stays))))
        for side in (before, after)
    )
    if not stays or (len(before.conjuncts) < 3 and len(after.conjuncts) < 3):
        was, now = (_cut(site.shown) for site in (change.before, change.after))
        return f"it was {was or 'none'}, it becomes {now or 'none'}"
    if was and now:
        return f"where it asked {was}, it asks {now}; the rest stays"
    return f"it asks {now} as well" if now else f"it asks {was} no more"


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG].rsplit(' ', 1)[0]} ..."


def _keeps(functions: list[str]) -> str:
    """Say where the condition stays; three names are enough."""
    names = list(dict.fromkeys(functions))
    if len(names) == 1:
        return f"The one in {names[0]} keeps its condition."
    listed = ", ".join(names[:2]) + " and others" if names[2:] else " and ".join(names)
    return f"The ones in {listed} keep theirs."


def _at(site: Site) -> str:
    return f"{site.name} in {site.function}"


def _trace(change: Change, others: list[Change]) -> tuple[Step, ...]:
    """The site with its way to the root, the old side first; then the other sites."""
    sides = (("before", change.before), ("after", change.after))
    own = [
        step for when, site in sides for step in (_row(site, when), *site.guard.steps)
    ]
    return (*own, *(_row(other.after, "the other one") for other in others[:3]))


def _row(site: Site, what: str) -> Step:
    text = f"{site.name} in {site.function}"
    return Step(site.where, text, f"{what}: {site.shown or 'no condition'}")


def _place(context: PatchContext, change: Change) -> InFile:
    """Return the changed line where the new condition is made.

    The changed condition in front of the operation itself; else the first changed
    step that computes something, rather than hands a name on; else the first changed
    step; else the site.
    """
    changed = {source.path: source.changed for source in context.after.sources}
    steps = [
        step
        for step in change.after.guard.steps
        if isinstance(step.where, InFile)
        and step.where.span.line in changed.get(step.where.path, ())
    ]
    near = [step for step in steps if step.note.startswith("guards ")]
    computing = [step for step in steps if _COMPUTES.search(step.text)]
    for step in (*near, *computing, *steps):
        if isinstance(step.where, InFile):
            return step.where
    return change.after.where
