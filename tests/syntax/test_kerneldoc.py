# SPDX-License-Identifier: GPL-2.0-or-later
"""kernel-doc comments, prototypes and structures as scripts/kernel-doc reads them."""

from __future__ import annotations

import time

import pytest

from patchlint.syntax.kerneldoc import document, fields, inline, parameters


@pytest.mark.parametrize(
    ("head", "kind", "name"),
    [
        ("reset - clear", "function", "reset"),
        ("reset() - clear", "function", "reset"),
        ("reset(): clear", "function", "reset"),
        ("reset", "function", "reset"),
        ("define RESET - clear", "function", "RESET"),
        ("struct line - what", "struct", "line"),
        ("union line", "union", "line"),
        ("enum line - what", "enum", "line"),
    ],
)
def test_the_first_line_says_what_is_described(head: str, kind: str, name: str) -> None:
    doc = document(f"/**\n * {head}\n * @a: b\n */")

    assert doc is not None
    assert (doc.kind, doc.name, dict(doc.described)) == (kind, name, {"a": 2})


@pytest.mark.parametrize(
    "text",
    ["/*\n * reset - x\n */", "/** reset - x */", "/**\n * DOC: lines\n */", "/**\n"],
)
def test_other_comments_are_no_kernel_doc(text: str) -> None:
    assert document(text) is None


def test_sections_and_mentions_are_no_parameters() -> None:
    doc = document(
        "/**\n * f - x\n * @a.b: c\n *\n * Of @d.\n * @return: e\n * @...: g\n */"
    )

    assert doc is not None
    assert list(doc.described) == ["a.b", "..."]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("void f(void);", ()),
        ("static inline int f(int a, char *b)\n{", ("a", "b")),
        ("\nconst struct x *f(struct y **a, u8 b[4],\n\t\tint c)\n{", ("a", "b", "c")),
        ("int f(int (*done)(int, int), int (*a[2])(void));", ("done", "a")),
        ("int f(const char *fmt, ...) __printf(1, 2);", ("fmt", "...")),
        ("int __printf(1, 2) f(const char *fmt);", ("fmt",)),
        ("int f(int a __maybe_unused);", ("a",)),
        ("#define f(a, b...) g(a)", ("a", "b")),
        ("#define f(a, \\\n\tb) g(a)", ("a", "b")),
        ("#ifdef X\nint f(int a);", ("a",)),
        ("int f(int, char *);", None),
        ("int g(int a);", None),
        ("#define f 3", None),
        ("int f = 3;", None),
    ],
)
def test_parameters_of_prototypes(code: str, expected: tuple[str, ...] | None) -> None:
    assert parameters(code, "f") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("int a, *b; u8 c:3; char d[4];", {"a", "b", "c", "d"}),
        ("int (*a)(int b, int c);", {"a"}),
        (
            "struct { int a; }; union { int b; struct { int c; } d; };",
            {"a", "b", "d", "d.c"},
        ),
        ("DECLARE_BITMAP(a, 4); struct_group(b, int c; int d;);", {"a", "c", "d"}),
        ("int a; /* private: */ int b; /* public: */ int c;", {"a", "c"}),
        ("int a; /* private: */ int b;", {"a"}),
        ("struct x *a __rcu; int b __aligned(8);", {"a", "b"}),
        ("#ifdef X\nint a;\n#endif\nenum { B, C } d;", {"a", "d"}),
    ],
)
def test_members_of_structures(body: str, expected: set[str]) -> None:
    found = fields(f"struct line {{\n{body}\n}} __packed;", "struct", "line")

    assert found is not None
    assert set(found) == expected


def test_macros_nobody_knows_are_not_guessed() -> None:
    assert fields("struct line { SOME_LIST(a, b) };", "struct", "line") is None
    assert fields("struct other { int a; };", "struct", "line") is None
    assert fields("struct line { int a;", "struct", "line") is None


def test_comments_inside_describe_members() -> None:
    assert inline("/** @a: x */ int a; /**\n * @b: y\n */ int b; /* @c: */") == {
        "a",
        "b",
    }


@pytest.mark.parametrize(
    "piece", ["struct ", "struct { ", "struct_group(", "a * ", "f("]
)
def test_giant_structures_take_no_time(piece: str) -> None:
    begin = time.perf_counter()
    fields("struct line {" + piece * 5000 + "};", "struct", "line")
    parameters("int f(" + piece * 5000, "f")

    assert time.perf_counter() - begin < 3
