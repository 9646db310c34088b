# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of a block, each with its exact place; what is not language is masked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from patchlint.model.location import Span
from patchlint.prose.blocks import Block


class TokenKind(StrEnum):
    """``code`` is all that is not language: identifiers, paths, quotations, ids."""

    WORD = "word"
    NUMBER = "number"
    CODE = "code"
    SIGN = "sign"


class Token(Struct, frozen=True, gc=False):
    """A word or a sign; a quotation that wraps is one token over several lines.

    ``glued`` says that no blank stands before it. ``lower`` is the text in lower case
    if it is a word, else the empty string.
    """

    kind: TokenKind
    text: str
    span: Span
    glued: bool = False
    lower: str = ""


class Places:
    """From offsets in the text of a block to lines and columns of the mail."""

    __slots__ = ("_rows", "_starts")

    def __init__(self, block: Block) -> None:
        self._rows = block.rows
        self._starts = [0]
        for row in block.rows[:-1]:
            self._starts.append(self._starts[-1] + len(row.text) + 1)

    def span(self, begin: int, end: int) -> Span:
        """Return the place of ``text[begin:end]``, which must not be empty."""
        line, column, left = self._place(begin)
        if end - begin <= left:
            return Span(line, column, line, column + end - begin)
        end_line, end_column, _ = self._place(end - 1)
        return Span(line, column, end_line, end_column + 1)

    def _place(self, offset: int) -> tuple[int, int, int]:
        """Return line and column, and how many characters the line has from there."""
        at = bisect_right(self._starts, offset) - 1
        row, inside = self._rows[at], offset - self._starts[at]
        return row.line, row.column + inside, len(row.text) - inside


_Piece = tuple[TokenKind, int, int]

# Typographic quotation marks, by name: they look too much like others.
_OPENING = "([{\"'*\u201c\u2018"
_CLOSING = ".,;:!?)]}\"'*\u201d\u2019\u2026"
_ABBREVIATIONS = frozenset({
    "e.g", "i.e", "eg", "ie", "etc", "vs", "cf", "resp", "approx", "incl", "aka",
    "a.k.a", "w.r.t", "wrt", "viz", "fig", "sec", "vol", "no", "pp", "ca", "al",
})  # fmt: skip
# A mask may hold blanks and line ends. Each part begins at a sign that cannot stand
# inside of it, or is bounded, so that matching stays linear.
_MASK = re.compile(
    r"""\b[a-z]{2,8}://[^\s<>"]+
      | (?<!\w)<[^<>\s]{1,120}>
      | `{1,2}[^`]{1,160}`{1,2}
      | "[^"]{1,300}"
      | \u201c[^\u201d]{1,300}\u201d
      | (?<!\w)'[^'\n]{1,60}'(?!\w)
      | \[(?:\d{1,2}|\*{1,3})\]
      | (?<![\w.>:&*-])[A-Za-z_&*][\w.>:*-]*+\((?!(?:s|es|R|TM|C)\))[^()\n]{0,80}\)
        (?:'s(?!\w))?
    """,
    re.VERBOSE,
)
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019&-][^\W\d_]+)*+['\u2019]?(?:\((?:s|es)\))?")
_SLASHED = frozenset({"and/or", "he/she", "his/her", "in/out", "on/off", "either/or"})
_CAMEL = re.compile(r"[a-z][A-Z]")
_NUMBER = re.compile(r"(?!0x)[~+-]?\d[\d.,x%]*+[A-Za-z]{0,5}(?:-[a-z]+)?")
_HASH = re.compile(r"(?=[a-f]*\d)[0-9a-f]{7,40}")


def tokenize(block: Block) -> tuple[Token, ...]:
    """Return the tokens of a block: all its text, but for the blanks."""
    text = block.text
    return tuple(_placed(block, text, _pieces(text)))


def _placed(block: Block, text: str, pieces: Iterable[_Piece]) -> Iterator[Token]:
    """Yield pieces, which come in order, as tokens, each with its place."""
    places, rows = Places(block), iter(block.rows)
    row, first = next(rows), 0
    for kind, begin, end in pieces:
        while begin > first + len(row.text):
            first += len(row.text) + 1
            row = next(rows)
        column = row.column + begin - first
        if end <= first + len(row.text):
            span = Span(row.line, column, row.line, column + end - begin)
        else:
            span = places.span(begin, end)
        core = text[begin:end]
        glued = begin > 0 and not text[begin - 1].isspace()
        lower = core.lower() if kind is TokenKind.WORD else ""
        yield Token(kind, core, span, glued, lower)


def _pieces(text: str) -> list[_Piece]:
    """Return (kind, begin, end): masked code as a whole, the rest word by word."""
    pieces: list[_Piece] = []
    done = 0
    for mask in _MASK.finditer(text):
        _plain(text, done, mask.start(), pieces)
        code = mask[0].rstrip(".,;:!?)'") if "://" in mask[0] else mask[0]
        done = mask.start() + len(code)
        pieces.append((TokenKind.CODE, mask.start(), done))
    _plain(text, done, len(text), pieces)
    return pieces


def _plain(text: str, begin: int, end: int, pieces: list[_Piece]) -> None:
    """Add what stands between masks; most of it is words in small letters."""
    for hit in _CHUNK.finditer(text, begin, end):
        chunk, at = hit[0], hit.start()
        if chunk.isalpha():
            is_plain = chunk.islower()
            kind = TokenKind.WORD if is_plain else _kind(chunk)
            pieces.append((kind, at, at + len(chunk)))
        else:
            pieces += _chunk(chunk, at)


def _chunk(chunk: str, at: int) -> Iterator[_Piece]:
    """Split signs off both ends of a chunk, and say what is between them."""
    lead = len(chunk) - len(chunk.lstrip(_OPENING))
    core_end = max(lead, _core_end(chunk))
    for offset in range(lead):
        yield TokenKind.SIGN, at + offset, at + offset + 1
    if core_end > lead:
        yield _kind(chunk[lead:core_end]), at + lead, at + core_end
    for offset in range(core_end, len(chunk)):
        yield TokenKind.SIGN, at + offset, at + offset + 1


def _core_end(chunk: str) -> int:
    """Return where the signs at the end begin; ``e.g.`` keeps its last one."""
    core = chunk.rstrip(_CLOSING)
    bare = core.lstrip(_OPENING).lower()
    if bare in _ABBREVIATIONS and chunk.startswith(".", len(core)):
        return len(core) + 1
    if core.count("(") > core.count(")") and chunk.startswith(")", len(core)):
        return len(core) + 1
    return len(core)


def _kind(core: str) -> TokenKind:
    if core.isalpha() and (core.islower() or core[1:].islower()):
        return TokenKind.WORD
    if not any(character.isalnum() for character in core):
        return TokenKind.SIGN
    if _HASH.fullmatch(core):
        return TokenKind.CODE
    if _NUMBER.fullmatch(core):
        return TokenKind.NUMBER
    return TokenKind.WORD if _is_word(core) else TokenKind.CODE


def _is_word(core: str) -> bool:
    lower = core.removesuffix(".").lower()
    if lower in _ABBREVIATIONS or lower in _SLASHED:
        return True
    return _WORD.fullmatch(core) is not None and not _CAMEL.search(core)
