# SPDX-License-Identifier: GPL-2.0-or-later
"""Misspelt words in the English of a patch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from patchlint.analysis import diff_names
from patchlint.analysis.texts import Text, texts
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Confidence, Match
from patchlint.prose.spelling import Words, guessed, learned, listed
from patchlint.prose.tokens import Token, TokenKind

_LETTERS = re.compile(r"[A-Z]?[a-z]+")


def spelling(context: MessageContext, options: Options) -> Iterator[Match]:
    """Words are spelt as they should be; names in the code are no words."""
    patch = context.patch
    if patch is None:
        return
    words = learned()
    own = frozenset(options.words("own"))
    found = texts(context)
    counts = Counter(t.lower for text in found for t in text.sentence.tokens)
    wrong = tuple(_wrong(found, words, own, counts, int(options.number("uses"))))
    if not wrong:
        return
    names = diff_names.parts(patch)
    told: set[str] = set()
    for text, token, right, sure in wrong:
        if token.lower not in names and token.lower not in told:
            told.add(token.lower)
            yield _match(text, token, right, sure=sure)


def _wrong(
    found: Sequence[Text],
    words: Words,
    own: frozenset[str],
    counts: Counter[str],
    uses: int,
) -> Iterator[tuple[Text, Token, str, bool]]:
    """Yield misspelt words: the text, the word, the right one, whether it is listed."""
    for text in found:
        for at, token in enumerate(text.sentence.tokens):
            word = token.text
            if token.kind is not TokenKind.WORD or token.lower in own:
                continue
            if not _LETTERS.fullmatch(word) or _is_glued(text, at):
                continue
            if right := listed(word, words):
                yield text, token, right, True
            elif counts[token.lower] <= uses and (right := _guess(word, at, words)):
                yield text, token, right, False


def _guess(word: str, at: int, words: Words) -> str:
    """Return what was meant; a word with a capital is a name, but for the first."""
    if at or word.islower():
        return guessed(word, words)
    return guessed(word.lower(), words).capitalize()


def _is_glued(text: Text, at: int) -> bool:
    """Say whether a word is a part of something bigger that is no language."""
    tokens = text.sentence.tokens
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at].glued and at > 0 and tokens[at - 1].text not in "([\"'*\u201c"
    behind = following is not None and following.glued and following.text in "([:_=*/"
    colon = behind and following is not None and following.text == ":"
    return before or (behind and not colon)


def _match(text: Text, token: Token, right: str, *, sure: bool) -> Match:
    several = "," in right
    said = f"s/{token.text}/{right.split(',')[0].strip()}/"
    return Match(
        text.where(token.span),
        said if sure else f"{said}?",
        suggestion=said,
        confidence=Confidence.HIGH if sure else None,
        key=token.lower,
        edits=text.edit(token.span, right) if sure and not several else (),
    )
