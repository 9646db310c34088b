# SPDX-License-Identifier: GPL-2.0-or-later
"""Take a commit log apart: prose, lists, code, tables, footnotes, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from patchlint.prose.lines import Look, look


class BlockKind(StrEnum):
    """What a run of lines is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    BACKTRACE = "backtrace"
    FOOTNOTE = "footnote"
    LINK = "link"
    TRAILER = "trailer"
    NOTE = "note"


class Row(Struct, frozen=True):
    """A line of a block: its mail line, the column its text begins at, the text.

    Indentation, the bullet of a list item and blanks at the end are left out.
    """

    line: int
    column: int
    text: str


class Block(Struct, frozen=True):
    """Lines that belong together; there is at least one."""

    kind: BlockKind
    rows: tuple[Row, ...]

    @property
    def first(self) -> int:
        """The mail line it begins on."""
        return self.rows[0].line

    @property
    def last(self) -> int:
        """The mail line it ends on."""
        return self.rows[-1].line

    @property
    def text(self) -> str:
        """Its text, one line a row."""
        return "\n".join(row.text for row in self.rows)

    @property
    def words(self) -> int:
        """How many words it has, anything between blanks being one."""
        return sum(len(row.text.split()) for row in self.rows)


class _Line(Struct, frozen=True):
    number: int
    text: str


_KINDS = {
    Look.TEXT: BlockKind.PARAGRAPH,
    Look.INDENTED: BlockKind.CODE,
    Look.CODE: BlockKind.CODE,
    Look.TABLE: BlockKind.TABLE,
    Look.BACKTRACE: BlockKind.BACKTRACE,
    Look.ITEM: BlockKind.ITEM,
    Look.FOOTNOTE: BlockKind.FOOTNOTE,
    Look.LINK: BlockKind.LINK,
    Look.TRAILER: BlockKind.TRAILER,
    Look.NOTE: BlockKind.NOTE,
}
_OPENS = frozenset({Look.ITEM, Look.FOOTNOTE, Look.NOTE, Look.TRAILER})
_FLOWS_ON = {
    BlockKind.ITEM: frozenset({Look.TEXT, Look.INDENTED}),
    BlockKind.FOOTNOTE: frozenset({Look.TEXT, Look.INDENTED, Look.LINK}),
    BlockKind.TRAILER: frozenset({Look.INDENTED}),
    BlockKind.PARAGRAPH: frozenset({Look.FOOTNOTE}),
}
_BULLET = re.compile(r"\s*[^\s]{1,5}\s+")
_RULER = re.compile(r"([-=~*_#])\1{2,}")
_FRAMED = re.compile(r"(?:--+|==+|##+)\s+\S")
_HEADING_WORDS = 8


def blocks(lines: Sequence[str], first: int = 1) -> tuple[Block, ...]:
    """Return the blocks of ``lines``, the first of which is line ``first`` of a mail.

    Every line that is not blank is in exactly one block, in order.
    """
    found: list[Block] = []
    for stanza in _stanzas(lines, first):
        runs = tuple(_runs(stanza))
        found += [_as_heading(run) for run in runs] if len(runs) == 1 else runs
    return tuple(found)


def _stanzas(lines: Sequence[str], first: int) -> Iterator[tuple[_Line, ...]]:
    """Yield what stands between blank lines."""
    stanza: list[_Line] = []
    for number, text in enumerate(lines, first):
        if text.strip():
            stanza.append(_Line(number, text))
        elif stanza:
            yield tuple(stanza)
            stanza = []
    if stanza:
        yield tuple(stanza)


def _runs(stanza: tuple[_Line, ...]) -> Iterator[Block]:
    """Yield the blocks of one stanza.

    A line of a backtrace makes the whole stanza one: what is printed around it reads
    like prose, and is not.
    """
    looks = [look(line.text) for line in stanza]
    if Look.BACKTRACE in looks or _is_underlined(stanza):
        whole = tuple(_row(line, bullet=False) for line in stanza)
        traced = Look.BACKTRACE in looks
        yield Block(BlockKind.BACKTRACE if traced else BlockKind.HEADING, whole)
        return
    rows: list[Row] = []
    kind = BlockKind.PARAGRAPH
    for line, seen in zip(stanza, looks, strict=True):
        if rows and not _flows_on(kind, rows, seen):
            yield Block(kind, tuple(rows))
            rows = []
        if not rows:
            kind = _KINDS[seen]
        rows.append(_row(line, bullet=seen is Look.ITEM and not rows))
    yield Block(kind, tuple(rows))


def _is_underlined(stanza: tuple[_Line, ...]) -> bool:
    return len(stanza) == 2 and _RULER.fullmatch(stanza[1].text.strip()) is not None


def _flows_on(kind: BlockKind, rows: Sequence[Row], seen: Look) -> bool:
    """Say whether the next line goes on with the block at hand."""
    if kind is BlockKind.NOTE:
        return not rows[-1].text.endswith("]")
    if kind is BlockKind.CODE and rows[0].text.startswith("/*"):
        return not rows[-1].text.endswith("*/")
    if seen in _FLOWS_ON.get(kind, ()):
        return True
    return _KINDS[seen] is kind and seen not in _OPENS


def _row(line: _Line, *, bullet: bool) -> Row:
    hit = _BULLET.match(line.text) if bullet else None
    begin = hit.end() if hit else len(line.text) - len(line.text.lstrip())
    return Row(line.number, begin + 1, line.text[begin:].rstrip())


def _as_heading(block: Block) -> Block:
    """Turn a paragraph that stands and reads like a heading into one."""
    if block.kind is not BlockKind.PARAGRAPH:
        return block
    first = block.rows[0].text
    open_ended = first.endswith(":") or first[-1] not in ".?!,;"
    short = open_ended and block.words <= _HEADING_WORDS
    framed = _FRAMED.match(first) is not None
    heading = len(block.rows) == 1 and (short or framed)
    return Block(BlockKind.HEADING, block.rows) if heading else block
