# SPDX-License-Identifier: GPL-2.0-or-later
"""Who defines a name in a posting, who uses it there, and whether the base had it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct, field

from patchlint.analysis.series_rows import Piece, Row, by_patch, pieces
from patchlint.lint.context import SeriesContext
from patchlint.model.change import Kind
from patchlint.model.symbol import Symbol, SymbolKind

_WORD = re.compile(r"[A-Za-z_]\w*")
_DEFINES = frozenset((SymbolKind.FUNCTION, SymbolKind.ROUTINE, SymbolKind.MACRO))
_DECLARES = frozenset((SymbolKind.PROTOTYPE, SymbolKind.EXTERN))
_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(\w+)")
_EXPORTS = re.compile(r"[ \t]*EXPORT_\w*SYMBOL")
_BEFORE = re.compile(r"(?:[(,=&{?:!|]|\breturn)\s*\Z")
_AFTER = re.compile(r"\s*[,);}?:&|]")


class Form(StrEnum):
    """How a name stands in a line of code."""

    HEAD = "head"
    CALL = "call"
    HANDED = "handed on"
    MEMBER = "member"
    MACRO = "in a macro"
    EXPORT = "export"
    DIRECTIVE = "directive"
    OTHER = "other"


class Mention(Struct, frozen=True):
    """A name in a line of a hunk; ``column`` counts from 1."""

    name: str
    row: Row
    column: int
    form: Form


class Defined(Struct, frozen=True):
    """A definition, or a declaration, that a patch adds and no line of it removes."""

    symbol: Symbol
    row: Row

    @property
    def is_static(self) -> bool:
        """Whether only its own file sees it."""
        return re.search(r"\bstatic\b", self.symbol.text) is not None


class Names(Struct):
    """What a posting brings, by name, each in the order of the posting.

    ``mentions`` are those in added lines. ``old`` are names that a line shows which no
    patch has added: the base has them. ``gone`` are names whose definition a later
    patch takes away, and no other one brings back.
    """

    defined: dict[str, list[Defined]] = field(default_factory=dict)
    declared: dict[str, list[Defined]] = field(default_factory=dict)
    mentions: dict[str, list[Mention]] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)
    gone: dict[str, int] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)


def names(context: SeriesContext) -> Names:
    """Return the names of a posting, worked out once."""
    return context.facts.of_one(_names, pieces(context))


def _names(of: tuple[Piece, ...]) -> Names:
    found = Names()
    groups = by_patch(of)
    for number, group in groups.items():
        _define(found, number, group)
    wanted = frozenset((*found.defined, *found.declared))
    added: set[str] = set()
    for group in groups.values():
        _mention(found, group, wanted, added)
    return found


def _define(found: Names, number: int, group: Sequence[Piece]) -> None:
    """Take in the definitions that one patch adds or removes."""
    was = [symbol for piece in group for symbol in piece.was]
    had = _named(was, _DEFINES)
    known = {
        **dict.fromkeys(_DEFINES, (found.defined, had)),
        **dict.fromkeys(_DECLARES, (found.declared, _named(was, _DECLARES))),
    }
    for piece in group:
        for symbol in piece.named:
            row = piece.new[symbol.line - 1]
            if row.line.kind is not Kind.ADDED:
                continue
            if symbol.kind is SymbolKind.EXPORT:
                found.exported.add(symbol.name)
            table, before = known.get(symbol.kind, ({}, frozenset()))
            if symbol.name not in before:
                table.setdefault(symbol.name, []).append(Defined(symbol, row))
    has = _named((symbol for piece in group for symbol in piece.named), _DEFINES)
    for name in has & found.gone.keys():
        del found.gone[name]
    found.gone.update((name, number) for name in had - has if name in found.defined)


def _named(symbols: Iterable[Symbol], kinds: frozenset[SymbolKind]) -> frozenset[str]:
    return frozenset(symbol.name for symbol in symbols if symbol.kind in kinds)


def _mention(
    found: Names, group: Sequence[Piece], wanted: frozenset[str], added: set[str]
) -> None:
    """Take in where one patch names what is wanted; ``added`` are lines so far."""
    fresh: set[str] = set()
    for piece in group:
        heads = {*_heads(piece.new, piece.named), *_heads(piece.old, piece.was)}
        is_define = is_open = False
        for row in piece.rows:
            if not is_open:
                words = _DIRECTIVE.match(row.code)
                is_new = row.line.kind is Kind.ADDED
                is_define = bool(words and words[1] == "define" and is_new)
            is_open = row.code.rstrip().endswith("\\")
            here = [w for w in _WORD.finditer(row.code) if w[0] in wanted]
            if not here:
                continue
            if row.line.kind is not Kind.ADDED:
                if row.code.strip() not in added:
                    known = {w[0] for w in here}
                    found.old |= known
                continue
            fresh.add(row.code.strip())
            for word in here:
                is_head = (id(row.line), word[0]) in heads
                in_macro = Form.MACRO if is_define else _form(row.code, word)
                form = Form.HEAD if is_head else in_macro
                mention = Mention(word[0], row, word.start() + 1, form)
                found.mentions.setdefault(word[0], []).append(mention)
    added |= fresh


def _heads(rows: Sequence[Row], symbols: Iterable[Symbol]) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of where definitions and declarations name themselves."""
    for symbol in symbols:
        if symbol.kind is SymbolKind.EXPORT:
            continue
        for row in rows[symbol.line - 1 : symbol.line + 3]:
            if symbol.name in _WORD.findall(row.code):
                yield id(row.line), symbol.name
                break


def _form(code: str, word: re.Match[str]) -> Form:
    before, after = code[: word.start()], code[word.end() :]
    is_handed = not before.strip() or _BEFORE.search(before)
    asked = (
        (Form.DIRECTIVE, _DIRECTIVE.match(code)),
        (Form.EXPORT, _EXPORTS.match(code)),
        (Form.MEMBER, before.rstrip().endswith((".", "->"))),
        (Form.CALL, after.lstrip().startswith("(")),
        (Form.HANDED, is_handed and _AFTER.match(after)),
    )
    return next((form for form, holds in asked if holds), Form.OTHER)
