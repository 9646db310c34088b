# SPDX-License-Identifier: GPL-2.0-or-later
"""What a message says of a change, against the guards the change leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.guards import Change, Fate, guard_record, operations_of
from patchlint.analysis.told import announces, log_lines
from patchlint.lint.context import PatchContext, whole_files
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import InMessage, Span


def no_change_but_condition(context: PatchContext, options: Options) -> Iterator[Match]:
    """The message says nothing changes, and an operation gets another condition."""
    claim = _claim(context, options.pattern("claims"))
    if claim is None:
        return
    where, words = claim
    record = guard_record(whole_files(context), operations_of(options))
    for change in record:
        if _is_told(context, change):
            continue
        after = change.after
        yield Match(
            where=where,
            message=(
                f'The message says "{words}", but the condition of {after.name} in '
                f"{after.function} is another one: it was "
                f"{change.before.shown or 'none'}, it is {after.shown or 'none'}. "
                "Is that meant?"
            ),
            trace=(
                Step(change.before.where, change.before.name, "before"),
                *change.before.guard.steps,
                Step(after.where, after.name, "after"),
                *after.guard.steps,
            ),
            key=f"{after.function} {after.kind}",
        )


def _is_told(context: PatchContext, change: Change) -> bool:
    """A guard that stays, one that is announced, or one that cannot be traced."""
    if change.fate is not Fate.CHANGED or not change.after.guard.seen:
        return True
    after = change.after
    return announces(context, (after.name, after.kind, after.function))


def _claim(
    context: PatchContext, pattern: re.Pattern[str]
) -> tuple[InMessage, str] | None:
    """Return where the message says that nothing changes, and in which words."""
    for number, line in log_lines(context):
        if found := pattern.search(line):
            start, end = found.span()
            span = Span(number, start + 1, number, end + 1)
            return InMessage(span), found[0]
    return None
