# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint explain`` and ``patchlint rules``: what the cards say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from patchlint import __version__
from patchlint.adapters.cards import builtin_cards, load_card
from patchlint.adapters.inputs import InputError
from patchlint.adapters.rulebook import rulebook
from patchlint.cli.explain_options import explain_parser, rules_parser
from patchlint.cli.explained import explained
from patchlint.cli.output import write
from patchlint.cli.status import CLEAN
from patchlint.lint.card import Card
from patchlint.lint.selection import PROGRAMS

# Where the rules of other programs are explained, if somewhere else than by them.
_WHERE = {"checkpatch": "Documentation/dev-tools/checkpatch.rst of Linux"}


def explain(arguments: Sequence[str]) -> int:
    """Explain the rules that are named; InputError for one that is none."""
    given = explain_parser().parse_args(arguments)
    known = [card.id for card in rulebook().cards]
    names = [_named(name, known) for name in given.rules]
    cards = (load_card(builtin_cards(), name) for name in names)
    write("\n\n".join(explained(card, whole=given.all) for card in cards), None)
    return CLEAN


def rules(arguments: Sequence[str]) -> int:
    """List the rules that begin with a prefix, or all."""
    given = rules_parser().parse_args(arguments)
    cards = rulebook().cards
    known = [card.id for card in cards]
    for prefix in given.prefixes:
        if not any(name.startswith(prefix) for name in known):
            raise InputError(_no_rule(prefix, known))
    wanted = tuple(given.prefixes) or ("",)
    chosen = [card for card in cards if card.id.startswith(wanted)]
    text = _json(chosen) if given.format == "json" else "".join(_table(chosen))
    write(text, None)
    return CLEAN


def _named(name: str, known: Sequence[str]) -> str:
    """Return the rule of a name, which may lack its group where there is one such."""
    if name in known:
        return name
    program, _, _ = name.partition("/")
    if program in PROGRAMS:
        raise InputError(f"{name}: {_WHERE.get(program, program)} says what it means")
    tails = [rule for rule in known if rule.partition("/")[2] == name]
    if len(tails) == 1:
        return tails[0]
    raise InputError(_no_rule(name, known))


def _no_rule(name: str, known: Sequence[str]) -> str:
    """Return what to say of a name that is none, with those like it."""
    by_tail: dict[str, list[str]] = {}
    for rule in known:
        by_tail.setdefault(rule.partition("/")[2], []).append(rule)
    near = get_close_matches(name, known, n=3)
    tail = name.rpartition("/")[2]
    for close in get_close_matches(tail, by_tail, n=3):
        near += [rule for rule in by_tail[close] if rule not in near]
    hint = f" (is it {' or '.join(near[:3])}?)" if near else " (see patchlint rules)"
    return f"no rule is called {name!r}{hint}"


def _table(cards: Sequence[Card]) -> Iterator[str]:
    wide = max(len(card.id) for card in cards)
    for card in cards:
        severity = card.severity.name.lower()
        yield f"{card.id:<{wide}}  {severity:<8}  {card.evidence:<4}  {card.summary}\n"


def _json(cards: Sequence[Card]) -> str:
    """Return what docs/schema/rules-v1.json describes."""
    value = {
        "schema": 1,
        "tool": {"name": "patchlint", "version": __version__},
        "rules": [
            {
                "id": card.id,
                "summary": card.summary,
                "why": card.why,
                "fix": card.fix,
                "severity": card.severity.name.lower(),
                "confidence": card.confidence.name.lower(),
                "status": card.status,
                "scope": card.scope,
                "evidence": card.evidence.value,
                "measured": card.measured or None,
                "references": card.references,
                "false_positives": card.false_positives,
                "checkpatch": card.checkpatch,
                "extra": card.extra or None,
            }
            for card in cards
        ],
    }
    return json.dumps(value, indent=2) + "\n"
