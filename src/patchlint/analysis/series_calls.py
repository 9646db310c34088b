# SPDX-License-Identifier: GPL-2.0-or-later
"""How many arguments functions take, and are given, before and after each patch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.analysis.series_rows import Piece, Row
from patchlint.model.change import Kind
from patchlint.model.symbol import Symbol, SymbolKind

_TAKES = (SymbolKind.FUNCTION, SymbolKind.PROTOTYPE)
_LONGEST = 600
_CALLED = re.compile(r"\b(\w+)\s*\(")


class Turn(Struct, frozen=True):
    """A function, or a call of one, has another number of arguments behind a patch."""

    name: str
    was: int
    now: int
    row: Row


def heads(group: Sequence[Piece]) -> Iterator[Turn]:
    """Yield the functions to which the hunks of one patch give other parameters."""
    was = {s.name: _parameters(s) for _, s in _named(group, Kind.REMOVED)}
    for row, symbol in _named(group, Kind.ADDED):
        before, now = was.get(symbol.name), _parameters(symbol)
        if before is not None and now is not None and before != now:
            yield Turn(symbol.name, before, now, row)


def calls(group: Sequence[Piece], names: frozenset[str]) -> Iterator[Turn]:
    """Yield the calls to which one hunk gives another number of arguments.

    Calls that go on in the next line are left out.
    """
    for piece in group:
        given = {
            kind: _calls(piece, names, kind) for kind in (Kind.REMOVED, Kind.ADDED)
        }
        for name, (now, row) in given[Kind.ADDED].items():
            before = given[Kind.REMOVED].get(name)
            if before is not None and before[0] != now:
                yield Turn(name, before[0], now, row)


def _named(group: Sequence[Piece], kind: Kind) -> Iterator[tuple[Row, Symbol]]:
    """Yield the functions in the lines of one kind, with their first lines."""
    for piece in group:
        rows, found = (
            (piece.new, piece.named) if kind is Kind.ADDED else (piece.old, piece.was)
        )
        for symbol in found:
            if symbol.kind not in _TAKES:
                continue
            row = next(
                (
                    r
                    for r in rows[symbol.line - 1 : symbol.line + 5]
                    if r.line.kind is kind
                ),
                None,
            )
            if row is not None:
                yield row, symbol


def _parameters(symbol: Symbol) -> int | None:
    """Count the parameters of a head; None where it is cut, or takes any number."""
    heads = (hit for hit in _CALLED.finditer(symbol.text) if hit[1] == symbol.name)
    found = next(heads, None)
    return _count(symbol.text, found.end()) if found else None


def _calls(
    piece: Piece, names: frozenset[str], kind: Kind
) -> dict[str, tuple[int, Row]]:
    """Return the arguments of the calls in lines of one kind that are all alike."""
    found: dict[str, set[int]] = {}
    places: dict[str, Row] = {}
    heads_here = {s.name for s in (*piece.named, *piece.was) if s.kind in _TAKES}
    for row in piece.rows:
        if row.line.kind is not kind or len(row.code) > _LONGEST:
            continue
        for word in re.finditer(r"(?<![\w.>])([A-Za-z_]\w*)\s*\(", row.code):
            name = word[1]
            if name not in names or name in heads_here:
                continue
            count = _count(row.code, word.end())
            if count is not None:
                found.setdefault(name, set()).add(count)
                places.setdefault(name, row)
    return {
        name: (next(iter(counts)), places[name])
        for name, counts in found.items()
        if len(counts) == 1
    }


def _count(text: str, at: int) -> int | None:
    """Count what stands between the commas from ``at`` to the closing parenthesis."""
    depth, commas, begin = 1, 0, at
    for place in range(at, min(len(text), at + _LONGEST)):
        char = text[place]
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            inner = text[begin:place].strip()
            if "..." in inner:
                return None
            return 0 if inner in ("", "void") else commas + 1
        commas += char == "," and depth == 1
    return None
