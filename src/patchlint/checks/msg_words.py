# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of a commit log: acronyms in lower case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.analysis import log
from patchlint.analysis.added_lines import new_text
from patchlint.lint.anchor import shown
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match, Step
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.model.series import Patch
from patchlint.prose.blocks import Block, BlockKind
from patchlint.prose.comments import added_comments
from patchlint.prose.lines import Look, look
from patchlint.prose.tokens import Token, TokenKind, tokenize

_PROSE_LOOKS = (Look.TEXT, Look.INDENTED, Look.ITEM)
_STEPS = 5


class _Text(Struct, frozen=True):
    """Words in a row; ``path`` is the file they stand in, empty for the mail."""

    tokens: tuple[Token, ...]
    path: str = ""


class _Names(Struct, frozen=True):
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
    texts = tuple(_texts(context))
    written = {_singular(token) for text in texts for token in text.tokens}
    in_log = frozenset(options.words("words"))
    in_comments = frozenset(options.words("comment_words"))
    found: dict[str, list[tuple[Token, Location]]] = {}
    for text in (*texts, *_comments(context, patch, in_comments)):
        words = in_comments if text.path else in_log
        for token in _lower_case(text.tokens, words, names):
            place = (token, _where(token, text.path))
            found.setdefault(_singular(token), []).append(place)
    for word, places in found.items():
        if word not in options.words("mixed") or word.upper() in written:
            yield _wrong_case(word, places, patch)


def _texts(context: MessageContext) -> Iterator[_Text]:
    """Yield the summary, and the sentences of the log."""
    if subject := log.subject(context):
        yield _Text(tokenize(subject))
    for sentence in log.prose(context, BlockKind.PARAGRAPH, BlockKind.ITEM):
        yield _Text(sentence.tokens)


def _comments(
    context: MessageContext, patch: Patch, words: frozenset[str]
) -> Iterator[_Text]:
    """Yield the comment lines that the patch adds, and that may have a word in them."""
    adds = context.facts.of_one(new_text, patch)
    wanted = [word for word in words if word in adds]
    for change in patch.changes if wanted else ():
        for row in added_comments(change):
            has_one = any(word in row.text for word in wanted)
            if has_one and look(row.text) in _PROSE_LOOKS:
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
        suggestion=f"s/{first.text}/{upper}/",
        key=word,
        edits=tuple(_edit(token, place, word, patch) for token, place in places),
    )


def _edit(token: Token, where: Location, word: str, patch: Patch) -> Edit:
    """Return the edit of the mail; in a diff line a sign stands before the text."""
    text = word.upper() + token.text[len(word) :]
    span = token.span
    if isinstance(where, InFile) and (line := shown(where, patch)):
        span = Span(line.mail, span.column + 1, line.mail, span.end_column + 1)
    return Edit(span, text)


def _same_here(where: Location, patch: Patch) -> Step:
    if isinstance(where, InMessage):
        return Step(where, patch.message.line(where.span.line).strip(), "same here")
    line = shown(where, patch)
    return Step(where, line.text.strip() if line else "", "same here")
