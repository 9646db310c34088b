# SPDX-License-Identifier: GPL-2.0-or-later
"""From a place in a file to the mail line a reply can quote."""

from __future__ import annotations

from bisect import bisect_right

from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.finding import Match
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.model.message import Message
from patchlint.model.series import Patch


def anchor(match: Match, message: Message, patch: Patch | None) -> InMessage:
    """Return the place in the mail to quote for ``match``.

    The line itself if a hunk shows it, else a changed line of its trace, else any
    line of its trace, else the nearest hunk of the file, else the subject.
    """
    if isinstance(match.where, InMessage):
        return match.where
    if patch is not None:
        if line := shown(match.where, patch):
            return InMessage(_shift(match.where.span, line.mail))
        steps = [ln for s in match.trace if (ln := _step_line(s.where, patch))]
        steps.sort(key=lambda line: line.kind is Kind.CONTEXT)
        if steps:
            return InMessage(Span(steps[0].mail))
        if nearest := _nearest(match.where, patch):
            return InMessage(Span(nearest))
    return InMessage(Span(message.subject.line))


def shown(where: InFile, patch: Patch) -> Line | None:
    """Return the diff line that shows a place in a file, or None."""
    for change in _changes(where, patch):
        if line := change.line_at(where.span.line, where.side):
            return line
    return None


def _step_line(where: Location, patch: Patch) -> Line | None:
    return shown(where, patch) if isinstance(where, InFile) else None


def _changes(where: InFile, patch: Patch) -> tuple[FileChange, ...]:
    return patch.by_path.get((where.path, where.side), ())


def _nearest(where: InFile, patch: Patch) -> int | None:
    """Return the mail line of the last hunk that begins before the place."""
    for change in _changes(where, patch):
        is_new = where.side is Side.NEW
        after = bisect_right(
            change.hunks,
            where.span.line,
            key=lambda hunk: hunk.new_start if is_new else hunk.old_start,
        )
        if change.hunks:
            return change.hunks[max(after - 1, 0)].mail
        return change.mail
    return None


def _shift(span: Span, mail: int) -> Span:
    """Move a span into the mail, where each diff line has a mark in front."""
    if span.end_line != span.line:
        return Span(mail)
    return Span(mail, span.column + 1, mail, span.end_column + 1)
