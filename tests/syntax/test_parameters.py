# SPDX-License-Identifier: GPL-2.0-or-later
"""Heads of functions read without a parse, as the parse reads them."""

from __future__ import annotations

import pytest

from patchlint.diff.image import whole_image
from patchlint.model.location import Span
from patchlint.syntax import c
from patchlint.syntax.parameters import plain_parameters


def one(text: str) -> c.Item:
    (item,) = c.items(whole_image("a.c", text, ""))
    return item


def test_plain_parameters_have_name_type_and_place() -> None:
    found = plain_parameters(
        one("static int f(const struct a *b,\n\t      unsigned int c)\n{\n}\n")
    )

    assert found == (
        Span(1, 12, 2, 23),
        (
            ("b", "const struct a *", Span(1, 14, 1, 31)),
            ("c", "unsigned int", Span(2, 8, 2, 22)),
        ),
    )


def test_void_is_no_parameter() -> None:
    assert plain_parameters(one("int f(void)\n{\n}\n")) == (Span(1, 5, 1, 12), ())


@pytest.mark.parametrize(
    "given",
    ["int (*f)(int)", "int a[4]", "struct a", "unsigned int", "int", "int a __unused",
     "const", "int a, ...", "char __user *p"],
)  # fmt: skip
def test_what_is_not_plain_takes_a_parse(given: str) -> None:
    assert plain_parameters(one(f"int f({given})\n{{\n}}\n")) is None


@pytest.mark.parametrize(
    "head",
    [
        "static inline void __init f(void)", "int\nf(int a,\n  int b)",
        "struct a *f(struct b *c)", "/* why */ long f(int a /* b */)",
    ],
)  # fmt: skip
def test_an_outline_is_what_the_parse_says(head: str) -> None:
    text = f"{head}\n{{\n\treturn g(a);\n}}\n"
    item, tree = one(text), c.tree(one(text))

    assert (item.kind, item.span, item.text) == (tree.kind, tree.span, tree.text)
    assert [n.text for n in c.head(item).children] == [
        n.text for n in tree.children if n.kind != "compound_statement"
    ]


def test_only_what_is_asked_for_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    text = "".join(f"int f{at}(int a)\n{{\n\treturn a;\n}}\n\n" for at in range(9))
    c.forget()

    def watched(source: bytes) -> bytes:
        parsed.append(source)
        return source

    monkeypatch.setattr(c, "mask", watched)
    items = c.items(whole_image("a.c", text, ""))

    assert (len(items), parsed) == (9, [])
    c.tree(items[4])
    assert parsed == [b"int f4(int a)\n{\n\treturn a;\n}\n"]
    c.forget()
