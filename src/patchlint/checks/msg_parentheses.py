# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions that a message names without their parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.texts import Text, texts
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match, Step
from patchlint.model.location import InMessage
from patchlint.model.series import Patch
from patchlint.prose.tokens import Token, TokenKind

_NAME = re.compile(r"[a-z_][a-z0-9]*_[a-z0-9_]*")
_USED = re.compile(r"(?<![\w.])([A-Za-z_]\w*)(\s*\()?")
_MOST = 5


def function_parentheses(context: MessageContext, options: Options) -> Iterator[Match]:
    """A function is written with () in a text, so that it is known for one."""
    patch = context.patch
    if patch is None:
        return
    before = frozenset(options.words("names_before"))
    after = frozenset(options.words("names_after"))
    found: dict[str, list[Token]] = {}
    for text in texts(context):
        if text.change is None:
            for token in _names(text, before, after):
                found.setdefault(token.text, []).append(token)
    if not found:
        return
    functions = _functions(patch) - frozenset(options.words("macros"))
    places = [t for name, all_ in found.items() if name in functions for t in all_]
    if places:
        yield _match(patch, places)


def _names(
    text: Text, before: frozenset[str], after: frozenset[str]
) -> Iterator[Token]:
    """Yield what may name a function, and is not said to be something else."""
    tokens = text.sentence.tokens
    if not any(token.lower for token in tokens):
        return
    for at, token in enumerate(tokens):
        if token.kind is not TokenKind.CODE or not _NAME.fullmatch(token.text):
            continue
        left = tokens[at - 1] if at else None
        right = tokens[at + 1] if at + 1 < len(tokens) else None
        if (left and left.lower in before) or (right and right.lower in after):
            continue
        joined = right is not None and right.glued and right.text in "([*/=:{"
        led = left is not None and token.glued and left.text not in "(\"'"
        if not led and not joined:
            yield token


def _functions(patch: Patch) -> frozenset[str]:
    """Return the names that the diff calls or defines, and uses in no other way."""
    called: set[str] = set()
    other: set[str] = set()
    for change in patch.changes:
        if not change.path.endswith((".c", ".h", ".S")):
            continue
        for hunk in change.hunks:
            for line in (*(ln.text for ln in hunk.lines), hunk.heading):
                if line.lstrip().startswith(("*", "/*", "//")):
                    continue
                for use in _USED.finditer(line):
                    (called if use[2] else other).add(use[1])
    return frozenset(called - other)


def _match(patch: Patch, tokens: list[Token]) -> Match:
    """Tell of the first one; the others are in the trace."""
    first, *rest = tokens
    steps = tuple(
        Step(
            InMessage(token.span),
            patch.message.line(token.span.line).strip(),
            "same here" if token.text == first.text else _replaced(token),
        )
        for token in rest[:_MOST]
    )
    return Match(
        InMessage(first.span),
        _replaced(first),
        trace=steps,
        suggestion=_replaced(first),
        key=first.text,
        edits=tuple(Edit(token.span, f"{token.text}()") for token in tokens),
    )


def _replaced(token: Token) -> str:
    return f"s/{token.text}/{token.text}()/"
