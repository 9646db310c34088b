# SPDX-License-Identifier: GPL-2.0-or-later
"""Inline assembly as facts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.diff.image import whole_image
from patchlint.model.location import Span
from patchlint.syntax import c, inline_asm
from patchlint.syntax.inline_asm import InlineAsm
from patchlint.syntax.node import Node

PATH = "arch/x86/kernel/a.c"


def found(text: str) -> list[InlineAsm]:
    image = whole_image(PATH, text, "")
    return [a for item in c.items(image) for a in inline_asm.find(c.tree(item))]


def one(statement: str) -> InlineAsm:
    (asm,) = found(f"void f(void)\n{{\n\t{statement}\n}}\n")
    return asm


def instructions(asm: InlineAsm) -> list[str]:
    return [node.text for node in inline_asm.instructions(asm, PATH)]


def test_every_part_is_named() -> None:
    asm = one(
        'asm volatile("1: mov %[in], %0\\n\\t"\n'
        '\t\t     "jne %l[out]\\n"\n'
        '\t\t     : "=a" (x), [tag] "+m" (*(p))\n'
        '\t\t     : [in] "i" (A | B) /* why */, "0" (z)\n'
        '\t\t     : "memory", "cc" : out, end);'
    )

    assert asm.template == "1: mov %[in], %0\n\tjne %l[out]\n"
    assert [(o.name, o.constraint) for o in asm.outputs] == [("", "=a"), ("tag", "+m")]
    assert [(o.name, o.constraint) for o in asm.inputs] == [("in", "i"), ("", "0")]
    assert [o.value.kind for o in asm.inputs if o.value] == [
        "binary_expression",
        "identifier",
    ]
    assert asm.clobbers == ("memory", "cc")
    assert asm.labels == ("out", "end")
    assert (asm.is_volatile, asm.is_basic, asm.unknown) == (True, False, ())


def test_places_are_those_of_the_file() -> None:
    asm = one('asm("nop\\n\\t"\n\t    "call f" : : "r" (value));')
    (nop, call) = inline_asm.instructions(asm, PATH)
    value = asm.inputs[0].value

    assert asm.span == Span(3, 2, 4, 31)
    assert nop.span == Span(3, 7, 3, 10)
    assert call.span == Span(4, 7, 4, 13)
    assert value is not None
    assert value.span == Span(4, 24, 4, 29)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('asm("mov %%rax, %0" : "=r" (x));', ["mov %rax, %0"]),
        ('asm("mov %rax, %rbx");', ["mov %rax, %rbx"]),
        ('asm("a %0; b %%rcx" : : "r" (x));', ["a %0", "b %rcx"]),
        ('asm("call __a_" STR(b) : : "r" (x));', ["call __a_STR(b)"]),
        ('asm("bt %1, %0" CC_SET(c) : CC_OUT(c) (x));', ["bt %1, %0"]),
        ('asm(ALT("call a", "rep; b", F) : : );', ["call a", "rep; b"]),
        ('asm(ALT(OTHER("call a", X), "b", F) : : );', ["b", "call a"]),
        ('asm("mov %" REG ", %0" : : "r" (x));', ["mov %REG, %0"]),
        ('asm volatile("" ::: "memory");', []),
    ],
)
def test_the_template_reads_as_instructions(
    statement: str, expected: list[str]
) -> None:
    known = [n.text for n in inline_asm.statements(one(statement), PATH)]

    assert [text for text in known if text in expected] == expected


def test_a_call_through_a_register_has_an_indirect_operand() -> None:
    (call,) = inline_asm.instructions(one('asm("call *%0" : : "r" (f));'), PATH)

    assert [child.kind for child in call.children] == ["word", "indirect"]


@pytest.mark.parametrize(
    ("statement", "unknown"),
    [
        ('asm("call f" : ASM_CALL_CONSTRAINT);', ("ASM_CALL_CONSTRAINT",)),
        ('asm("x" : OUT2("=a" (x), "=d" (y)));', ('OUT2("=a" (x), "=d" (y))',)),
        ('asm(ALT("a", "b", F));', ('ALT("a", "b", F)',)),
        ('asm("a" : CC_OUT(c) (x));', ("CC_OUT(c)",)),
        ('asm("a" : : : "cc", CLOBBERS);', ("CLOBBERS",)),
        ('asm("a" : "=r" (x);', ("...",)),
    ],
)
def test_what_a_macro_hides_is_said(statement: str, unknown: tuple[str, ...]) -> None:
    assert one(statement).unknown == unknown


def test_a_macro_operand_stands_in_its_list() -> None:
    asm = one('asm("call f" : "=a" (x), ASM_CALL_CONSTRAINT : CC_IN(c) (y));')

    assert [(o.constraint, o.macro) for o in asm.outputs] == [
        ("=a", ""),
        ("", "ASM_CALL_CONSTRAINT"),
    ]
    assert [(o.constraint, o.macro, o.value is None) for o in asm.inputs] == [
        ("CC_IN(c)", "CC_IN(c)", False)
    ]


def test_the_body_of_a_macro_is_read() -> None:
    (asm,) = found(
        '#define call_it(x, n)\t\\\n\tasm("call __" #n "_%c[size]"\t\\\n'
        '\t    : "=r" (x##_out), ASM_CALL_CONSTRAINT : [size] "i" (sizeof(x)))\n'
    )

    assert instructions(asm) == ["call ___n_%c[size]"]
    assert [o.constraint for o in asm.outputs] == ["=r", ""]
    assert asm.outputs[0].value is not None


def test_a_comment_in_a_macro_does_not_end_it() -> None:
    (asm,) = found(
        '#define f(x)\t\\\n\tasm("a\\n"\t/* b */\t\\\n\t    "c" : : "r" (x))\n'
    )

    assert instructions(asm) == ["a", "c"]
    assert asm.unknown == ()


def test_names_of_registers_and_symbols_are_no_statements() -> None:
    assert found('register long sp asm("rsp");\n') == []
    assert found('extern int a[] asm("b");\n') == []
    assert len(found('#define barrier() asm("" : : : "memory")\n')) == 1


SIGNS = st.sampled_from(
    ['asm("', "asm(", "volatile", '"', "\\", "%%", "%{", ":", "::", "(", ")", "[a]",
     ",", "#", "##", "M(", "/*", "*/", "\n", "\\n", "\\x4", "é", "'"]
)  # fmt: skip


@given(st.lists(SIGNS | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    end = Span(1, 1, clean.count("\n") + 1, 1)
    for asm in inline_asm.find(Node("function_definition", "", clean, end)):
        for node in inline_asm.statements(asm, PATH):
            assert all(below.span.line >= 1 for below in node.walk())
