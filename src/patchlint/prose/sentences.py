# SPDX-License-Identifier: GPL-2.0-or-later
"""Sentences and words of a block, each with its exact place in the mail."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from patchlint.model.location import Span
from patchlint.prose.blocks import Block


class TokenKind(StrEnum):
    """``code`` is all that is not language: identifiers, paths, quotations, ids."""

    WORD = "word"
    NUMBER = "number"
    CODE = "code"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign; a quotation that wraps is one token over several lines.

    ``glued`` says that no blank stands before it.
    """

    kind: TokenKind
    text: str
    span: Span
    glued: bool = False

    @property
    def lower(self) -> str:
        """The text in lower case if it is a word, else the empty string."""
        return self.text.lower() if self.kind is TokenKind.WORD else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence; there is at least one."""

    tokens: tuple[Token, ...]

    @property
    def words(self) -> int:
        """How many words it has; an identifier or a quotation counts as one."""
        return sum(token.kind is not TokenKind.SIGN for token in self.tokens)

    @property
    def ended(self) -> bool:
        """Whether it has a full stop, a question or an exclamation mark."""
        return any(token.text in _STOPS for token in self.tokens[-3:])

    @property
    def span(self) -> Span:
        """From its first character to its last."""
        begin, end = self.tokens[0].span, self.tokens[-1].span
        return Span(begin.line, begin.column, end.end_line, end.end_column)


_STOPS = frozenset(".?!")
_OPENING = "([{\"'“‘*"
_CLOSING = ".,;:!?)]}\"'”’…*"
_ABBREVIATIONS = frozenset({
    "e.g", "i.e", "eg", "ie", "etc", "vs", "cf", "resp", "approx", "incl", "aka", "a.k.a",
    "w.r.t", "wrt", "viz", "fig", "sec", "vol", "no", "pp", "ca", "dr", "mr", "st", "al",
})  # fmt: skip
_MASK = re.compile(
    r"""\b[a-z]{2,8}://[^\s<>"]+
      | (?<!\w)<[^<>\s]{1,120}>
      | `{1,2}[^`]{1,160}`{1,2}
      | "[^"]{1,300}"
      | “[^”]{1,300}”
      | (?<!\w)'[^'\n]{1,60}'(?!\w)
      | \[(?:\d{1,2}|\*{1,3})\]
      | (?<![\w.>:&*-])[A-Za-z_&*][\w.>:*-]*+\((?!(?:s|es|R|TM|C)\))[^()\n]{0,80}\)
        (?:'s(?!\w))?
    """,
    re.VERBOSE,
)
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’&-][^\W\d_]+)*['’]?(?:\((?:s|es)\))?")
_SLASHED = re.compile(r"(?:and|or|he|his|in|read|on|he)/(?:or|she|her|out|write|off)")
_CAMEL = re.compile(r"[a-z][A-Z]")
_NUMBER = re.compile(r"[~+-]?\d[\d.,x%]*[A-Za-z]{0,5}(?:-[a-z]+)?")
_HASH = re.compile(r"(?=[a-f]*\d)[0-9a-f]{7,40}")


def sentences(block: Block) -> tuple[Sentence, ...]:
    """Return the sentences of a block; every token is in exactly one."""
    found: list[Sentence] = []
    current: list[Token] = []
    tokens = tokenize(block)
    for token, following in pairwise((*tokens, None)):
        if token is None:
            continue
        current.append(token)
        if following is None or _ends(current, following):
            found.append(Sentence(tuple(current)))
            current = []
    return tuple(found)


def tokenize(block: Block) -> tuple[Token, ...]:
    """Return the tokens of a block."""
    places = _Places(block)
    text = block.text
    tokens: list[Token] = []
    for kind, begin, end in _pieces(text):
        glued = begin > 0 and not text[begin - 1].isspace()
        tokens.append(Token(kind, text[begin:end], places.span(begin, end), glued))
    return tuple(tokens)


def _ends(current: list[Token], following: Token) -> bool:
    """Say whether a sentence ends after ``current`` and before ``following``."""
    if following.glued and following.kind is TokenKind.SIGN:
        return False
    tail = [token for token in current[-3:] if token.kind is TokenKind.SIGN]
    if current[-1].kind is not TokenKind.SIGN or current[-1].text in "([{“‘":
        return False
    if not any(token.text in _STOPS for token in tail):
        return False
    dots = sum(token.text == "." for token in tail)
    return dots < 2 or following.text[:1].isupper()


class _Places:
    """From offsets in the text of a block to lines and columns of the mail."""

    def __init__(self, block: Block) -> None:
        self._rows = block.rows
        self._starts = [0]
        for row in block.rows[:-1]:
            self._starts.append(self._starts[-1] + len(row.text) + 1)

    def span(self, begin: int, end: int) -> Span:
        line, column = self._place(begin)
        end_line, end_column = self._place(end - 1)
        return Span(line, column, end_line, end_column + 1)

    def _place(self, offset: int) -> tuple[int, int]:
        at = bisect_right(self._starts, offset) - 1
        row = self._rows[at]
        return row.line, row.column + offset - self._starts[at]


_Piece = tuple[TokenKind, int, int]


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield (kind, begin, end): masked code as a whole, the rest word by word."""
    done = 0
    for mask in _MASK.finditer(text):
        yield from _plain(text, done, mask.start())
        kept = len(mask[0].rstrip(".,;:!?)'")) if "://" in mask[0] else len(mask[0])
        done = mask.start() + kept
        yield TokenKind.CODE, mask.start(), done
    yield from _plain(text, done, len(text))


def _plain(text: str, begin: int, end: int) -> Iterator[_Piece]:
    for chunk in _CHUNK.finditer(text, begin, end):
        yield from _chunk(chunk[0], chunk.start())


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
    if bare in _ABBREVIATIONS and chunk[len(core) :].startswith("."):
        return len(core) + 1
    if core.count("(") > core.count(")") and chunk[len(core) :].startswith(")"):
        return len(core) + 1
    return len(core)


def _kind(core: str) -> TokenKind:
    if core.removesuffix(".").lower() in _ABBREVIATIONS:
        return TokenKind.WORD
    if not any(character.isalnum() for character in core):
        return TokenKind.SIGN
    if _HASH.fullmatch(core):
        return TokenKind.CODE
    if _NUMBER.fullmatch(core):
        return TokenKind.NUMBER
    if _SLASHED.fullmatch(core.lower()):
        return TokenKind.WORD
    is_word = _WORD.fullmatch(core) and not _CAMEL.search(core)
    return TokenKind.WORD if is_word else TokenKind.CODE
