# SPDX-License-Identifier: GPL-2.0-or-later
"""Articles that are missing: gaps where two models agree that one belongs.

The models are asked last: first everything goes that has an article, can do without
one, or is no plain English.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.model.location import Span
from patchlint.prose import determined
from patchlint.prose.blocks import BlockKind
from patchlint.prose.engine import Passage, Remark
from patchlint.prose.features import Seen, first_told, seen
from patchlint.prose.gaps import CLOSED, Bare, bare, gaps, phrase
from patchlint.prose.model import Model, learned
from patchlint.prose.sentences import Sentence
from patchlint.prose.sounds import indefinite
from patchlint.prose.tokens import Token, TokenKind

_SURE = 0.85
_OPEN = 0.3
_FEWEST = 4
_KINDS = (BlockKind.PARAGRAPH, BlockKind.ITEM)


class Tier(Struct, frozen=True):
    """A gap counts if the regression and the net are both above these."""

    regression: float
    net: float


class Habits(Struct, frozen=True):
    """What the models cannot know of words.

    ``mass`` nouns have no article, nor ``idioms`` behind a preposition. ``rate`` is how
    many of a hundred uses of a noun must have one. Next to ``names`` a word is a
    name. What ends like one of the phrases ``kept``, stands as it is. Behind ``asking``
    words, which want one of something, less is enough, and nothing more is asked
    about nouns that are ``countable`` beyond doubt. The word behind one of the
    ``labels`` is a name.
    """

    tiers: tuple[Tier, ...]
    rate: float
    mass: frozenset[str]
    idioms: frozenset[str]
    names: frozenset[str]
    kept: frozenset[str]
    asking: frozenset[str] = frozenset()
    asked: Tier = Tier(1, 1)
    asked_rate: float = 100
    countable: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()


class _Gap(Struct, frozen=True):
    """A gap: its sentence, the token it is before, the head, what is behind it."""

    text: Bare
    at: int
    head: int
    end: int

    @property
    def noun(self) -> Token:
        return self.text.tokens[self.head]

    @property
    def left(self) -> str:
        return self.text.names[self.at - 1] if self.at else ""


class Articles:
    """An engine for missing articles."""

    def __init__(self, habits: Habits, model: Model | None = None) -> None:
        self._habits = habits
        self._given = model

    def check(self, text: Sequence[Passage]) -> Iterator[Remark]:
        """Yield a remark for each noun phrase that wants an article."""
        texts = tuple(
            bare(sentence.tokens)
            for passage in text
            if passage.kind in _KINDS
            for sentence in passage.sentences
            if _is_whole(sentence)
        )
        model = self._given or learned()
        known, first = seen(texts), first_told(texts)
        terms = _bare_pairs(texts)
        for number, sentence in enumerate(texts):
            for gap in self._best(sentence, model, known, terms):
                is_new = first[sentence.names[gap.head]] == number
                yield _remark(gap, model.the(sentence, gap.at, is_new=is_new))

    def _best(
        self, text: Bare, model: Model, known: Seen, terms: frozenset[tuple[str, str]]
    ) -> Iterator[_Gap]:
        """Yield the likeliest gap of each noun phrase, if both models are for it."""
        best: dict[int, tuple[float, _Gap]] = {}
        for gap in self._gaps(text, model, terms):
            likely = 1.0 if self._is_sure(gap) else model.gap(text, gap.at, known)
            if gap.end not in best or likely > best[gap.end][0]:
                best[gap.end] = likely, gap
        for likely, gap in best.values():
            if self._agree(gap, likely, model):
                yield gap

    def _gaps(
        self, text: Bare, model: Model, terms: frozenset[tuple[str, str]]
    ) -> Iterator[_Gap]:
        """Yield the gaps worth asking about."""
        for at in gaps(text):
            head, end = phrase(text, at)
            if any(text.articles[at : head + 1]):
                continue
            gap = _Gap(text, at, head, end)
            free = determined.is_free(text, at, head, begins=self._is_asked(gap))
            if free and self._counts(gap, model):
                pair = tuple(text.names[head - 1 : head + 1])
                if head == at or pair not in terms:
                    yield gap

    def _counts(self, gap: _Gap, model: Model) -> bool:
        """Say whether the head is a noun that can be counted, and no idiom."""
        word, habits = gap.noun, self._habits
        if word.kind is not TokenKind.WORD or not word.text.islower():
            return False
        noun = word.text
        followed = gap.text.names[gap.end : gap.end + 1] == ("of",)
        rate = habits.asked_rate if self._is_asked(gap) else habits.rate
        rate = 0 if self._is_sure(gap) else rate
        if "'" in noun or model.nouns.get(noun, 0) < rate:
            return False
        if noun in habits.mass and not followed:
            return False
        if noun in habits.idioms and gap.head == gap.at and gap.left in _BEFORE_IDIOMS:
            return False
        names = gap.text.names[max(0, gap.at - 1) : gap.head + 1]
        tails = {" ".join(names[begin:]) for begin in range(len(names))}
        verb = gap.left == "to" and gap.head == gap.at and _is_last(gap)
        label = gap.head == gap.at + 1 and gap.text.names[gap.at] in habits.labels
        named = {gap.left, gap.text.names[gap.at]} & habits.names
        return not (tails & habits.kept or named or label or verb)

    def _agree(self, gap: _Gap, likely: float, model: Model) -> bool:
        habits = self._habits
        if self._is_sure(gap):
            return True
        tiers = (*habits.tiers, habits.asked) if self._is_asked(gap) else habits.tiers
        passed = [tier.net for tier in tiers if likely >= tier.regression]
        return bool(passed) and model.net(gap.text, gap.at) >= min(passed)

    def _is_asked(self, gap: _Gap) -> bool:
        return gap.left in self._habits.asking

    def _is_sure(self, gap: _Gap) -> bool:
        countable = gap.noun.text in self._habits.countable
        return countable and self._is_asked(gap) and gap.head - gap.at < 2


_BEFORE_IDIOMS = frozenset(
    {"", "to", "at", "in", "by", "of", "from", "on", "as", "stop", "under", "into"}
)


def _is_last(gap: _Gap) -> bool:
    """Say whether a sign or an object follows: to list, to address that, is a verb."""
    behind = gap.text.tokens[gap.end : gap.end + 1]
    if not behind or behind[0].kind is TokenKind.SIGN:
        return True
    return gap.text.names[gap.end] in _OBJECTS or gap.text.articles[gap.end] != ""


_OBJECTS = frozenset(
    {"that", "this", "it", "them", "these", "those", "all", "any", "some", "each",
     "its", "their", "both", "every"}
)  # fmt: skip


def _is_whole(sentence: Sentence) -> bool:
    """Say whether it is a sentence that ends, is long enough, and mostly language."""
    tokens = sentence.tokens
    ends = any(token.text in (".", "?", "!") for token in tokens[-2:])
    leads = tokens[-1].text == ":" and sentence.words >= 8
    code = sum(token.kind is TokenKind.CODE for token in tokens)
    return sentence.words >= 4 and (ends or leads) and code * 2 <= sentence.words


def _bare_pairs(texts: Sequence[Bare]) -> frozenset[tuple[str, str]]:
    """Return the pairs of words that a text uses without an article throughout."""
    counts: dict[tuple[str, str], list[int]] = {}
    for text in texts:
        names = text.names
        for at in range(1, len(names)):
            pair = names[at - 1], names[at]
            if pair[0] in CLOSED or pair[1] in CLOSED:
                continue
            if not (pair[0][0].isalpha() and pair[1][0].isalpha()):
                continue
            has = any(text.articles[max(0, at - 3) : at])
            counts.setdefault(pair, [0, 0])[has] += 1
    return frozenset(
        pair
        for pair, (without, having) in counts.items()
        if without >= _FEWEST and without > 2 * having
    )


def _remark(gap: _Gap, the: float) -> Remark:
    """Say it with the word in front, if that stands on the same line."""
    tokens = gap.text.tokens
    noun_phrase = tokens[gap.at : gap.head + 1]
    written = _written(noun_phrase)
    articles = ["the", indefinite(written)]
    if the < 0.5:
        articles.reverse()
    begin, lead = noun_phrase[0].span, ""
    if not gap.at:
        articles = [article.capitalize() for article in articles]
        first = noun_phrase[0].text
        plain = first[1:].islower()
        written_with = written[:1].lower() + written[1:] if plain else written
    else:
        written_with = written
        before = tokens[gap.at - 1]
        apart = not noun_phrase[0].glued and before.kind is TokenKind.WORD
        if before.span.line == begin.line and apart:
            begin, lead = before.span, before.text + " "
    end = noun_phrase[-1].span
    sure = not _OPEN < the < _SURE
    return Remark(
        span=Span(begin.line, begin.column, end.end_line, end.end_column),
        kind="article",
        words=lead + written,
        replacement=f"{lead}{articles[0]} {written_with}",
        sure=sure,
        other="" if sure else f"{lead}{articles[1]} {written_with}",
    )


def _written(tokens: Sequence[Token]) -> str:
    first, *rest = tokens
    return first.text + "".join(("" if t.glued else " ") + t.text for t in rest)
