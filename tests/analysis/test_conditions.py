# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold for a call to run, in one form."""

from __future__ import annotations

import pytest

from patchlint.analysis.c_file import calls, functions, tree
from patchlint.analysis.conditions import as_text, negate, plain, written
from patchlint.analysis.formula import simplified
from patchlint.analysis.reach import path_to, reach
from tests.analysis.code import program


def guards(body: str) -> list[str]:
    """Return the conditions of the call of target()."""
    (source,) = program(a_c=f"void f(int a)\n{{\n{body}\n}}\n").sources
    (item,) = functions(source)
    function = tree(source, item)
    (call,) = (call for name, call in calls(function) if name == "target")
    found = reach(item, path_to(function, call))
    assert found is not None
    formula = simplified(as_text(found, plain))
    return [written(part) for part in formula.conjuncts if not part.always]


CASES = {
    "target();": [],
    "if (a) target();": ["a"],
    "if (!a) target();": ["!a"],
    "if (a) x(); else target();": ["!a"],
    "if (a == 0) target();": ["!a"],
    "if (a != NULL) target();": ["a"],
    "if (a < 4) x(); else target();": ["a>=4"],
    "if (a && b(1)) target();": ["a", "b(1)"],
    "if (a || b) target();": ["a || b"],
    "if (a || b) return; target();": ["!a", "!b"],
    "if (a && b) return; target();": ["!a || !b"],
    "if (!(a && !b)) return; target();": ["a", "!b"],
    "if (unlikely(a)) target();": ["a"],
    "if (a) { x(); return; } target();": ["!a"],
    "if (a) x(); target();": [],
    "if (a) panic(b); target();": ["!a"],
    "if (a) return; again: target();": ["!a"],
    "if (a) return; again: target(); if (b) goto again;": ["!a"],
    "if (b) goto on; if (a) return; on: target();": ["!a || b"],
    "if (b) goto on; x(); if (a) goto on; return; on: target();": ["a || b"],
    "if (b) { if (a) goto on; x(); return; } on: target();": ["!b || a"],
    "if (a) { if (b) target(); }": ["a", "b"],
    "a ? target() : x();": ["a"],
    "a && target();": ["a"],
    "a || target();": ["!a"],
    "return a ? target() : b;": ["a"],
    "x = !a && target();": ["!a"],
    "if (a ? b : c) target();": ["(!a && c) || (a && b)"],
    "if (b == a) target();": ["a==b"],
    "if (3 < a) target();": ["a>3"],
    "if (!(a <= b)) target();": ["a>b"],
    "if (false == a) target();": ["!a"],
    "if (a == true) target();": ["a"],
    "if (({ x(); a; })) target();": ["a"],
    "if (a) return; else x(); target();": ["!a"],
    "if (a) x(); else return; target();": ["a"],
    "if (a) return; else if (b) return; target();": ["!a", "!b"],
    "if (a) { if (b) return; } target();": ["!a || !b"],
    "if (a) return; else return; target();": ["never"],
    "if (a) panic(b); else x(); target();": ["!a"],
    "while (b) { if (a) continue; target(); }": ["b", "!a"],
    "while (b) { b--; target(); }": [],
    "while (next(b)) target();": [],
    "for (i = 0; i < a; i++) target();": [],
    "for (; b; ) target();": ["b"],
    "list_for_each_entry(p, b, c) { target(); }": [],
    "for_each_cpu(i, b) if (a) target();": ["a"],
    "do { target(); } while (a);": [],
    "if (target()) x();": [],
    "switch (a) { case 1: if (b) break; target(); }": ["a==1", "!b"],
    "switch (a) { case 1: case 2: target(); }": ["a==1 || a==2"],
    "switch (a) { case 1: x(); fallthrough; case 2: target(); }": ["a==1 || a==2"],
    "switch (a) { case 1: x(); break; case 2: target(); }": ["a==2"],
    "switch (a) { case 1: x(); break; default: target(); }": ["a!=1"],
    "switch (a) { case 1: return; case 2: x(); break; } target();": ["a!=1"],
    "switch (a) { case 1: if (b) return; break; } target();": [],
    "\n#ifdef CONFIG_X\ntarget();\n#endif": ["CONFIG_X"],
    "\n#ifndef CONFIG_X\ntarget();\n#endif": ["!CONFIG_X"],
    "\n#ifdef CONFIG_X\nx();\n#else\ntarget();\n#endif": ["!CONFIG_X"],
    "\n#if defined(CONFIG_X) && B > 2\ntarget();\n#endif": ["CONFIG_X", "B>2"],
    "if (IS_ENABLED(CONFIG_X)) target();": ["CONFIG_X"],
    "\n#ifdef CONFIG_X\nif (a) return;\n#endif\ntarget();": ["!CONFIG_X || !a"],
    "if (IS_ENABLED(CONFIG_X) && a) return; target();": ["!CONFIG_X || !a"],
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
