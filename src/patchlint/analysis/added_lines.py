# SPDX-License-Identifier: GPL-2.0-or-later
"""The lines that a patch adds, and those that it takes away."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.lint.context import MessageContext
from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.location import InFile, Side, Span


def added(context: MessageContext) -> Iterator[tuple[FileChange, Line]]:
    """Yield the added lines of a patch, each with its change."""
    for change in context.patch.changes if context.patch else ():
        for line in change.lines:
            if line.kind is Kind.ADDED:
                yield change, line


def in_file(change: FileChange, line: Line, begin: int, end: int) -> InFile:
    """Return the place of some columns of an added line, from 0."""
    number = line.new or 1
    return InFile(change.path, Side.NEW, Span(number, begin + 1, number, end + 1))


def removed(context: MessageContext) -> frozenset[str]:
    """Return the lines that the patch takes away: what is moved is not new."""
    changes = context.patch.changes if context.patch else ()
    return frozenset(
        line.text
        for change in changes
        for line in change.lines
        if line.kind is Kind.REMOVED and line.text.strip()
    )
