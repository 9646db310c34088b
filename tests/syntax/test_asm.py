# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly text to trees."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.diff.image import whole_image
from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.node import Node

PIECES = st.sampled_from((
    "\n", ";", "/*", "*/", "//", "#", "#define A", "\\\n", '"', "'", "(", ")", "%rax",
    "$~(A|B)", ",", "foo:", "1:", "1b", "rep", "rep ; ", "mov ", " ", "\t", ".macro",
    "=", "*%rax", "8(%rsi,%rdi,4)", "%gs:x", "ALTERNATIVE ", "__stringify(", "é", "{",
    "}", "[", "]", "\\name\\()", "@", "\0", "\r\n", "\x0c", "$(", "<<", "asm(a",
))  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


def source(text: str, path: str = "arch/x86/lib/x_64.S") -> Node:
    return parse_asm(whole_image(path, text, ""))


def kinds(text: str, path: str = "arch/x86/lib/x_64.S") -> list[tuple[str, str]]:
    return [(node.kind, node.text) for node in source(text, path).children]


def operands(text: str) -> list[tuple[str, str]]:
    (node,) = source(text).children
    return [(c.kind, c.text) for c in node.children if c.field == "operand"]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("testq %r8, %r8", "instruction", "testq"),
        ('.section .text, "ax", @progbits', "directive", ".section"),
        ("SYM_FUNC_START(foo)", "macro_call", "SYM_FUNC_START"),
        (
            'ALTERNATIVE "", __stringify(orl $A, %eax; nop), F',
            "macro_call",
            "ALTERNATIVE",
        ),
        ("RET", "macro_call", "RET"),
        (". = ALIGN(8)", "assignment", "."),
        ("size = . - start", "assignment", "size"),
        ("#define PTR(x) (x << 3)", "preproc", "define"),
        ("  # ifdef CONFIG_A", "preproc", "ifdef"),
        ("\\op %rax, \\reg\\()_x", "instruction", "\\op"),
        (".Lfoo_\\@:", "label", ".Lfoo_\\@"),
        ("0:", "label", "0"),
    ],
)
def test_statement_has_kind_and_name(text: str, kind: str, name: str) -> None:
    (node,) = source(text).children
    word = node.child("name")

    assert (node.kind, node.text, word and word.text) == (kind, text.strip(), name)


@pytest.mark.parametrize(
    ("operand", "kind"),
    [
        ("%r8d", "register"),
        ("%st(1)", "register"),
        ("%zmm1{%k1}{z}", "register"),
        ("$~(X86_CR4_PGE)", "immediate"),
        ("*%rsi", "indirect"),
        ("*.Ltable(,%rax,8)", "indirect"),
        ("PTR(x)(%rsi)", "memory"),
        ("saved_cr4(%rip)", "memory"),
        ("16(CTX)", "memory"),
        ("%gs:cpu_number", "memory"),
        ("(%rdi, %rcx, 8)", "memory"),
        ("[x0, 16]", "memory"),
        ("{r4-r7, lr}", "register_list"),
        ('"ax"', "string"),
        ("1f", "expression"),
        ("FOO(a, b)", "expression"),
    ],
)
def test_operand_has_kind(operand: str, kind: str) -> None:
    assert operands(f"foo {operand}") == [(kind, operand)]


def test_operands_are_cut_at_outer_commas() -> None:
    found = operands("lea 8(%rsi, %rdi, 4), %rax")

    assert found == [("memory", "8(%rsi, %rdi, 4)"), ("register", "%rax")]


def test_parts_of_an_address_have_roles() -> None:
    (node,) = source("mov %gs:foo+8(%rsi,%rdi,4), %rax").children
    memory = node.children[1]

    assert [(part.field, part.text) for part in memory.children] == [
        ("segment", "%gs"),
        ("displacement", "foo+8"),
        ("base", "%rsi"),
        ("index", "%rdi"),
        ("scale", "4"),
    ]


def test_c_expression_in_an_immediate_is_a_tree_in_place() -> None:
    (node,) = source("\tandq\t$~(A | B), %rax").children
    tree = node.children[1].child("expression")

    assert tree is not None
    assert (tree.kind, tree.text) == ("unary_expression", "~(A | B)")
    assert tree.span == Span(1, 8, 1, 16)


def test_labels_and_statements_share_a_line() -> None:
    found = kinds("0:\taddq $a - 0b, %rsi; ret # done")

    assert found == [
        ("label", "0:"),
        ("instruction", "addq $a - 0b, %rsi"),
        ("instruction", "ret"),
        ("comment", "# done"),
    ]


@pytest.mark.parametrize("text", ["rep movsq", "rep ; movsq", "1: rep;movsq"])
def test_prefix_belongs_to_its_instruction(text: str) -> None:
    node = source(text).children[-1]

    assert [(c.field, c.text) for c in node.children] == [
        ("prefix", "rep"),
        ("name", "movsq"),
    ]


def test_comments_are_nodes_over_all_their_lines() -> None:
    found = source("nop /* a\n\t* %rdi b */\n// c\nret").children

    assert [(node.kind, node.text, node.span) for node in found] == [
        ("instruction", "nop", Span(1, 1, 1, 4)),
        ("comment", "/* a\n\t* %rdi b */", Span(1, 5, 2, 13)),
        ("comment", "// c", Span(3, 1, 3, 5)),
        ("instruction", "ret", Span(4, 1, 4, 4)),
    ]


def test_strings_hide_what_looks_like_a_comment() -> None:
    assert kinds('.ascii "/* # // ; ("') == [("directive", '.ascii "/* # // ; ("')]


def test_macro_call_goes_on_over_lines() -> None:
    text = 'ALTERNATIVE "nop", \\\n\t"lfence", F\nFOO(a,\n    b)\nret'

    assert [kind for kind, _ in kinds(text)] == [
        "macro_call",
        "macro_call",
        "instruction",
    ]


def test_open_parenthesis_takes_no_other_line() -> None:
    assert kinds("mov (%rax\nret") == [("ERROR", "mov (%rax"), ("instruction", "ret")]


def test_define_keeps_its_lines_and_its_comment() -> None:
    text = "#define A \\\n\tmov /* x */ ; \\\n\tret\nnop"

    assert kinds(text) == [
        ("preproc", "#define A \\\n\tmov /* x */ ; \\\n\tret"),
        ("comment", "/* x */"),
        ("instruction", "nop"),
    ]


def test_hash_marks_an_immediate_on_arm() -> None:
    found = kinds("mov r0, #1 @ one", "arch/arm/lib/x.S")

    assert found == [("instruction", "mov r0, #1"), ("comment", "@ one")]


def test_hunks_keep_line_numbers_and_begin_inside_comments() -> None:
    text = "\t * %r8 a\n\t */\n\tret\nFOO(a,\n\tnop\n"
    numbers = (10, 11, 12, 13, 40)
    found = parse_asm(Image("x.S", text, numbers, whole=False, proven=False)).children

    assert [(node.kind, node.span.line) for node in found] == [
        ("comment", 10),
        ("instruction", 12),
        ("ERROR", 13),
        ("instruction", 40),
    ]


def test_hunk_inside_a_comment_is_comment() -> None:
    text = "\t * %r8 a\n\t *\n\t * %r9 b\n"
    found = parse_asm(Image("x.S", text, (5, 6, 7), whole=False, proven=False))

    assert [node.kind for node in found.children] == ["comment"]


@pytest.mark.parametrize("text", ["%rax, %rbx", "mov ((%rax)", "mov `x`", "1 2 3"])
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    assert kinds(text) == [("ERROR", text)]


@given(TEXTS)
def test_any_text_gives_a_tree_that_shows_its_text(text: str) -> None:
    tree = source(text)
    lines = text.split("\n")

    assert all(shown(lines, node.span) == node.text for node in tree.walk())


@given(TEXTS, st.integers(1, 5))
def test_any_hunks_give_a_tree(text: str, step: int) -> None:
    count = text.count("\n") + 1
    numbers = tuple(range(1, 1 + step * count, step))
    tree = parse_asm(Image("x.S", text, numbers, whole=False, proven=False))

    assert {node.span.line for node in tree.children} <= set(numbers)


@pytest.mark.parametrize(
    "piece",
    [
        *("(", "FOO(\n", "/*", "a,", '"', "\\\n", "rep;", "#define A /*", "$((", "1:"),
        *(" ", "\n", "( ", "a", "mov (a", "a(", "%\\()", "* ", "%gs:", "(%a"),
    ],
)
def test_time_grows_with_the_text(piece: str) -> None:
    start = time.process_time()
    source(piece * 4000)
    source(f"mov {piece * 4000};")
    parse_asm(Image("x.S", f"*{piece * 4000}", (1,), whole=False, proven=False))

    assert time.process_time() - start < 5


def shown(lines: list[str], span: Span) -> str:
    picked = lines[span.line - 1 : span.end_line]
    picked[-1] = picked[-1][: span.end_column - 1]
    picked[0] = picked[0][span.column - 1 :]
    return "\n".join(picked)
