# SPDX-License-Identifier: GPL-2.0-or-later
"""A sentence without its articles, and the gaps where one may belong.

What is learned about articles is learned of this form, so a change here asks for
``tools/train_articles.py`` to be run again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.prose.tokens import Token, TokenKind

ARTICLES = frozenset({"a", "an", "the"})
CLOSED = frozenset(
    """of in to for on with by from at as into onto upon over under after before during
    between among within without through throughout via per against about above below
    across along around behind beside besides beyond despite down except inside like
    near off outside past since than till toward towards until unlike up and or but nor
    so yet if when while whenever where wherever whether because although though unless
    once that which who whom whose what why how is are was were be been being am isn't
    aren't wasn't weren't do does did doesn't don't didn't done has have had hasn't
    haven't hadn't having can could may might must shall should will would cannot can't
    couldn't won't wouldn't shouldn't i you he she it we they me him her us them its
    it's their his my your our itself themselves myself this these those each every any
    some no all both either neither another such other much many few little several
    enough most more less least not never also only just even still already always often
    now then there here thus hence therefore however otherwise instead too very quite
    rather else ever again e.g. i.e. etc etc. vs vs. let's that's there's""".split()  # noqa: SIM905
)
# In front of all other words of the list there is never an article.
_BEGINS = frozenset({"other", "most", "more", "least", "few", "little", "only", "very",
                     "same", "such"})  # fmt: skip
_NO_GAP = (CLOSED - _BEGINS) | {"such"}
_FOOTNOTE = re.compile(r"\[(?:\d{1,2}|\*{1,3})\]")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,9}")
_LONGEST_PHRASE = 6


class Bare(Struct, frozen=True):
    """The tokens of a sentence, articles and marks of footnotes left out.

    ``articles`` says what stood in front of each: "", "a" or "the". ``names`` are the
    tokens as the model knows them, ``shapes`` coarser ones: an ending, a kind.
    """

    tokens: tuple[Token, ...]
    articles: tuple[str, ...]
    names: tuple[str, ...]
    shapes: tuple[str, ...]


def bare(tokens: Sequence[Token]) -> Bare:
    """Take the articles out of a sentence."""
    kept: list[Token] = []
    articles: list[str] = []
    pending = ""
    for token in tokens:
        if token.lower in ARTICLES:
            pending = "the" if token.lower == "the" else "a"
        elif token.kind is not TokenKind.CODE or not _FOOTNOTE.fullmatch(token.text):
            kept.append(token)
            articles.append(pending)
            pending = ""
    names = tuple(_name(token) for token in kept)
    shapes = tuple(_shape(token, name) for token, name in zip(kept, names, strict=True))
    return Bare(tuple(kept), tuple(articles), names, shapes)


def gaps(text: Bare) -> Iterator[int]:
    """Yield the indexes of the tokens that an article may stand in front of."""
    for at, token in enumerate(text.tokens):
        if token.kind is TokenKind.WORD:
            if text.names[at] not in _NO_GAP:
                yield at
        elif token.kind is TokenKind.CODE:
            yield at


def phrase(text: Bare, begin: int) -> tuple[int, int]:
    """Return the head of the noun phrase at a gap, and the index behind the phrase."""
    head = at = begin
    limit = min(len(text.tokens), begin + _LONGEST_PHRASE)
    while at < limit:
        kind = text.tokens[at].kind
        if kind is TokenKind.SIGN or text.names[at] in CLOSED:
            break
        if kind is TokenKind.NUMBER and at > begin:
            break
        if kind is not TokenKind.NUMBER:
            head = at
        at += 1
    return head, at


def is_plural(token: Token) -> bool:
    """Guess from its ending whether a word is a plural."""
    text = token.text
    if len(text) > 2 and text[:-1].isupper():
        return text[-1] == "s"
    lower = text.lower()
    ends = lower.endswith("s") and not lower.endswith(("ss", "us", "is", "'s"))
    return ends and len(lower) > 3


def _name(token: Token) -> str:
    text = token.text
    if token.kind is TokenKind.WORD:
        text = text.replace("\u2019", "'")
        return text if len(text) > 1 and text.isupper() else text.lower()
    if token.kind is TokenKind.NUMBER:
        return "NUM"
    if token.kind is TokenKind.SIGN:
        return text
    return _code_name(text)


def _code_name(text: str) -> str:
    if text[0] in "\"'`\u201c":
        return "QUO"
    if text.endswith(")"):
        return "FN"
    if "/" in text:
        return "PATH"
    return text.lower() if _PLAIN.fullmatch(text) else "ID"


def _shape(token: Token, name: str) -> str:
    if token.kind is not TokenKind.WORD:
        return name
    if name.isupper() and len(name) > 1:
        return "ACR"
    if name in CLOSED:
        return name
    if token.text[:-1].isupper() and len(token.text) > 2:
        return "ACRS"
    return ("+" if "-" in name else "") + name[-3:]
