# SPDX-License-Identifier: GPL-2.0-or-later
"""Slips of the pen in English: words twice, "a" for "an", words taken for others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from patchlint.analysis.texts import Text, texts
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match
from patchlint.model.location import InMessage, Span
from patchlint.prose.gaps import CLOSED
from patchlint.prose.sounds import begins_with_vowel, is_acronym, is_in_doubt
from patchlint.prose.tokens import Token, TokenKind


def doubled_word(context: MessageContext, options: Options) -> Iterator[Match]:
    """No word stands there twice in a row."""
    allowed = frozenset(options.words("allowed"))
    little = frozenset(options.words("little"))
    for text in texts(context):
        tokens = text.sentence.tokens
        whole = _is_whole(tokens)
        for first, second in pairwise(tokens):
            word = first.lower
            same = word and word == second.lower and not second.glued
            if not same or word in allowed or not (whole or word in little):
                continue
            if second.text == word and _is_plain(first):
                span = _over(first, second)
                yield Match(
                    text.where(span),
                    f"s/{first.text} {second.text}/{first.text}/",
                    suggestion=f"s/{first.text} {second.text}/{first.text}/",
                    key=f"{word} {word}",
                    edits=_once(text, first, second),
                )


def _once(text: Text, first: Token, second: Token) -> tuple[Edit, ...]:
    """Take the second one away, unless a line end stands between them."""
    if first.span.line != second.span.line:
        return ()
    return text.edit(_over(first, second), first.text)


def _is_whole(tokens: Sequence[Token]) -> bool:
    return any(token.text in (".", "?", "!", ":") for token in tokens[-2:])


def _is_plain(token: Token) -> bool:
    return len(token.text) > 1 and (token.text[1:].islower() or token.text.islower())


def _over(first: Token, last: Token) -> Span:
    begin, end = first.span, last.span
    return Span(begin.line, begin.column, end.end_line, end.end_column)


def a_or_an(context: MessageContext, options: Options) -> Iterator[Match]:
    """The article goes with the sound of the word behind it."""
    either = frozenset(options.words("either"))
    for text in texts(context):
        tokens = text.sentence.tokens
        for at, (article, following) in enumerate(pairwise(tokens)):
            # Elsewhere a capital is a letter: "task A owns it".
            first = article.text in ("A", "An") and at == 0
            if not first and article.text not in ("a", "an"):
                continue
            if following.glued or not _sounds(following, either):
                continue
            vowel = begins_with_vowel(following.text)
            right = article.text[0] + ("n" if vowel else "")
            if right != article.text:
                yield _replaced(text, article, following, right)


def _sounds(token: Token, either: frozenset[str]) -> bool:
    """Say whether there is one way to say a word."""
    word = token.text
    code = token.kind is TokenKind.CODE and not word.isalnum()
    if code or token.kind is TokenKind.SIGN or token.lower in CLOSED - {"other", "one"}:
        return False
    stem = word.split("-")[0]
    letter = len(stem) < 2 and not stem.isdigit()
    if letter or (stem[:1].isdigit() and len(stem) > 3) or stem in either:
        return False
    mixed = stem[:2].isupper() and not is_acronym(stem)
    return not mixed and not is_in_doubt(word)


def _replaced(text: Text, article: Token, following: Token, right: str) -> Match:
    said = f"s/{article.text} {following.text}/{right} {following.text}/"
    return Match(
        text.where(_over(article, following)),
        said,
        suggestion=said,
        key=said,
        edits=text.edit(article.span, right),
    )


def confused_words(context: MessageContext, options: Options) -> Iterator[Match]:
    """Words are not taken for others that sound or look like them."""
    table = {
        wrong: right
        for right, all_ in options.table("instead").items()
        for wrong in all_
    }
    starts = {wrong.split()[0] for wrong in table}
    longest = max(len(wrong.split()) for wrong in table)
    for text in texts(context):
        tokens = text.sentence.tokens
        for at, token in enumerate(tokens):
            if token.lower in starts:
                yield from _confused(text, tokens[at : at + longest], table)


def _confused(
    text: Text, tokens: Sequence[Token], table: dict[str, str]
) -> Iterator[Match]:
    words: list[str] = []
    for at, token in enumerate(tokens):
        if not token.lower or (at and token.glued):
            return
        words.append(token.lower)
        right = table.get(" ".join(words))
        if right is not None:
            yield _instead(text, tokens[: at + 1], right)
            return


def _instead(text: Text, tokens: Sequence[Token], right: str) -> Match:
    wrong = " ".join(token.text for token in tokens)
    if wrong[:1].isupper():
        right = right[:1].upper() + right[1:]
    span = _over(tokens[0], tokens[-1])
    edits = text.edit(span, right) if span.line == span.end_line else ()
    said = f"s/{wrong}/{right}/"
    return Match(text.where(span), said, suggestion=said, key=wrong, edits=edits)


def verb_form(context: MessageContext, options: Options) -> Iterator[Match]:
    """Behind "does not" or "will", a verb has no ending."""
    helpers = frozenset(options.words("helpers"))
    between = frozenset(options.words("between"))
    allowed = frozenset(options.words("allowed"))
    for text in texts(context):
        tokens = text.sentence.tokens
        for at, token in enumerate(tokens):
            if token.lower not in helpers:
                continue
            verb_at = at + 1
            if verb_at < len(tokens) and tokens[verb_at].lower in between:
                verb_at += 1
            negated = verb_at == at + 2 or token.lower.endswith("n't")
            if verb_at < len(tokens) and negated:
                yield from _ended(text, tokens[verb_at], token, allowed)


def _ended(
    text: Text, verb: Token, helper: Token, allowed: frozenset[str]
) -> Iterator[Match]:
    word = verb.text
    base = _without_ending(word)
    if verb.kind is TokenKind.WORD and word.islower() and base and word not in allowed:
        said = f"s/{word}/{base}/"
        yield Match(
            text.where(verb.span),
            f'{said} behind "{helper.text}"',
            suggestion=said,
            key=said,
            edits=text.edit(verb.span, base),
        )


def _without_ending(word: str) -> str:
    """Return a verb of the third person without its ending, or nothing."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return ""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def this_patch(context: MessageContext, options: Options) -> Iterator[Match]:
    """No sentence of the log begins with the patch itself."""
    opener = options.pattern("openers")
    if context.patch is None:
        return
    for text in texts(context):
        tokens = text.sentence.tokens
        if text.change is not None or len(tokens) < 3 or not tokens[0].lower:
            continue
        start = f"{tokens[0].lower} {tokens[1].lower}"
        if opener.fullmatch(start):
            where = InMessage(_over(tokens[0], tokens[1]))
            words = f"{tokens[0].text} {tokens[1].text}"
            yield Match(
                where,
                f'Drop "{words}" and say what to do, in imperative mood: '
                "that it is a patch is known.",
                key=words,
            )
            return
