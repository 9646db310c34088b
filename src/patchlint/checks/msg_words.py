# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of a commit log: acronyms in lower case, articles that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from patchlint.analysis import log
from patchlint.lint.anchor import shown
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.model.series import Patch
from patchlint.prose.blocks import Block, BlockKind
from patchlint.prose.comments import added_comments
from patchlint.prose.lines import Look, look
from patchlint.prose.log import subject_block
from patchlint.prose.sentences import Sentence
from patchlint.prose.tokens import Token, TokenKind, tokenize

_PROSE_LOOKS = (Look.TEXT, Look.INDENTED, Look.ITEM)
_STEPS = 5
# Acronyms that are not spelled out letter by letter.
_SPOKEN = frozenset({"NULL", "NUMA", "RAM", "ROM"})


@dataclass(frozen=True, slots=True)
class _Text:
    """Words in a row; ``path`` is the file they stand in, empty for the mail."""

    tokens: tuple[Token, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class _Names:
    """Words that make the word behind or before them a name in the code."""

    before: frozenset[str]
    after: frozenset[str]


def acronym_case(context: MessageContext, options: Options) -> Iterator[Match]:
    """Acronyms and mnemonics are in upper case where they are words of a text."""
    patch = context.patch
    if patch is None:
        return
    names = _Names(
        before=frozenset(options.words("names_before")),
        after=frozenset(options.words("names_after")),
    )
    texts = tuple(_texts(context, patch))
    written = {_singular(token) for text in texts for token in text.tokens}
    in_log = frozenset(options.words("words"))
    in_comments = frozenset(options.words("comment_words"))
    found: dict[str, list[tuple[Token, Location]]] = {}
    for text in (*texts, *_comments(patch)):
        words = in_comments if text.path else in_log
        for token in _lower_case(text.tokens, words, names):
            place = (token, _where(token, text.path))
            found.setdefault(_singular(token), []).append(place)
    for word, places in found.items():
        if word not in options.words("mixed") or word.upper() in written:
            yield _wrong_case(word, places, patch)


def _texts(context: MessageContext, patch: Patch) -> Iterator[_Text]:
    """Yield the summary, and the sentences of the log."""
    if subject := subject_block(patch.message):
        yield _Text(tokenize(subject))
    for sentence in log.prose(context, BlockKind.PARAGRAPH, BlockKind.ITEM):
        yield _Text(sentence.tokens)


def _comments(patch: Patch) -> Iterator[_Text]:
    """Yield the comment lines that the patch adds."""
    for change in patch.changes:
        for row in added_comments(change):
            if look(row.text) in _PROSE_LOOKS:
                tokens = tokenize(Block(BlockKind.PARAGRAPH, (row,)))
                yield _Text(tokens, change.path)


def _where(token: Token, path: str) -> Location:
    return InFile(path, Side.NEW, token.span) if path else InMessage(token.span)


def _lower_case(
    tokens: Sequence[Token], words: frozenset[str], names: _Names
) -> Iterator[Token]:
    for at, token in enumerate(tokens):
        listed = token.kind is TokenKind.WORD and _singular(token) in words
        if listed and not _is_name(tokens, at, names):
            yield token


def _singular(token: Token) -> str:
    return token.text.removesuffix("s")


def _is_name(tokens: Sequence[Token], at: int, names: _Names) -> bool:
    """Say whether a word names something of the code, by the words around it."""
    previous = tokens[at - 1] if at else None
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following and (following.lower in names.after or _is_glued_sign(following)):
        return True
    if previous is None:
        return False
    glued_to_code = tokens[at].glued and previous.text not in "([\"'"
    return previous.lower in names.before or glued_to_code


def _is_glued_sign(token: Token) -> bool:
    """Say whether a sign makes a label or a mapping of the word before it."""
    return token.glued and token.text in ("=", ":", "_", "*", "(", "[")


def _wrong_case(
    word: str, places: Sequence[tuple[Token, Location]], patch: Patch
) -> Match:
    (first, where), *others = places
    upper = word.upper() + first.text[len(word) :]
    return Match(
        where,
        f"s/{first.text}/{upper}/",
        trace=tuple(_same_here(place, patch) for _, place in others[:_STEPS]),
        suggestion=upper,
        key=word,
    )


def _same_here(where: Location, patch: Patch) -> Step:
    if isinstance(where, InMessage):
        return Step(where, patch.message.line(where.span.line).strip(), "same here")
    line = shown(where, patch)
    return Step(where, line.text.strip() if line else "", "same here")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words that a missing article is told by."""

    articles: dict[str, str]
    base_forms: frozenset[str]
    leads: frozenset[str]
    blocked: frozenset[str]
    nouns: frozenset[str]
    modifiers: frozenset[str]
    after: frozenset[str]


def missing_article(context: MessageContext, options: Options) -> Iterator[Match]:
    """A verb and the one thing it is done to have an article between them."""
    if context.patch is None:
        return
    lexicon = _lexicon(options)
    text = log.prose(context, BlockKind.PARAGRAPH)
    found = (match for sentence in text for match in _bare(sentence, lexicon))
    yield from islice(found, int(options.number("most")))


def _lexicon(options: Options) -> _Lexicon:
    articles = dict.fromkeys(options.words("definite"), "the")
    articles |= dict.fromkeys(options.words("indefinite"), "a")
    nouns = frozenset(options.words("nouns"))
    return _Lexicon(
        articles=articles,
        base_forms=frozenset(options.words("base_forms")),
        leads=frozenset(options.words("leads")),
        blocked=frozenset(options.words("blocked")),
        nouns=nouns,
        modifiers=nouns | frozenset(options.words("modifiers")),
        after=frozenset(options.words("after")),
    )


def _bare(sentence: Sentence, lexicon: _Lexicon) -> Iterator[Match]:
    tokens = sentence.tokens
    for at, verb in enumerate(tokens):
        article = lexicon.articles.get(verb.lower)
        if article is None or not _is_verb(tokens, at, lexicon):
            continue
        if end := _noun_phrase_end(tokens, at + 1, lexicon):
            yield _without_article(tokens[at:end], article)


def _is_verb(tokens: Sequence[Token], at: int, lexicon: _Lexicon) -> bool:
    """Say whether the word is a verb here; many of them are nouns as well."""
    if at == 0:
        return True
    previous = tokens[at - 1]
    if tokens[at].lower in lexicon.base_forms:
        return previous.lower in lexicon.leads
    return previous.lower not in lexicon.blocked and not tokens[at].glued


def _noun_phrase_end(tokens: Sequence[Token], begin: int, lexicon: _Lexicon) -> int:
    """Return the index behind a bare countable noun, or 0 where there is none.

    The noun may have one modifier before it, and is followed by a sign or by a word
    that cannot go on with it.
    """
    for end in (begin + 1, begin + 2):
        if end >= len(tokens) or tokens[end - 1].text not in lexicon.nouns:
            continue
        modified = end == begin + 1 or tokens[begin].text in lexicon.modifiers
        if modified and _goes_no_further(tokens[end], lexicon):
            return end
    return 0


def _goes_no_further(token: Token, lexicon: _Lexicon) -> bool:
    if token.kind is TokenKind.SIGN:
        return token.text in ".,;:!?)" and token.glued
    return token.lower in lexicon.after


def _without_article(tokens: Sequence[Token], article: str) -> Match:
    verb, *phrase = (token.text for token in tokens)
    if article == "a" and _sounds_like_vowel(phrase[0]):
        article = "an"
    corrected = " ".join((verb, article, *phrase))
    begin, end = tokens[0].span, tokens[-1].span
    where = Span(begin.line, begin.column, end.end_line, end.end_column)
    return Match(
        InMessage(where),
        f'An article is missing: "{corrected}".',
        suggestion=corrected,
        key=corrected,
    )


def _sounds_like_vowel(word: str) -> bool:
    if word.isupper() and word not in _SPOKEN:
        return word[0] in "AEFHILMNORSX"
    word = word.lower()
    return word[0] in "aeio" or word.startswith(("un", "up"))
