# SPDX-License-Identifier: GPL-2.0-or-later
"""The functions of an assembly file and their register comments."""

from __future__ import annotations

import pytest

from patchlint.analysis.routines import RegisterDoc, normal, routines
from patchlint.model.location import Span
from tests.asm import source

DOCUMENTED = """\
SYM_CODE_START_NOALIGN(first)
	UNWIND_HINT_END_OF_STACK
    /*
     * %rdi  page_list
     * %r8d: count, the number of pages
     */
	pushq	%rbx
	ret
SYM_CODE_END(first)

/*
 * Input:
 *  %rsi - start address
 *  %rdx (OP2)
 *  %rcx = %rdx, not a value
 * Output:
 *  %rax: result
 */
	.p2align 4
SYM_FUNC_START_LOCAL(second)
	xorl	%eax, %eax
	/* %rdi late */
	ret
SYM_FUNC_END(second)
"""


def test_statements_stand_between_start_and_end() -> None:
    found = routines(source(DOCUMENTED))

    assert [(r.name, r.local, r.span.line) for r in found] == [
        ("first", False, 1),
        ("second", True, 20),
    ]
    assert [node.text for node in found[0].statements] == [
        "UNWIND_HINT_END_OF_STACK",
        "pushq\t%rbx",
        "ret",
    ]


def test_comment_after_the_start_documents_registers() -> None:
    first, _ = routines(source(DOCUMENTED))

    assert first.documents == (
        RegisterDoc("rdi", "page list", "page_list", Span(4, 8, 4, 23), wide=True),
        RegisterDoc(
            "r8",
            "count",
            "count, the number of pages",
            Span(5, 8, 5, 40),
            wide=False,
        ),
    )


def test_comment_above_documents_inputs_only() -> None:
    _, second = routines(source(DOCUMENTED))

    assert [(d.register, d.name) for d in second.documents] == [
        ("rsi", "start address"),
        ("rdx", ""),
        ("rcx", "%rdx"),
    ]


@pytest.mark.parametrize(
    "comment",
    [
        "/* %rdi is here */",
        "/* prose\n * on %rdi, %rsi */",
        "/* %rax a */",
        "/* %edi a */",
    ],
)
def test_prose_and_other_registers_alone_document_nothing(comment: str) -> None:
    (found,) = routines(source(f"SYM_FUNC_START(f)\n{comment}\nret\n"))

    assert found.documents == ()


@pytest.mark.parametrize("comment", ["/* %rdi: page */", "nop\n/*\n* %rdi page\n*/\n"])
def test_one_line_with_a_name_documents(comment: str) -> None:
    (found,) = routines(source(f"SYM_FUNC_START(f)\n{comment}\nret\n"))

    assert [(d.register, d.name) for d in found.documents] == [("rdi", "page")]


def test_comment_after_code_tells_nothing_of_the_entry() -> None:
    text = "SYM_FUNC_START(f)\n\tmovq %rsi, %rdi\n/*\n * %rdi a\n * %rsi b\n */\nret\n"
    (found,) = routines(source(text))

    assert found.documents == ()


def test_line_comments_in_one_column_are_one_block() -> None:
    text = "# %rdi a\n# %rsi b\nSYM_FUNC_START(f)\nret\nSYM_FUNC_END(f)\n"
    (found,) = routines(source(text))

    assert [(d.register, d.name, d.span) for d in found.documents] == [
        ("rdi", "a", Span(1, 3, 1, 9)),
        ("rsi", "b", Span(2, 3, 2, 9)),
    ]


def test_file_without_functions_has_none() -> None:
    assert routines(source("nop\n")) == ()


def test_document_is_found_by_register() -> None:
    first, _ = routines(source(DOCUMENTED))

    assert first.document("r9") is None
    assert (first.document("rdi") or first.documents[1]).name == "page list"


def test_names_are_compared_without_underscores_and_case() -> None:
    assert normal(" Start_address  of") == "start address of"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("/*\n * page: %rdi\n * count: %esi */", "rdi=page rsi=count"),
        ("/*\n * rax: %rdi\n * Input: %rsi\n * %rdx a\n */", "rdx=a"),
        ("/*\n * %rdi a\n * %rcx temporary\n */", "rdi=a"),
        ("/*\n * %rdi a\n * %rcx scratch register\n */", "rdi=a"),
        ("/*\n * %rdi a\n * %rcx temporary_page\n */", "rdi=a rcx=temporary page"),
        ("/*\n * %rdi a\n * %rsi b\n * On exit:\n * %rdx c\n */", "rdi=a rsi=b"),
        ("/*\n * %rdi a\n * %rsi b\n * On return:\n * %rdi b\n */", "rdi=a rsi=b"),
        ("/*\n * %rdi a\n * %rsi exit_code\n * %rdx c\n */",
         "rdi=a rsi=exit code rdx=c"),
    ],
)  # fmt: skip
def test_lines_document_what_comes_in(comment: str, expected: str) -> None:
    (found,) = routines(source(f"{comment}\nSYM_FUNC_START(f)\nret\n"))

    assert " ".join(f"{d.register}={d.name}" for d in found.documents) == expected


def test_line_keeps_its_order_with_another_register_or_text() -> None:
    text = "/* page: %rdi\n * count: %rsi */\nSYM_FUNC_START(f)\nret\n"
    (found,) = routines(source(text))
    page, count = found.documents

    assert (page.span, count.span) == (Span(1, 4, 1, 14), Span(2, 4, 2, 15))
    assert page.line() == "page: %rdi"
    assert page.line(register="rdx", text="list") == "list: %rdx"
