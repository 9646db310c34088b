# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel C, read in place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.diff.image import whole_image
from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax import c
from patchlint.syntax.chunks import chunks
from patchlint.syntax.comments import structure
from patchlint.syntax.mask import mask
from patchlint.syntax.repair import repairs


def items(text: str) -> tuple[c.Item, ...]:
    return c.items(whole_image("a.c", text, ""))


def has_error(item: c.Item) -> bool:
    return any(node.kind == "ERROR" for node in c.tree(item).walk())


READABLE = {
    "attributes": "static void __init __nocfi f(struct x __user *p)\n{\n\tg();\n}\n",
    "attribute with arguments": "int f(void) __must_hold(&l)\n{\n\treturn 0;\n}\n",
    "loop macro": "void f(void)\n{\n\tfor_each_x(a, b)\n\t\tg();\n}\n",
    "any loop with a brace": "void f(void)\n{\n\tq_walk(&q, s) {\n\t\tg();\n\t}\n}\n",
    "type as argument": "void f(void)\n{\n\tx = of(p,\n\t\tstruct y, z);\n}\n",
    "member of a member": "void f(void)\n{\n\tx = offsetof(struct y, a.b);\n}\n",
    "range": "void f(int a)\n{\n\tswitch (a) {\n\tcase 1 ... 9:\n\t\tg();\n\t}\n}\n",
    "static macro": "void f(void)\n{\n\tstatic DEFINE_RS(rs, 1, 2);\n\n\tg(&rs);\n}\n",
    "system call": "SYSCALL_DEFINE2(f, int, a, char __user *, b)\n{\n\treturn a;\n}\n",
    "braces at the margin": "void f(int a)\n{\nif (a) {\n\tg();\n}\n\th();\n}\n",
    "brace behind an empty line": "void f(void)\n\n{\n\tg();\n}\n",
}


@pytest.mark.parametrize("name", READABLE)
def test_kernel_c_is_a_function_without_error(name: str) -> None:
    (item,) = items(READABLE[name])

    assert item.kind == "function_definition"
    assert not has_error(item)


def test_the_text_of_a_node_is_that_of_the_file() -> None:
    (item,) = items("void __init f(void)\n{\n\tfor_each_x(struct a *, b) {\n\t}\n}\n")

    assert item.text.startswith("void __init f(void)")
    assert "for_each_x(struct a *, b)" in next(n.text for n in c.tree(item).walk())


def test_what_cannot_be_read_spoils_only_itself() -> None:
    text = "void f(void)\n{\n\tif (a ? {\n}\n\nvoid g(void)\n{\n\th();\n}\n"
    found = [item for item in items(text) if item.name == "g"]

    assert [has_error(item) for item in found] == [False]


def test_items_know_the_conditions_around_them() -> None:
    text = (
        "#ifdef A\nint a(int x);\n#elif defined(B)\nint b(int x);\n#else\n"
        "int c(int x);\n#endif\n#ifndef D\nint d(int x);\n#endif\n#if E > 1\n"
        "int e(int x);\n#endif\nint f(int x);\n"
    )

    assert {item.name: item.arms for item in items(text)} == {
        "a": ("defined(A)",),
        "b": ("!(defined(A))", "defined(B)"),
        "c": ("!(defined(A))", "!(defined(B))"),
        "d": ("!defined(D)",),
        "e": ("E > 1",),
        "f": (),
    }


def test_columns_count_characters_not_bytes() -> None:
    (item,) = items("void f(void)\n{\n\t/* für */ g();\n}\n")
    (call,) = (n for n in c.tree(item).walk() if n.kind == "call_expression")

    assert call.span == Span(3, 12, 3, 15)


def test_hunks_keep_the_numbers_of_their_lines() -> None:
    text = "int a(int x);\nint b(int x);\n"
    image = Image("a.c", text, (10, 40), whole=False, proven=False)

    assert [(item.name, item.span.line) for item in c.items(image)] == [
        ("a", 10),
        ("b", 40),
    ]


def test_an_expression_stands_where_it_is_said_to() -> None:
    node = c.expression("~(A | B)", Span(7, 12))

    assert node is not None
    assert (node.kind, node.span) == ("unary_expression", Span(7, 12, 7, 20))


@pytest.mark.parametrize("text", ["", "a b", ");", "1 +", "x; int y = 2", "{"])
def test_what_is_no_expression_is_none(text: str) -> None:
    assert c.expression(text, Span(1)) is None


def test_conditions_over_joined_lines_hold() -> None:
    text = (
        "#if defined(A) || \\\n\tdefined(B)\nint a(int x);\n#else\n"
        "int b(int x);\n#endif\n"
    )

    assert [(item.name, item.arms) for item in items(text)] == [
        ("a", ("defined(A) || defined(B)",)),
        ("b", ("!(defined(A) || defined(B))",)),
    ]


def test_comments_in_parameters_do_not_end_them() -> None:
    text = "int f(int a,\n      /* why */\n      int b)\n{\n\treturn a;\n}\n\nint g;\n"

    assert [item.name for item in items(text)] == ["f", "g"]


PIECES = st.sampled_from(
    ["__init ", "for_each_x(", "case 1 ... 2:", "SYSCALL_DEFINE1(", "{", "}", ")", "\n",
     "struct x *", ", ", "\t", "#if A\n", "#else\n", "#endif\n", '"', "/*", "*/", "é",
     "\\\n", "asm(", '"a" (b)', ": ", "typeof(", "return ", "while", "M(a) ", "; "]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)


def same_shape(one: bytes, other: bytes) -> bool:
    return len(one) == len(other) and [
        at for at, byte in enumerate(one) if byte == 10
    ] == [at for at, byte in enumerate(other) if byte == 10]


@given(TEXTS)
def test_masks_and_repairs_keep_length_and_lines(text: str) -> None:
    source = text.encode("utf-8", "surrogatepass")

    assert same_shape(mask(source), source)
    assert all(
        same_shape(reading, source)
        for readings in repairs(source)
        for reading in readings
    )


@given(TEXTS)
def test_chunks_cover_the_text_and_any_text_has_items(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    numbers = range(1, clean.count("\n") + 2)
    found = list(chunks(clean, numbers))
    rows = structure(clean).split("\n")
    covered = {row for chunk in found for row in range(chunk.first, chunk.end)}

    assert all(one.stop <= two.begin for one, two in pairwise(found))
    assert all(
        row in covered or not text.strip() or "#" in text or rows[row - 1][-1:] == "\\"
        for row, text in enumerate(rows)
    )
    for item in items(clean):
        c.tree(item)
        c.unread(item)
        list(c.alternatives(item))


@pytest.mark.parametrize("sign", ["(", "{", "if (", "f(", "[", "#if A\n", "x(a, {"])
def test_nesting_is_bounded(sign: str) -> None:
    (first, *_) = items("void f(void)\n{\n" + 5000 * sign)
    waiting, depth = [c.tree(first)], 0
    while waiting:
        waiting, depth = [n for node in waiting for n in node.children], depth + 1

    assert depth <= 202


ALIKE = ("*/\n", "-\t}\n")


@pytest.mark.parametrize("line", ALIKE)
def test_a_text_that_takes_too_many_steps_is_not_read(line: str) -> None:
    (item,) = items(line * 3_000)

    assert item.kind == "ERROR"
    assert c.unread(item) == 1


@pytest.mark.parametrize("line", ALIKE)
def test_a_text_after_one_that_is_not_read_is_read(line: str) -> None:
    items(line * 3_001)
    (item,) = items("int after;\n")

    assert (item.kind, item.name) == ("declaration", "after")
    assert not has_error(item)


def test_a_long_text_that_can_be_read_is_read() -> None:
    text = "int f(void)\n{\n" + "\tg(a, b);\n" * 20_000 + "}\n"
    (item,) = items(text)

    assert not has_error(item)
