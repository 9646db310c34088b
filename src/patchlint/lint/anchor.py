# SPDX-License-Identifier: GPL-2.0-or-later
"""From a place in a file to the mail line a reply can quote."""

from __future__ import annotations

from collections.abc import Iterator

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
        for line in change.lines:
            if _number(line, where.side) == where.span.line:
                return line
    return None


def _step_line(where: Location, patch: Patch) -> Line | None:
    return shown(where, patch) if isinstance(where, InFile) else None


def _changes(where: InFile, patch: Patch) -> Iterator[FileChange]:
    for change in patch.changes:
        path = change.new_path if where.side is Side.NEW else change.old_path
        if path == where.path:
            yield change


def _nearest(where: InFile, patch: Patch) -> int | None:
    """Return the mail line of the last hunk that begins before the place."""
    for change in _changes(where, patch):
        best = change.mail
        for hunk in change.hunks:
            start = hunk.new_start if where.side is Side.NEW else hunk.old_start
            if start <= where.span.line or best == change.mail:
                best = hunk.mail
        return best
    return None


def _shift(span: Span, mail: int) -> Span:
    """Move a span into the mail, where each diff line has a mark in front."""
    if span.end_line != span.line:
        return Span(mail)
    return Span(mail, span.column + 1, mail, span.end_column + 1)


def _number(line: Line, side: Side) -> int | None:
    return line.new if side is Side.NEW else line.old
