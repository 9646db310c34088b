# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a rule on the examples of its card, and say what is not as the card has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from patchlint.lint.card import Card, Example
from patchlint.lint.context import contexts
from patchlint.lint.rule import Rule
from patchlint.model.finding import Crash, Finding, Skip
from patchlint.trial.examples import Case, case, place


def faults(rule: Rule) -> Iterator[str]:
    """Yield what is wrong with a card, an example at a time."""
    card = rule.card
    for kind, examples in (("bad", card.bad), ("good", card.good)):
        if not examples:
            yield f"no {kind} example"
        for number, example in enumerate(examples, 1):
            note = f" ({example.note})" if example.note else ""
            for fault in _faults(rule, example, kind):
                yield f"{kind} {number}{note}: {fault}"


def count(card: Card) -> int:
    """Return how many examples a card has."""
    return len(card.bad) + len(card.good)


def _faults(rule: Rule, example: Example, kind: str) -> Iterator[str]:
    try:
        _refuse_odd(example)
        made = case(example)
    except ValueError as error:
        yield f"not an example: {error}"
        return
    if bool(made.expected) is not (kind == "bad"):
        yield "has no carets" if kind == "bad" else "has carets"
    blobs = made.blobs
    laid_out = contexts(made.series, blobs, blobs, history=blobs)
    results = list(rule.apply(laid_out))
    for result in results:
        if isinstance(result, Crash):
            yield f"crashed: {result.error}"
        elif isinstance(result, Skip) and kind == "bad":
            yield f"not checked: needs {result.needs}"
    yield from _compared(made, [r for r in results if isinstance(r, Finding)])


def _compared(made: Case, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what carets expect and nobody finds, and the other way round."""
    missing = list(made.expected)
    for finding in findings:
        hit = next((e for e in missing if e.fits(finding, made.series)), None)
        if hit is not None:
            missing.remove(hit)
            continue
        line, column, width = place(finding, made.series)
        at = f"column {column}, {width} wide" if width else f"column {column}"
        yield f"noisy: {line!r}, {at}: {finding.message}"
    for mark in missing:
        at = f"column {mark.column}, {mark.width} wide"
        yield f"missing: {mark.line!r}, {at}: {mark.message}"


def _refuse_odd(example: Example) -> None:
    """Raise ValueError for texts that are none: of cards, only we know ours are."""
    tables = (example.before, example.after, example.tree, example.history)
    more = (patch.after for patch in example.patches)
    for table in (*tables, *more):
        is_table = isinstance(table, Mapping)
        if not is_table or not all(isinstance(text, str) for text in table.values()):
            raise ValueError("before, after, tree and history hold texts by name")
