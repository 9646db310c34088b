# SPDX-License-Identifier: GPL-2.0-or-later
"""The sentences of a block, across the lines they are wrapped over."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from patchlint.model.location import Span
from patchlint.prose.blocks import Block
from patchlint.prose.tokens import Token, TokenKind, tokenize

_STOPS = frozenset(".?!")
_OPENING = frozenset("([{\u201c\u2018")
_TAIL = 3


class Sentence(Struct, frozen=True):
    """The tokens of a sentence; there is at least one."""

    tokens: tuple[Token, ...]

    @property
    def words(self) -> int:
        """How many words it has; an identifier or a quotation counts as one."""
        return sum(token.kind is not TokenKind.SIGN for token in self.tokens)

    @property
    def span(self) -> Span:
        """From its first character to its last."""
        begin, end = self.tokens[0].span, self.tokens[-1].span
        return Span(begin.line, begin.column, end.end_line, end.end_column)


def sentences(block: Block) -> tuple[Sentence, ...]:
    """Return the sentences of a block; every token is in exactly one."""
    tokens = tokenize(block)
    ends = [
        at
        for at, (last, following) in enumerate(pairwise(tokens), 1)
        if last.kind is TokenKind.SIGN
        and _ends(tokens[max(0, at - _TAIL) : at], following)
    ]
    bounds = pairwise((0, *ends, len(tokens)))
    return tuple(Sentence(tokens[begin:end]) for begin, end in bounds if begin < end)


def _ends(tail: Sequence[Token], following: Token) -> bool:
    """Say whether a sentence ends between its last tokens and the following one.

    It does behind a stop and the brackets that close after it; behind several dots
    only if a capital follows.
    """
    last = tail[-1]
    if last.kind is not TokenKind.SIGN or last.text in _OPENING:
        return False
    if following.glued and following.kind is TokenKind.SIGN:
        return False
    dots = sum(token.text == "." for token in tail)
    stops = any(t.kind is TokenKind.SIGN and t.text in _STOPS for t in tail)
    return stops and (dots < 2 or following.text[:1].isupper())
