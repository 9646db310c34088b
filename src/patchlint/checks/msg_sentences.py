# SPDX-License-Identifier: GPL-2.0-or-later
"""Sentences of a commit log that are too long to read in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from patchlint.analysis import log
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import InMessage
from patchlint.prose.blocks import BlockKind
from patchlint.prose.sentences import Sentence
from patchlint.prose.tokens import Token, TokenKind

_BEFORE, _AFTER = 2, 4


class _Grammar(Struct, frozen=True):
    """The little words that clauses are told by, and the limits, in words."""

    finite: frozenset[str]
    prepositions: frozenset[str]
    joiners: frozenset[str]
    subjects: frozenset[str]
    openers: frozenset[str]
    subordinators: frozenset[str]
    splicers: frozenset[str]
    long: float
    joined: float
    heavy: float
    clause: float


class _Seam(Struct, frozen=True):
    """Where a sentence can be taken apart: a comma, and the clause behind it."""

    comma: int
    clause: int
    spliced: bool


def run_on_sentence(context: MessageContext, options: Options) -> Iterator[Match]:
    """No sentence holds two sentences; the worst one is reported."""
    if context.patch is None:
        return
    grammar = _grammar(options)
    matches = [
        (weight, match)
        for sentence in log.prose(context, BlockKind.PARAGRAPH, notes=False)
        for weight, match in _run_on(sentence, grammar)
    ]
    if matches:
        yield max(matches, key=lambda entry: entry[0])[1]


def _grammar(options: Options) -> _Grammar:
    def words(key: str) -> frozenset[str]:
        return frozenset(options.words(key))

    return _Grammar(
        finite=words("finite"),
        prepositions=words("prepositions"),
        joiners=words("joiners"),
        subjects=words("subjects"),
        openers=words("openers"),
        subordinators=words("subordinators"),
        splicers=words("splicers"),
        long=options.number("long"),
        joined=options.number("joined"),
        heavy=options.number("heavy"),
        clause=options.number("clause"),
    )


def _run_on(sentence: Sentence, grammar: _Grammar) -> Iterator[tuple[int, Match]]:
    """Yield how bad a sentence is and what to say, if it is a run-on."""
    tokens = sentence.tokens
    words = sum(token.kind is TokenKind.WORD for token in tokens)
    counts = _count(tokens, grammar)
    seam = _spliced(tokens, counts, grammar) or _joined(tokens, counts, grammar)
    where = InMessage(sentence.span)
    key = " ".join(token.text for token in tokens[:6])
    if seam is not None:
        kind = (
            "a comma alone joins two sentences"
            if seam.spliced
            else "this sentence runs on"
        )
        suggestion = _split(tokens, seam)
        text = f'{kind[0].upper()}{kind[1:]}; I would split it: "{suggestion}".'
        yield words, Match(where, text, suggestion=suggestion, key=key)
    elif words >= grammar.long:
        text = f"This sentence has {sentence.words} words; I would split it."
        yield words, Match(where, text, key=key)


class _Counts(Struct, frozen=True):
    """How many tokens of a kind stand in front of each token, and in all."""

    words: Sequence[int]
    finite: Sequence[int]
    prepositions: Sequence[int]
    subordinators: Sequence[int]
    open: Sequence[int]


def _count(tokens: Sequence[Token], grammar: _Grammar) -> _Counts:
    def tally(weights: Iterable[int]) -> Sequence[int]:
        return tuple(accumulate(weights, initial=0))

    return _Counts(
        words=tally(t.kind is not TokenKind.SIGN for t in tokens),
        finite=tally(t.lower in grammar.finite for t in tokens),
        prepositions=tally(t.lower in grammar.prepositions for t in tokens),
        subordinators=tally(t.lower in grammar.subordinators for t in tokens),
        open=tally((t.text == "(") - (t.text == ")") for t in tokens),
    )


def _joined(
    tokens: Sequence[Token], counts: _Counts, grammar: _Grammar
) -> _Seam | None:
    """Find ", and the other ..." behind a first clause that is heavy by itself."""
    if counts.words[-1] < grammar.joined:
        return None
    for at in range(2, len(tokens) - 2):
        if not (tokens[at].lower in grammar.joiners and tokens[at - 1].text == ","):
            continue
        begins = tokens[at + 1].lower in grammar.subjects
        heavy = counts.prepositions[at - 1] >= grammar.heavy
        long = counts.words[-1] - counts.words[at + 1] >= grammar.clause
        finite = counts.finite[-1] > counts.finite[at + 1]
        if begins and heavy and long and finite and _is_closed(at - 1, counts):
            return _Seam(at - 1, at + 1, spliced=False)
    return None


def _is_closed(end: int, counts: _Counts) -> bool:
    """Say whether the first tokens have a verb, and close what brackets they open."""
    return counts.open[end] == 0 and counts.finite[end] > 0


def _spliced(
    tokens: Sequence[Token], counts: _Counts, grammar: _Grammar
) -> _Seam | None:
    """Find ", it is" behind a main clause, with no word that could join them."""
    if tokens[0].lower in grammar.openers:
        return None
    for at in range(3, len(tokens) - 3):
        if tokens[at].text != "," or tokens[at + 1].lower not in grammar.splicers:
            continue
        finite = tokens[at + 2].lower in grammar.finite
        main = counts.subordinators[at] == 0 and _is_closed(at, counts)
        if finite and main:
            return _Seam(at, at + 1, spliced=True)
    return None


def _split(tokens: Sequence[Token], seam: _Seam) -> str:
    """Return the words around the seam, as the end and the beginning of sentences."""
    left = _written(tokens[max(0, seam.comma - _BEFORE) : seam.comma])
    right = _written(tokens[seam.clause : seam.clause + _AFTER])
    first = tokens[seam.clause]
    if first.kind is TokenKind.WORD:
        right = right[:1].upper() + right[1:]
    return f"{left}. {right}"


def _written(tokens: Sequence[Token]) -> str:
    parts = [("" if token.glued else " ") + token.text for token in tokens]
    return " ".join("".join(parts).split())
