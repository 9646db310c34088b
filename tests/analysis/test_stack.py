# SPDX-License-Identifier: GPL-2.0-or-later
"""How functions leave the stack and the registers of their caller."""

from __future__ import annotations

import pytest

from patchlint.analysis.asm_effects import effect
from patchlint.analysis.asm_stack import Leaving, leaving
from patchlint.analysis.routines import routines
from tests.asm import source


def left(body: str, before: str = "") -> Leaving:
    text = f"{before}\nSYM_FUNC_START(f)\n{body}\nSYM_FUNC_END(f)\n"
    (found,) = leaving(source(text))
    return found


@pytest.mark.parametrize(
    ("body", "bytes_left"),
    [
        ("pushq %rbx\nRET", [8]),
        ("popq %rax\nRET", [-8]),
        ("pushw %ax\nRET", [2]),
        ("subq $8*3, %rsp\naddq $16, %rsp\nRET", [8]),
        ("pushfq\nRET", [8]),
        ("jz 1f\npushq %rax\n1:\nRET", [8]),
        ("pushq %rbp\nmovq %rsp, %rbp\nsubq $64, %rsp\nleave\nRET", []),
        ("movq %rsp, %r11\nandq $-32, %rsp\npushq %rax\nmovq %r11, %rsp\nRET", []),
        ("subq $SIZE, %rsp\ncall g\naddq $SIZE, %rsp\nRET", []),
        ("subq $SIZE, %rsp\nRET", []),
        ("movq %rdi, %rsp\nRET", []),
        ("FRAME_BEGIN\ncall g\nFRAME_END\nRET", []),
        ("FRAME_BEGIN\ncall g\nRET", [8]),
        ("pushq %rax\nUNKNOWN_MACRO\nRET", []),
        ("#ifdef A\npush %rax\n#endif\n#ifndef A\nnop\n#else\npop %rax\n#endif\nRET",
         []),
        ("#ifdef CONFIG_X86_32\npush %rax\n#endif\nRET", []),
        ("pushq %rax\njmp g\nRET", []),
        ("RET\n1: pushq %rax\nRET", []),
    ],
)  # fmt: skip
def test_bytes_left_at_returns(body: str, bytes_left: list[int]) -> None:
    assert [found.bytes for found in left(body).unbalanced] == bytes_left


@pytest.mark.parametrize(
    ("body", "registers"),
    [
        ("xorl %ebx, %ebx\nRET", "rbx"),
        ("movq %rdi, %r12\nmovl %esi, %r13d\nRET", "r12 r13"),
        ("pushq %rbx\nxorl %ebx, %ebx\npopq %rbx\nRET", ""),
        ("pushq %rbx\nxorl %ebx, %ebx\npopq %rcx\nRET", "rbx"),
        ("movq %rbx, %r8\ncpuid\nmovq %r8, %rbx\nRET", ""),
        ("movq %rbx, %r8\ncpuid\ncall g\nmovq %r8, %rbx\nRET", ""),
        ("pushq %rbx\npushq %r12\npopq %rbx\npopq %r12\nRET", "r12 rbx"),
        ("movq (%rdi), %rbx\nRET", ""),
        ("movq (%rdi), %rbx\naddq %rbx, %rax\nRET", "rbx"),
        ("movq %rbx, (%rdi)\nxorl %ebx, %ebx\nmovq (%rdi), %rbx\nRET", ""),
        ("UNKNOWN_MACRO\nRET", ""),
        ("xorl %ebx, %ebx\njmp g\nRET", ""),
        ("movl $1, %r10d\nRET", ""),
    ],
)
def test_registers_of_the_caller_that_are_gone(body: str, registers: str) -> None:
    found = left(body).unsaved

    assert sorted(each.register for each in found) == registers.split()


def test_what_pushed_is_named() -> None:
    found = left("pushq %rax\npopq %rax\npushq %rbx\njz 1f\npopq %rbx\nRET\n1:\nRET")
    (wrong,) = found.unbalanced

    assert [found.code.routine.statements[at].text for at in wrong.moves] == [
        "pushq %rbx"
    ]


def test_too_many_paths_are_given_up() -> None:
    body = "".join(f"jz 1f\npushq %rax\n1:\nnop{n % 2 * 'w'}\n" for n in range(60))

    assert not left(body + "RET").followed


@pytest.mark.parametrize("mode", [".code32", ".code16"])
def test_code_of_another_width_is_left_alone(mode: str) -> None:
    text = f"{mode}\nSYM_FUNC_START(f)\npush %eax\nRET\nSYM_FUNC_END(f)\n"

    assert leaving(source(text)) == ()


@pytest.mark.parametrize(
    ("before", "body", "lost"),
    [
        (
            "#ifdef A\n#define R %rbx\n#else\n#define R %r12\n#endif",
            "incq R",
            "rbx r12",
        ),
        (".macro m\n.rept LATER\nincq %r13\n.endr\n.endm", "m", "r13"),
        (".macro m\n.rept LATER\nmulq %r13\n.endr\n.endm", "m", "r13 rax rdx"),
        (".macro m a\n.rept LATER\nincq \\a\n.endr\n.endm", "m %r14", "r14"),
        (
            "#define F(a) .rept LATER; op##a; .endr\n#define opx incq %r15",
            "F(x)",
            "r15",
        ),
    ],
)
def test_open_macro_changes_what_it_names(before: str, body: str, lost: str) -> None:
    (found,) = routines(
        source(f"{before}\nSYM_FUNC_START(f)\n{body}\nSYM_FUNC_END(f)\n")
    )
    done = effect(found.statements[0])

    assert (done.known, done.lost - {"flags"}) == (True, frozenset(lost.split()))


@pytest.mark.parametrize("text", ["pushq %rax", "jmp .Lout", "RET", "wonder %rax"])
def test_open_macro_that_may_do_more_is_unknown(text: str) -> None:
    before = f".macro m\n.rept LATER\n{text}\n.endr\n.endm"
    (found,) = routines(source(f"{before}\nSYM_FUNC_START(f)\nm\nSYM_FUNC_END(f)\n"))

    assert not effect(found.statements[0]).known
