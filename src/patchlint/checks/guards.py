# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about the conditions of guarded operations, before and after a patch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.guards import Change, Fate, guard_record
from patchlint.analysis.sites import Operations, Site
from patchlint.lint.context import PatchContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Severity, Step
from patchlint.model.location import InFile

_CHANGES = re.compile(
    r"\b(?:chang|switch|mov|wid|narrow|relax|restrict|extend|limit|skip|mak)\w*\b", re.I
)
_ONLY = re.compile(r"\bno\s+(?:\w+\s+)?functional\s+changes?\b", re.IGNORECASE)
_COMPUTES = re.compile(r"[(=]")


def drift(context: PatchContext, options: Options) -> Iterator[Match]:
    """An operation's guard gets another root at one site and not at another.

    A patch that says it changes the condition is asked rather than warned; so is
    one whose new condition is a flag that nothing at hand sets.
    """
    record = _record(context, options)
    for change in record:
        if change.fate is not Fate.CHANGED:
            continue
        others = _telling([other for other in record if _differs(other, change)])
        if others or _claims_no_change(context):
            open_end = not change.after.guard.seen
            asked = open_end or _announced(context, change)
            yield Match(
                where=_place(context, change),
                message=_drift_text(change, others),
                trace=_trace(change, others),
                severity=Severity.QUESTION if asked else None,
                key=f"{change.after.function} {change.after.kind}",
            )


def mixed(context: PatchContext, options: Options) -> Iterator[Match]:
    """One patch rewrites the guards of some sites and changes those of others."""
    record = _record(context, options)
    rewritten = [change for change in record if change.fate is Fate.REWRITTEN]
    for change in record:
        partner = next((r for r in rewritten if _pairs(r, change)), None)
        if change.fate is Fate.CHANGED and partner is not None:
            yield Match(
                where=_place(context, change),
                message=(
                    f"This changes behaviour for {_at(change.after)}, while "
                    f"{_at(partner.after)} is only rewritten, so a bisection cannot "
                    "tell the two apart. Could the change be a patch of its own, "
                    "before this one?"
                ),
                trace=(
                    _row(change.before, "before"),
                    _row(change.after, "after"),
                    _row(partner.after, "only rewritten"),
                ),
                key=f"{change.after.function} {partner.after.function}",
            )


def _record(context: PatchContext, options: Options) -> tuple[Change, ...]:
    kinds, alike = (
        tuple((name, frozenset(names)) for name, names in options.table(key).items())
        for key in ("operations", "alike")
    )
    return guard_record(context, Operations(kinds, alike))


def _pairs(one: Change, other: Change) -> bool:
    return one.after.kind == other.after.kind


def _differs(other: Change, change: Change) -> bool:
    """Another site of the operation that keeps its root, or gets a different one."""
    if other is change or not _pairs(other, change):
        return False
    same_before = other.before.guard.atoms == change.before.guard.atoms
    same_after = other.after.guard.atoms == change.after.guard.atoms
    return other.fate is not Fate.CHANGED or same_before != same_after


def _telling(others: list[Change]) -> list[Change]:
    """Of several sites, those the patch touches say most."""
    return [o for o in others if o.fate is not Fate.KEPT] or others


def _drift_text(change: Change, others: list[Change]) -> str:
    before, after = change.before, change.after
    name = after.name.removesuffix("()")
    text = (
        f"The condition of {name} in {after.function} changes here: it was "
        f"{before.shown or 'none'}, it becomes {after.shown or 'none'}."
    )
    if not others:
        return f"{text} The message says that there is no functional change."
    kept = [o.after.function for o in others if o.fate is not Fate.CHANGED]
    if kept:
        return f"{text} {_keeps(kept)}"
    other = others[0].after
    return f"{text} In {other.function} it becomes {other.shown or 'none'}."


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


def _log(context: PatchContext) -> str:
    lines = (context.message.line(number) for number in context.patch.parts.log)
    return "\n".join(lines)


def _claims_no_change(context: PatchContext) -> bool:
    return _ONLY.search(_log(context)) is not None


def _announced(context: PatchContext, change: Change) -> bool:
    """Say whether a sentence of the log speaks of changing this operation."""
    names = (change.after.name, change.after.kind, change.after.function)
    words = re.compile("|".join(re.escape(name) for name in names), re.IGNORECASE)
    sentences = re.split(r"(?<=[.!?])\s+", _log(context))
    return any(_CHANGES.search(s) and words.search(s) for s in sentences)
