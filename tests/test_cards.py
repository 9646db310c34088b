# SPDX-License-Identifier: GPL-2.0-or-later
"""Every example of every card is a test.

The words of a verdict: *missing* (carets without a finding), *noisy* (a finding
without carets).
"""

from __future__ import annotations

import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.card import Example
from patchlint.lint.context import contexts
from patchlint.lint.rule import Result, Rule
from patchlint.model.finding import Finding, Severity, Skip
from tests.examples import Case, case, place

RULES = load_rules(extras=("harper",))


def examples(kind: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.card.id}:{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule.card, kind), 1)
    ]


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_bad_example_is_found_where_the_carets_point(
    rule: Rule, example: Example
) -> None:
    made = case(example)
    results = apply(rule, made)
    findings = [result for result in results if isinstance(result, Finding)]
    missing = list(made.expected)
    noisy = []
    for finding in findings:
        hit = next((e for e in missing if e.fits(finding, made.series)), None)
        if hit is None:
            noisy.append((*place(finding, made.series), finding.message))
        else:
            missing.remove(hit)

    assert len(findings) == len(results), results
    assert made.expected, "a bad example has carets"
    assert (missing, noisy) == ([], []), "not found / not expected"
    # Who asks does not know (R8 of docs/replies.md); s/a/b/? proposes a word.
    asked = [f for f in findings if "?" in f.message and "/?" not in f.message]
    assert [f.message for f in asked if f.severity is not Severity.QUESTION] == []


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_good_example_is_left_alone(rule: Rule, example: Example) -> None:
    made = case(example)

    assert made.expected == (), "a good example has no carets"
    assert [r for r in apply(rule, made) if not isinstance(r, Skip)] == []


def apply(rule: Rule, made: Case) -> list[Result]:
    blobs = made.blobs
    laid_out = contexts(made.series, blobs, blobs, history=blobs)
    return list(rule.apply(laid_out))
