# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages of rules, for a hover and for the link of a remark's code."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from patchlint.adapters.cards import load_card
from patchlint.adapters.folders import builtin_cards, cache_folder, replace_file
from patchlint.adapters.rulebook import rulebook
from patchlint.cli.explained import explained
from patchlint.cli.rule_page import page
from patchlint.lint.card import Card


def short_page(rule: str, *, is_markdown: bool) -> str:
    """Return the page of a rule with one example of each kind; "" for no rule."""
    card = _card(rule)
    if card is None:
        return ""
    return page(card, whole=False) if is_markdown else explained(card, whole=False)


@cache
def link(rule: str) -> str:
    """Return where the whole page is; "" for no rule, or where none can be kept.

    It is kept in the user's cache, so that it is that of the rules which run.
    """
    card = _card(rule)
    path = cache_folder() / "pages" / f"{rule}.md"
    if card is None:
        return ""
    raw = page(card).encode("utf-8", "replace")
    with suppress(OSError):
        if not path.is_file() or path.read_bytes() != raw:
            replace_file(path, raw)
        return path.as_uri()
    return ""


@cache
def _card(rule: str) -> Card | None:
    """Return the card with its examples, which a review does without."""
    known = {card.id for card in rulebook().cards}
    return load_card(builtin_cards(), rule) if rule in known else None
