# SPDX-License-Identifier: GPL-2.0-or-later
"""Rarer kernel C, and the arms of ``#if`` that cut a statement in two."""

from __future__ import annotations

import pytest

from patchlint.diff.image import whole_image
from patchlint.syntax import c
from patchlint.syntax.node import Node


def items(text: str) -> tuple[c.Item, ...]:
    return c.items(whole_image("a.c", text, ""))


def body(*rows: str) -> str:
    return "".join(("void f(int a)\n{\n", *(f"\t{row}\n" for row in rows), "}\n"))


REPAIRED = {
    "an if in the arm of an #if": body(
        "#ifdef A", "if (a)", "g();", "else", "#endif", "h();"
    ),
    "an else in the arm": body(
        "if (a) {", "g();", "#ifdef A", "} else {", "#endif", "h();", "}"
    ),
    "part of a condition": body(
        "if (a", "#if A", "&& b", "#endif", ")", "g();", "h();"
    ),
    "a label before #if": body("g();", "out:", "#ifdef A", "h();", "#endif"),
    "two heads": "#if A\nvoid f(int a)\n#else\nvoid f(long a)\n#endif\n"
    "{\n\tg(a);\n\th();\n}\n",
    "an #if in the parameters": "void f(int a,\n#if A\n int b,\n#endif\n int c)\n"
    "{\n\tg(h());\n}\n",
    "asm with macros": body(
        'asm volatile(M("a", "b") : O(c) (x), P : "r" (g()) : "cc", Q);', "h();"
    ),
    "asm in a macro": body('m("a %0", "=r" (g()) : "r" (x), [y] "i" (h()) : "cc");'),
    "a register variable": body('register long x asm("rdx") = g();', "h();"),
    "designators as arguments": body("x = M(.a = 1, .b = g());", "h();"),
    "an operator as argument": body("ASSERT(g(), ==, h());", "ASSERT(a, <, b);"),
    "statements as arguments": body(
        "CHECK(a, g(), return -1);", "CHECK(b, h(), goto out;);"
    ),
    "a list as argument": body("send(g(), {0x20, 1});", "h();"),
    "empty arguments": body("safe(g(), , h());", "put(a, /* b */);"),
    "two macros before a string": body(
        'g(KERN_ERR PFX "x %d\\n", a);', "h(KERN_INFO fmt(x), a);"
    ),
    "macros among strings": body('g("%" __stringify(N) "s", a);', "h();"),
    "names of digits": body("g(3DNOW) | h(2NDEXEC);"),
    "any loop": body("walk_all(g(), x)", "\th();"),
    "a loop at its end": body("do {", "\tg();", "} next_of(h(), a);"),
    "a loop with a word at its end": body(
        "each_x(x) {", "g();", "h();", "} end_each(x)"
    ),
    "a call without semicolon": body("TRACE(a, g())", "h();"),
    "a macro alone": body("g();", "h();", "KFUNCS", "return;"),
    "a bitmap": body("DECLARE_BITMAP(map, 9) = { 0 };", "g(map);", "h();"),
    "typeof": body("typeof(a->b) x = g();", "y = (typeof(a->b))h();"),
    "alignof": body("g(__alignof__(*a), h());"),
    "directives in a list": body(
        "int t[] = {", "#define M(x) [x] = #x", "M(1),", "};", "g();", "h();"
    ),
    "marks before": 'SEC("a")\nEXPORTED\nint f(void)\n{\n\tg(); h();\n}\n',
    "unknown attributes": "static pad_scope int\nNOT_ME f(void)\n{\n\tg(); h();\n}\n",
    "two types": body("g(struct a *, signed char);", "h(unsigned short int, 1);"),
}


CALLS = ("call_expression", "while_statement")


@pytest.mark.parametrize("name", REPAIRED)
def test_rarer_kernel_c_is_read_with_its_calls(name: str) -> None:
    (item,) = items(REPAIRED[name])
    called = {n.text.split("(")[0] for n in c.tree(item).walk() if n.kind in CALLS}

    assert item.kind == "function_definition"
    assert c.unread(item) == 0
    assert {"g", "h"} <= called


def calls(node: Node) -> list[str]:
    return [below.text for below in node.walk() if below.kind == "call_expression"]


def test_every_arm_is_in_one_of_the_trees() -> None:
    (item,) = items(
        body(
            "if (a", "#if A", "&& b()", "#elif B", "&& c()", "# if C", "&& d()",
            "# else", "&& e()", "# endif", "#else", "&& f()", "#endif", ")", "g();",
            "#ifdef D", "h();", "#else", "i();", "#endif",
        )
    )  # fmt: skip
    trees = (c.tree(item), *c.alternatives(item))

    assert calls(trees[0]) == ["b()", "g()", "h()", "i()"]
    assert {text for tree in trees for text in calls(tree)} == {
        "b()", "c()", "d()", "e()", "f()", "g()", "h()", "i()"
    }  # fmt: skip


def test_arms_of_whole_statements_need_no_alternatives() -> None:
    (item,) = items(body("#ifdef A", "g();", "#else", "h();", "#endif"))

    assert calls(c.tree(item)) == ["g()", "h()"]
    assert list(c.alternatives(item)) == []


def test_a_dead_arm_comes_last() -> None:
    (item,) = items(
        body("if (a", "#if 0", "&& b()", "#else", "&& c()", "#endif", ")", "g();")
    )

    assert calls(c.tree(item)) == ["c()", "g()"]


def test_the_first_line_that_cannot_be_read_is_known() -> None:
    (item,) = items(body("g();", "a b c d;", "h();"))

    assert c.unread(item) == 4
