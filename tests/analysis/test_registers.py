# SPDX-License-Identifier: GPL-2.0-or-later
"""What x86-64 instructions do to registers, and what registers hold."""

from __future__ import annotations

import pytest

from patchlint.analysis.asm_carry import carried
from patchlint.analysis.asm_effects import Effect, effect
from patchlint.analysis.asm_flow import State
from patchlint.analysis.asm_patch import followed
from patchlint.analysis.registers import CALLER_SAVED, GENERAL, canonical, width
from patchlint.diff.image import whole_image
from patchlint.syntax.asm import parse_asm
from tests.asm import routine, source


def done(text: str) -> Effect:
    (node,) = parse_asm(whole_image("x_64.S", text, "")).children
    return effect(node)


@pytest.mark.parametrize(
    ("alias", "full", "bits"),
    [
        ("%r8d", "r8", 32),
        ("%cl", "rcx", 8),
        ("%ah", "rax", 8),
        ("%sil", "rsi", 8),
        ("%rbp", "rbp", 64),
        ("%r15w", "r15", 16),
        ("%cr3", None, None),
        ("%xmm0", None, None),
    ],
)
def test_alias_has_register_and_width(
    alias: str, full: str | None, bits: int | None
) -> None:
    assert (canonical(alias), width(alias)) == (full, bits)


@pytest.mark.parametrize(
    ("text", "reads", "writes"),
    [
        ("movq %rax, %rbx", "rax", "rbx"),
        ("movq 8(%rsi,%rdi), %rbx", "rsi rdi", "rbx"),
        ("movq %rbx, 8(%rsi)", "rsi rbx", ""),
        ("movb $1, %cl", "", "rcx"),
        ("movq %cr3, %rax", "", "rax"),
        ("movq %rax, %cr3", "rax", ""),
        ("movzbl %sil, %eax", "rsi", "rax"),
        ("movslq %edx, %rdx", "rdx", "rdx"),
        ("leaq foo(%rip), %rax", "", "rax"),
        ("xorl %eax, %eax", "", "rax"),
        ("xorl %ebx, %eax", "rax rbx", "rax"),
        ("addq $8, %rdx", "rdx", "rdx"),
        ("shll %edx", "rdx", "rdx"),
        ("incq (%rdi)", "rdi", ""),
        ("testq %r8, %r8", "r8", ""),
        ("cmpl $1, %edi", "rdi", ""),
        ("setz %al", "", "rax"),
        ("cmovzq %rsi, %rdi", "rsi rdi", "rdi"),
        ("pushq %rdx", "rdx", "rsp"),
        ("popq %rdx", "rsp", "rdx rsp"),
        ("mulq %rcx", "rax rcx rdx", "rax rdx"),
        ("imulq $8, %rsi, %rdi", "rsi", "rdi"),
        ("idivl %ecx", "rax rcx rdx", "rax rdx"),
        ("cpuid", "rax rcx", "rax rbx rcx rdx"),
        ("rdmsr", "rcx", "rax rdx"),
        ("wrmsr", "rax rcx rdx", ""),
        ("syscall", "", "rcx r11"),
        ("rep movsq", "rcx rdi rsi", "rcx rdi rsi"),
        ("rep ; stosb", "rax rcx rdi", "rcx rdi"),
        ("lodsl", "rsi", "rax rsi"),
        ("xchg %rax, %rdx", "rax rdx", "rax rdx"),
        ("lock cmpxchgq %rcx, (%rdi)", "rax rcx rdi", "rax"),
        ("loop 1b", "rcx", "rcx"),
        ("jz .Lout", "", ""),
        ("jmp *%rsi", "rsi", ""),
        ("wbinvd", "", ""),
        ("movdqu (%rsi), %xmm0", "rsi", ""),
        ("movq %xmm0, %rax", "", "rax"),
        ("inb %dx, %al", "rdx", "rax"),
        ("UNWIND_HINT_FUNC", "", ""),
        ("FRAME_BEGIN", "rbp rsp", "rbp rsp"),
        (".balign 16", "", ""),
    ],
)
def test_instruction_reads_and_writes(text: str, reads: str, writes: str) -> None:
    found = done(text)

    assert (found.reads, found.writes, found.lost, found.known) == (
        frozenset(reads.split()),
        frozenset(writes.split()),
        frozenset(),
        True,
    )


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("movq %rcx, %r11", ("rcx", "r11")),
        ("movl %ecx, %r11d", ("rcx", "r11")),
        ("movb %cl, %r11b", None),
        ("movq (%rcx), %r11", None),
        ("addq %rcx, %r11", None),
    ],
)
def test_move_copies_a_whole_value(text: str, move: tuple[str, str] | None) -> None:
    assert done(text).move == move


@pytest.mark.parametrize(
    "text",
    ["frobq %rax, %rbx", "movq %rax, CTX", "movq %rax, \\dst", "DO_IT(%rax)", "%"],
)
def test_what_is_not_known_kills_all(text: str) -> None:
    found = done(text)

    assert (found.known, found.lost) == (False, GENERAL)


def test_call_loses_what_the_abi_allows() -> None:
    assert done("call foo").lost == CALLER_SAVED


def test_alternative_loses_what_either_text_writes() -> None:
    found = done('ALTERNATIVE "xorl %eax, %eax", __stringify(rdmsr), X86_FEATURE_A')

    assert (found.lost, found.known) == (frozenset(("rax", "rdx")), True)


def states(body: str, register: str) -> list[State | None]:
    found = routine(body)
    return [
        None if state is None else state[register].state for state in found.registers
    ]


E, M, W, U = State.ENTRY, State.MOVED, State.WRITTEN, State.UNKNOWN


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("nop\nnop", [E, E]),
        ("movq $1, %rsi\nnop", [E, W]),
        ("movq %rdi, %rsi\nnop", [E, M]),
        ("movq %rsi, %rax\nmovq $1, %rsi\nmovq %rax, %rsi\nnop", [E, E, W, E]),
        ("xchgq %rsi, %rdx\nxchgq %rsi, %rdx\nnop", [E, M, E]),
        ("frob\nnop", [E, U]),
        ("lodsq\nnop", [E, W]),
        ("call other\nnop", [E, U]),
        ("jz 1f\nmovl $1, %esi\n1:\nnop", [E, E, U, U]),
        ("jz 1f\nmovl $1, %esi\njmp 2f\n1:\nmovl $2, %esi\n2:\nnop",
         [E, E, W, E, E, W, W]),
        ("1:\nnop\nmovq $1, %rsi\njnz 1b\nnop", [U, U, U, W, W]),
        ("ret\nnop", [E, None]),
        ("ret\n.La:\nnop\n.quad .La", [E, U, U, U]),
        ("#ifdef A\nmovq $1, %rsi\n#else\nnop\n#endif\nnop", [E, E, W, E, U, U]),
        ("#ifdef A\nmovq $1, %rsi\n#else\nmovq $2, %rsi\n#endif", [E, E, W, E, W]),
        (".macro m\nmovq $1, %rsi\n.endm\nnop", [E, None, E, E]),
        ("frob\nsetz %sil\nnop", [E, U, U]),
        ("0: addq $t - 0b, %rax\nnop", [E, E, E]),
        ("global:\nnop", [U, U]),
    ],
)  # fmt: skip
def test_register_state_before_each_statement(
    body: str, expected: list[State | None]
) -> None:
    assert states(body, "rsi") == expected


def test_value_knows_its_writer_and_what_it_was_made_of() -> None:
    found = routine("movq $1, %rax\nleaq (%rax,%rdi), %rsi\nnop")
    state = found.registers[2]

    assert state is not None
    assert (state["rsi"].writer, state["rsi"].inputs) == (1, frozenset(("rdi",)))


@pytest.mark.parametrize(
    ("body", "inputs"),
    [
        ("cmpl $2, %edi\nsete %sil", "rdi"),
        ("testl %edi, %edi\nmovl $1, %eax\ncmovzl %edx, %esi", "rdi rdx rsi"),
        ("testl %edi, %edi\ntestl %edx, %edx\nsetz %sil", "rdx"),
        ("cmpl $1, %edi\ndecl %edx\nsetc %sil", "rdi rdx"),
        ("cmpl $1, %edi\nmovl $1, %esi", ""),
    ],
)
def test_value_made_from_flags_comes_from_what_was_tested(
    body: str, inputs: str
) -> None:
    found = routine(body + "\nnop")
    state = found.registers[-1]

    assert state is not None
    assert (state["rsi"].state, state["rsi"].inputs) == (W, frozenset(inputs.split()))


def test_call_of_a_known_routine_loses_only_what_it_writes() -> None:
    text = (
        "SYM_FUNC_START(f)\n/*\n* %rdi a\n* %rsi b\n*/\ncall g\nnop\nSYM_FUNC_END(f)\n"
        "SYM_FUNC_START_LOCAL(g)\nxorl %edi, %edi\nret\nSYM_FUNC_END(g)\n"
    )
    (found,) = followed(source(text))
    state = found.registers[1]

    assert state is not None
    assert (state["rdi"].state, state["rsi"].state) == (U, E)


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ("movq %rsi, %rax\nmovq %rax, %r12\njmp g", "rsi rax r12"),
        ("pushq %rsi\npopq %r9\njmp g", "rsi rsp r9"),
        ("movq $1, %r9\njmp g", "rsi"),
        ("jmp g\nmovq %rsi, %r9", "rsi"),
        ("testl %esi, %esi\nsetnz %r9b\njmp g", "rsi r9"),
        ("testl %esi, %esi\nmovq $1, %r9\njmp g", "rsi"),
        ("leaq g(%rip), %rax\npushq %rax\nmovq $1, %r9\nret", "rsi"),
        ("leaq g(%rip), %rax\nmovq %rax, 8(%rsp)\nmovq $1, %r9\nret", "rsi"),
    ],
)
def test_value_is_carried_along_moves(body: str, reached: str) -> None:
    found = carried(routine(body).routine, "rsi", "g")

    assert found == frozenset(reached.split())


@pytest.mark.parametrize(
    "body",
    [
        "nop",
        "frob %rax\njmp g",
        "leaq g(%rip), %rax\nmovq %rax, hook(%rip)\nret",
        "pushq %rbx\nleaq g(%rip), %rax\nmovq %rax, hook(%rip)\npopq %rbx\nret",
    ],
)
def test_nothing_certain_is_said_without_transfer_or_knowledge(body: str) -> None:
    assert carried(routine(body).routine, "rsi", "g") == GENERAL
