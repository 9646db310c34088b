# SPDX-License-Identifier: GPL-2.0-or-later
"""The English that a patch adds to files: comments, help texts, documentation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchlint.model.change import FileChange, Kind
from patchlint.prose.blocks import Block, BlockKind, Row
from patchlint.prose.comments import added_comments
from patchlint.prose.lines import Look, look

_PROSE = (Look.TEXT, Look.INDENTED, Look.ITEM)
_HELP = re.compile(r"(?:\t| {8})  +(?=\S)")
_PAGE = re.compile(r" {0,4}(?:[-*] +)?(?=[A-Za-z])")


def added_prose(change: FileChange) -> Iterator[Block]:
    """Yield paragraphs of added lines; rows are places in the file afterwards."""
    return _paragraphs(row for row in _rows(change) if look(row.text) in _PROSE)


def added_text(change: FileChange) -> Iterator[Row]:
    """Yield the lines added to a page of documentation, or to a help text."""
    name = change.path.rsplit("/", 1)[-1]
    if name.startswith("Kconfig"):
        yield from _indented(change, _HELP)
    elif change.path.startswith("Documentation/") and name.endswith((".rst", ".txt")):
        yield from _indented(change, _PAGE)


def _rows(change: FileChange) -> Iterator[Row]:
    yield from added_text(change)
    yield from added_comments(change)


def _indented(change: FileChange, begin: re.Pattern[str]) -> Iterator[Row]:
    for line in change.lines:
        hit = begin.match(line.text) if line.kind is Kind.ADDED else None
        if hit:
            text = line.text[hit.end() :].rstrip()
            yield Row(line.new or 0, hit.end() + 1, text)


def _paragraphs(rows: Iterable[Row]) -> Iterator[Block]:
    """Yield what stands on lines one after the other."""
    kept: list[Row] = []
    for row in rows:
        if kept and row.line != kept[-1].line + 1:
            yield Block(BlockKind.PARAGRAPH, tuple(kept))
            kept = []
        kept.append(row)
    if kept:
        yield Block(BlockKind.PARAGRAPH, tuple(kept))
