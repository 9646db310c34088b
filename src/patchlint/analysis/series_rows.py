# SPDX-License-Identifier: GPL-2.0-or-later
"""The lines of all diffs of a posting, as code: comments and strings are blanked.

Hunks are enough for that, so that it can be done for every posting at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.lint.context import SeriesContext
from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Series
from patchlint.model.symbol import FileFacts, Symbol, SymbolKind
from patchlint.syntax.comments import structure
from patchlint.syntax.tree_files import read_file

_CODE = (".c", ".h", ".S")
_LONGEST = 2000
_ENUM = re.compile(r"(?:typedef\s+)?enum\b[^;()]*\{\s*\Z")
_CONSTANT = re.compile(r"[ \t]+([A-Z][A-Z0-9_]{3,})\s*(?:=[^,]*)?,?\s*\Z")
_LABEL = re.compile(r"\w+\s*:")
_SAID = re.compile(r"[^\n]")


class Row(Struct, frozen=True):
    """A line of a hunk; ``code`` is its text without comments, ``patch`` counts from 0.

    ``hunk`` tells the hunks of a posting apart.
    """

    patch: int
    path: str
    line: Line
    code: str
    hunk: int

    def at(self, column: int, width: int) -> InFile:
        """Return the place of some characters of it; columns count from 1."""
        is_old = self.line.kind is Kind.REMOVED
        number = (self.line.old if is_old else self.line.new) or 1
        span = Span(number, column, number, column + width)
        return InFile(self.path, Side.OLD if is_old else Side.NEW, span)


class Piece(Struct, frozen=True):
    """A hunk of C or assembly: its rows in order, and what both sides name.

    The lines of the symbols count from 1 in ``new`` and in ``old``, the rows of a side.
    """

    rows: tuple[Row, ...]
    new: tuple[Row, ...]
    old: tuple[Row, ...]
    named: tuple[Symbol, ...]
    was: tuple[Symbol, ...]


def by_patch(of: tuple[Piece, ...]) -> dict[int, list[Piece]]:
    """Return the hunks of each patch, in their order."""
    found: dict[int, list[Piece]] = {}
    for piece in of:
        found.setdefault(piece.rows[0].patch, []).append(piece)
    return found


def pieces(context: SeriesContext) -> tuple[Piece, ...]:
    """Return the hunks of code of a posting, worked out once."""
    return context.facts.of_one(_pieces, context.series)


def _pieces(series: Series) -> tuple[Piece, ...]:
    return tuple(_all_pieces(series))


def _all_pieces(series: Series) -> Iterator[Piece]:
    count = 0
    for number, patch in enumerate(series.patches):
        for change in patch.changes:
            if not change.has_text or not change.path.endswith(_CODE):
                continue
            for hunk in change.hunks:
                count += 1
                yield _piece(number, change, hunk, count)


def _piece(patch: int, change: FileChange, hunk: Hunk, count: int) -> Piece:
    old = _side(patch, change, hunk, Kind.ADDED, count)
    new = _side(patch, change, hunk, Kind.REMOVED, count)
    by_line = {id(row.line): row for row in (*old, *new)}
    rows = tuple(by_line[id(line)] for line in hunk.lines)
    has_new = any(row.line.kind is Kind.ADDED for row in new)
    named = _symbols(change.path, new) if has_new else ()
    return Piece(rows, new, old, named, _symbols(change.path, old))


def _side(
    patch: int, change: FileChange, hunk: Hunk, other: Kind, count: int
) -> tuple[Row, ...]:
    lines = [line for line in hunk.lines if line.kind is not other]
    text = "\n".join(line.text if len(line.text) <= _LONGEST else "" for line in lines)
    path = (change.old_path if other is Kind.ADDED else change.new_path) or change.path
    codes = _code(text).split("\n")
    return tuple(
        Row(patch, path, line, code, count)
        for line, code in zip(lines, codes, strict=False)
    )


def _code(text: str) -> str:
    """Blank comments and strings; a hunk may begin inside of a comment.

    Lines with a star in front are taken for that.
    """
    begin = 0
    if text.lstrip(" \t").startswith("*"):
        end = text.find("*/")
        begin = end + 2 if end >= 0 else len(text)
    return _SAID.sub(" ", text[:begin]) + structure(text[begin:])


def _symbols(path: str, rows: Sequence[Row]) -> tuple[Symbol, ...]:
    """Return what begins in the first column: the rest may be cut out of a body."""
    found: FileFacts = read_file(path, "\n".join(row.code for row in rows))
    outer = (
        symbol
        for symbol in found.symbols
        if symbol.line <= len(rows)
        and rows[symbol.line - 1].code[:1].strip()
        and not _LABEL.match(symbol.text)
    )
    return (*outer, *_constants(rows))


def _constants(rows: Sequence[Row]) -> Iterator[Symbol]:
    """Yield the constants of enums that begin in the hunk, as macros."""
    inside = False
    for number, row in enumerate(rows, 1):
        if _ENUM.match(row.code):
            inside = True
        elif row.code[:1] == "}":
            inside = False
        elif inside and (found := _CONSTANT.match(row.code)):
            yield Symbol(found[1], SymbolKind.MACRO, number, row.code.strip())
