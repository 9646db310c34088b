# SPDX-License-Identifier: GPL-2.0-or-later
"""Harper, a grammar checker, as an engine: the one door to it. It is an extra.

It knows English and nothing of the kernel, so that identifiers, quotations, paths are
masked, and only those of its rules run that a card names.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from patchlint.model.location import Span
from patchlint.prose.engine import Passage, Remark
from patchlint.prose.sentences import Sentence
from patchlint.prose.tokens import Token, TokenKind

_MODULE = "harper"
_LONGEST = 1000
# Marked as code, so that no rule of its looks into it.
_MASK = "`x`"


def is_there() -> bool:
    """Say whether the extra is installed."""
    return importlib.util.find_spec(_MODULE) is not None


class Harper:
    """An engine that runs ``rules``, by the names Harper has for them."""

    def __init__(self, rules: Sequence[str]):
        """Make the linter, which takes a second the first time."""
        self._linter = _linter(tuple(rules))

    def check(self, text: Sequence[Passage]) -> Iterator[Remark]:
        """Yield remarks on one text, in order."""
        for passage in text:
            for sentence in passage.sentences:
                yield from self._sentence(sentence)

    def _sentence(self, sentence: Sentence) -> Iterator[Remark]:
        text, starts = _masked(sentence)
        if len(text) > _LONGEST:
            return
        for lint in self._linter.lint(text):
            tokens = [
                token
                for token, start in zip(sentence.tokens, starts, strict=True)
                if lint.span.start < start + _length(token) and start < lint.span.end
            ]
            if tokens and all(token.kind is TokenKind.WORD for token in tokens):
                offered = [s.replacement_text for s in lint.suggestions]
                yield Remark(
                    Span(
                        tokens[0].span.line,
                        tokens[0].span.column,
                        tokens[-1].span.end_line,
                        tokens[-1].span.end_column,
                    ),
                    lint.message.strip(),
                    " ".join(token.text for token in tokens),
                    offered[0] if len(offered) == 1 else "",
                )


@cache
def _linter(rules: tuple[str, ...]) -> Any:
    linter = importlib.import_module(_MODULE).Linter()
    known = linter.get_lint_config()
    linter.set_lint_config({name: name in rules for name in known})
    return linter


def _masked(sentence: Sentence) -> tuple[str, list[int]]:
    """Return the sentence on one line with code masked, and where each token begins."""
    text, starts = "", []
    for token in sentence.tokens:
        if text and not token.glued:
            text += " "
        starts.append(len(text))
        text += _MASK if token.kind is TokenKind.CODE else token.text
    return text, starts


def _length(token: Token) -> int:
    return len(_MASK if token.kind is TokenKind.CODE else token.text)
