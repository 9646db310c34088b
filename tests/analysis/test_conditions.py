# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold for a call to run, in one form."""

from __future__ import annotations

import pytest

from patchlint.analysis.c_file import calls
from patchlint.analysis.conditions import dominating, negate, path_to, plain
from tests.analysis.code import function


def guards(body: str) -> list[str]:
    """Return the conditions of the call of target()."""
    tree = function(f"void f(int a)\n{{\n{body}\n}}\n")
    (call,) = (call for name, call in calls(tree) if name == "target")
    return [condition.text for condition in dominating(path_to(tree, call))]


CASES = {
    "target();": [],
    "if (a) target();": ["a"],
    "if (!a) target();": ["!a"],
    "if (a) x(); else target();": ["!a"],
    "if (a == 0) target();": ["!a"],
    "if (a != NULL) target();": ["a"],
    "if (a < 4) x(); else target();": ["a>=4"],
    "if (a && b(1)) target();": ["a", "b(1)"],
    "if (a || b) target();": ["a||b"],
    "if (a || b) return; target();": ["!a", "!b"],
    "if (a && b) return; target();": ["!(a&&b)"],
    "if (!(a && !b)) return; target();": ["a", "!b"],
    "if (unlikely(a)) target();": ["a"],
    "if (a) { x(); return; } target();": ["!a"],
    "if (a) x(); target();": [],
    "if (a) panic(b); target();": ["!a"],
    "if (a) return; again: target();": ["!a"],
    "if (a) return; again: target(); if (b) goto again;": ["!a"],
    "if (b) goto on; if (a) return; on: target();": [],
    "if (a) { if (b) target(); }": ["a", "b"],
    "a ? target() : x();": ["a"],
    "a && target();": ["a"],
    "a || target();": ["!a"],
    "while (b) { if (a) continue; target(); }": ["!a"],
    "if (target()) x();": [],
    "switch (a) { case 1: if (b) break; target(); }": ["!b"],
}


@pytest.mark.parametrize("body", CASES)
def test_guards(body: str) -> None:
    assert guards(body) == CASES[body]


def test_blanks_that_do_not_matter_go() -> None:
    assert plain("a  &&\n\tsizeof (struct x) > 3") == "a&&sizeof(struct x)>3"


@pytest.mark.parametrize(
    ("text", "negated"),
    [("a", "!a"), ("a->b", "!a->b"), ("f(x)", "!f(x)"), ("a||b", "!(a||b)")],
)
def test_negation_is_parenthesised_where_it_must_be(text: str, negated: str) -> None:
    assert negate(text) == negated
