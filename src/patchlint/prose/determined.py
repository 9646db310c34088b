# SPDX-License-Identifier: GPL-2.0-or-later
"""Noun phrases that have no article and want none, by the words around them."""

from __future__ import annotations

from patchlint.prose.gaps import CLOSED, Bare, is_plural, phrase
from patchlint.prose.tokens import TokenKind

_DETERMINERS = frozenset(
    {"my", "your", "his", "her", "its", "our", "their", "this", "these", "those",
     "each", "every", "any", "some", "no", "another", "such", "either", "neither",
     "whose"}
)  # fmt: skip
_ASKING = frozenset({"which", "what", "whatever", "whichever"})
_PASSES = frozenset(
    {"up", "down", "out", "off", "only", "most", "more", "less", "least", "very",
     "same", "such", "other", "few", "also", "just", "even", "still", "already",
     "always", "often", "never", "not"}
)  # fmt: skip
_STOPS = CLOSED - _PASSES
# Behind these, "that" begins a clause and is no determiner.
_TOLD = frozenset(
    {"so", "is", "was", "are", "such", "now", "given", "sure", "ensure", "ensures",
     "ensuring", "know", "knows", "means", "mean", "meant", "indicate", "indicates",
     "indicating", "guarantee", "guarantees", "guaranteed", "assume", "assumes",
     "assuming", "note", "notice", "found", "find", "see", "saw", "check", "checks",
     "expect", "expects", "expected", "fact", "problem", "likely", "possible",
     "believe", "think", "realize", "requires", "require", "implies", "imply", "says",
     "said", "state", "states", "stated", "assumption", "case", "claim", "concluded",
     "appears", "seems", "shows", "show", "showed", "reported", "reports", "noticed",
     "verify", "idea", "reason", "point", "way", "in"}
)  # fmt: skip
_JOINING = frozenset({"and", "or", "nor", "to", "/", "&"})
_PAIRING = frozenset(
    {
        "in",
        "for",
        "of",
        "with",
        "without",
        "as",
        "by",
        "on",
        "between",
        "from",
        "into",
        "have",
        "has",
        "through",
        "across",
    }
)
_REACH = 4


def is_free(text: Bare, at: int, head: int, *, begins: bool) -> bool:
    """Say whether nothing takes the place of an article at a gap.

    ``begins`` says that the phrase is known to begin there, behind a verb.
    """
    end = phrase(text, at)[1]
    return not (
        (not begins and _is_determined(text, at))
        or _is_possessed(text, at, head)
        or _is_joined(text, at, end)
        or _is_name(text, at, end)
    )


def _is_determined(text: Bare, at: int) -> bool:
    """Look for an article or a pronoun to the left, in the same phrase."""
    for back in range(at - 1, max(-1, at - 1 - _REACH), -1):
        name, far = text.names[back], at - back
        if name == "that":
            return back == 0 or text.names[back - 1] not in _TOLD
        near = (name in _DETERMINERS and far <= 2) or (name in _ASKING and far == 1)
        if near:
            return True
        if _is_border(text, back, far):
            return False
        if text.articles[back] or name.endswith(("'s", "s'")):
            return True
    return False


def _is_border(text: Bare, at: int, far: int) -> bool:
    """Say whether a phrase cannot go on behind a token that is ``far`` to the left."""
    name, kind = text.names[at], text.tokens[at].kind
    if kind is TokenKind.WORD:
        return name in _STOPS
    return kind is TokenKind.SIGN and (
        name not in {",", "-", "/"} or (name == "," and far > 2)
    )


def _is_possessed(text: Bare, at: int, head: int) -> bool:
    inside = text.tokens[at : head + 1]
    owners = any(token.text.endswith(("'s", "s'", "\u2019s")) for token in inside)
    return owners or any(
        token.kind is TokenKind.WORD and is_plural(token) for token in inside
    )


def _is_joined(text: Bare, at: int, end: int) -> bool:
    """Say whether it is one of a pair, which goes without: from head to tail."""
    left = text.names[at - 1] if at else ""
    before = range(max(0, at - 6), at)
    has = any(text.articles[back] for back in before)
    if left in ("and", "or", "/", "nor", "&") and has:
        return True
    if left == "to" and "from" in text.names[max(0, at - 5) : at] and not has:
        return True
    follows = text.names[end : end + 2]
    pair = len(follows) == 2 and follows[0] in _JOINING and follows[1] not in CLOSED
    return pair and (left in _PAIRING or follows[0] == "/")


def _is_name(text: Bare, at: int, end: int) -> bool:
    """Say whether it is a label of what follows: "function foo()", "page A and"."""
    letter = bool(text.articles[end : end + 1]) and (
        text.articles[end] != "" and text.names[end] in CLOSED
    )
    adverb = text.shapes[at].endswith("ly") and end > at + 1
    return _is_label(text, end) or letter or adverb or _is_start(text, at)


def _is_label(text: Bare, end: int) -> bool:
    """Say whether code or a number follows, maybe in brackets: "problem (1)"."""
    kinds = [token.kind for token in text.tokens[end : end + 2]]
    if kinds[:1] == [TokenKind.SIGN] and text.names[end] == "(":
        return kinds[1:] == [TokenKind.NUMBER]
    return bool(kinds) and kinds[0] in (TokenKind.CODE, TokenKind.NUMBER)


def _is_start(text: Bare, at: int) -> bool:
    """Say whether something begins here: a quotation, an item of a list in a line."""
    if not at:
        return False
    before, first = text.tokens[at - 1], text.tokens[at].text
    capital = first[:1].isupper() and first[1:].islower()
    return before.text in ('"', "(", "`") or (
        capital and before.kind in (TokenKind.NUMBER, TokenKind.SIGN)
    )
