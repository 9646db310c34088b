# SPDX-License-Identifier: GPL-2.0-or-later
"""Formulas: joined, inverted, compared, simplified."""

from __future__ import annotations

import pytest

from patchlint.analysis.conditions import written
from patchlint.analysis.formula import (
    Formula,
    Literal,
    all_of,
    any_of,
    assumed,
    atom,
    contrary,
    same,
    simplified,
)

A, B, C = (atom(Literal(name)) for name in "abc")
ALWAYS: Formula[Literal] = Formula("&&")
NEVER: Formula[Literal] = Formula("||")


def test_joints_are_flat_and_hold_each_part_once() -> None:
    assert all_of((A, all_of((B, A)))) == all_of((A, B))
    assert any_of((A,)) == A


def test_always_and_never_absorb() -> None:
    assert all_of((A, ALWAYS)) == A
    assert all_of((A, NEVER)).never
    assert any_of((A, ALWAYS)).always
    assert any_of((A, NEVER)) == A


def test_the_contrary_turns_joints_and_literals() -> None:
    assert written(contrary(all_of((A, contrary(B))))) == "!a || b"
    assert contrary(contrary(all_of((A, any_of((B, C)))))) == all_of(
        (A, any_of((B, C)))
    )


SAME = (
    (all_of((A, B)), all_of((B, A)), True),
    (contrary(any_of((A, B))), all_of((contrary(A), contrary(B))), True),
    (any_of((A, all_of((contrary(A), B)))), any_of((A, B)), True),
    (any_of((all_of((A, B)), all_of((A, C)))), all_of((A, any_of((B, C)))), True),
    (A, B, False),
    (A, contrary(A), False),
    (all_of((A, B)), A, False),
    (ALWAYS, any_of((A, contrary(A))), True),
    (NEVER, A, False),
)


@pytest.mark.parametrize(("one", "two", "equal"), SAME)
def test_formulas_are_the_same_if_they_hold_in_the_same_cases(
    one: Formula[Literal], two: Formula[Literal], *, equal: bool
) -> None:
    assert same(one, two) is equal
    assert same(two, one) is equal


def test_above_a_dozen_texts_the_form_counts() -> None:
    many = [atom(Literal(f"n{number}")) for number in range(20)]

    assert same(all_of(many), all_of(reversed(many)))
    assert not same(all_of(many), all_of(many[1:]))


SIMPLE = (
    (any_of((A, all_of((contrary(A), B)))), "a || b"),
    (any_of((all_of((A, B)), all_of((contrary(A), B)))), "b"),
    (all_of((A, any_of((contrary(A), B)))), "a && b"),
    (any_of((A, contrary(A))), ""),
    (all_of((A, contrary(A))), "never"),
    (all_of((A, B, C)), "a && b && c"),
)


@pytest.mark.parametrize(("formula", "text"), SIMPLE)
def test_what_makes_no_difference_goes(formula: Formula[Literal], text: str) -> None:
    assert written(simplified(formula)) == text


def test_a_text_can_be_taken_for_given() -> None:
    formula = any_of((all_of((A, B)), all_of((contrary(A), C))))

    assert assumed(formula, "a", holds=True) == B
    assert assumed(formula, "a", holds=False) == C
