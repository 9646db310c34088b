# SPDX-License-Identifier: GPL-2.0-or-later
"""The lines that a patch adds, and those that it takes away."""

from __future__ import annotations

from patchlint.lint.context import MessageContext
from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Patch


def added(context: MessageContext) -> tuple[tuple[FileChange, Line], ...]:
    """Return the added lines of a patch, each with its change."""
    patch = context.patch
    return () if patch is None else context.facts.of_one(_added, patch)


def _added(patch: Patch) -> tuple[tuple[FileChange, Line], ...]:
    return tuple(
        (change, line)
        for change in patch.changes
        for line in change.lines
        if line.kind is Kind.ADDED
    )


def in_file(change: FileChange, line: Line, begin: int, end: int) -> InFile:
    """Return the place of some columns of an added line, from 0."""
    number = line.new or 1
    return InFile(change.path, Side.NEW, Span(number, begin + 1, number, end + 1))


def removed(context: MessageContext) -> frozenset[str]:
    """Return the lines that the patch takes away: what is moved is not new."""
    patch = context.patch
    return frozenset() if patch is None else context.facts.of_one(_removed, patch)


def _removed(patch: Patch) -> frozenset[str]:
    return frozenset(
        line.text
        for change in patch.changes
        for line in change.lines
        if line.kind is Kind.REMOVED and line.text.strip()
    )


def new_text(patch: Patch) -> str:
    """Return all that a patch writes, to see at once what is nowhere in it."""
    lines = (line for change in patch.changes for line in change.lines)
    return "\n".join(line.text for line in lines if line.kind is Kind.ADDED)
