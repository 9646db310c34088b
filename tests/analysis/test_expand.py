# SPDX-License-Identifier: GPL-2.0-or-later
"""Macros of an assembly file, replaced by what they stand for."""

from __future__ import annotations

import pytest

from patchlint.analysis.asm_effects import effect
from patchlint.analysis.numbers import number
from patchlint.analysis.routines import routines
from tests.asm import source


def code(before: str, body: str) -> list[str]:
    text = f"{before}\nSYM_FUNC_START(f)\n{body}\nSYM_FUNC_END(f)\n"
    (found,) = routines(source(text))
    return [" ".join(node.text.split()) for node in found.statements]


@pytest.mark.parametrize(
    ("before", "body", "expected"),
    [
        ("#define CTX %rdi", "movq 8(CTX), CTX", ["movq 8(%rdi), %rdi"]),
        ("#define REG rdi", "movq %REG, %rax", ["movq %rdi, %rax"]),
        ("#define A B\n#define B %rax", "incq A", ["incq %rax"]),
        ("CTX = %rdi", "incq CTX", ["incq %rdi"]),
        (".set CTX, %rdi // the context", "incq CTX", ["incq %rdi"]),
        ("#define TWO(r) incq r; decq r", "TWO(%rax)", ["incq %rax", "decq %rax"]),
        ("#define G(a, b) mov##a b", "G(l, %eax)", ["movl %eax"]),
        (".macro two r\nincq \\r\ndecq \\r\n.endm", "two %rax",
         ["incq %rax", "decq %rax"]),
        (".macro m a, b=%rbx\nmovq \\a, \\b\n.endm", "m %rax", ["movq %rax, %rbx"]),
        (".macro m a b\nmovq \\a, \\b\n.endm", "m %rax %rbx", ["movq %rax, %rbx"]),
        (".macro m a b\nmovq \\a, \\b\n.endm", "m b=%rbx, a=8(%rdi)",
         ["movq 8(%rdi), %rbx"]),
        (".macro in r\nincq \\r\n.endm\n.macro out r\nin \\r\n.endm", "out %rax",
         ["incq %rax"]),
        (".macro m n\n.if \\n == 1\nincq %rax\n.else\ndecq %rax\n.endif\n.endm", "m 2",
         ["decq %rax"]),
        (".macro m n\n.ifc \\n, a\nincq %rax\n.endif\n.endm", "m a\nm b",
         ["incq %rax"]),
        (".macro m\nincq %rax\n.endm", "m ; nop", ["incq %rax", "nop"]),
        ("#define A 1\n#undef A", "movl $A, %eax", ["movl $A, %eax"]),
        ("#define A 1\n#undef A\n#define A 2", "movl $A, %eax", ["movl $2, %eax"]),
        ("#define A 1", '.ascii "A"', ['.ascii "A"']),
        (".macro m\n.rept 2\nincq %rax\n.endr\n.endm", "m",
         ["incq %rax", "incq %rax"]),
        ("A = 1", ".irp r, rax, rbx\nincq %\\r\n.endr", ["incq %rax", "incq %rbx"]),
        ("CTX = %rdi\nCTX = %rsi", "incq CTX", ["incq %rsi"]),
        (".macro turn\nt = a\na = b\nb = t\n.endm\na = %rax\nb = %rbx",
         "incq a\nturn\ndecq a", ["incq %rax", "t = a", "a = b", "b = t", "decq %rbx"]),
        ("#ifdef __x86_64__\n#define A %rdi\n#else\n#define A %eax\n#endif",
         "incq A", ["incq %rdi"]),
        ("#define A 1", "#ifdef CONFIG_X86_32\nincl A\n#endif\nnop",
         ["#ifdef CONFIG_X86_32", "#endif", "nop"]),
        ("", "__ASM_SIZE(push,) %__ASM_REG(di)", ["pushq %rdi"]),
        ("", "movb $1, PER_CPU_VAR(x)", ["movb $1, %gs:(x)(%rip)"]),
    ],
)  # fmt: skip
def test_macro_is_replaced_by_its_text(
    before: str, body: str, expected: list[str]
) -> None:
    assert code(before, body) == expected


@pytest.mark.parametrize(
    ("before", "body"),
    [
        (".macro m n\n.rept LATER\nincq %rax\n.endr\n.endm", "m 1"),
        (".macro m n\n.if \\n == LATER\nincq %rax\n.endif\n.endm", "m 1"),
        (".macro m\nincq %rax\n.endm\n.macro m\ndecq %rax\n.endm", "m"),
        (".macro m a:req\nincq \\a\n.endm", "m"),
        (".macro m a\nincq \\b\n.endm", "m %rax"),
        (".macro m\nm\n.endm", "m"),
        ("#define m() m2()\n#define m2() m()", "m()"),
        ("#ifdef A\n#define CTX %rdi\n#else\n#define CTX %rsi\n#endif", "incq CTX"),
        ("#ifdef A\nCTX = %rdi\n#else\nCTX = %rsi\n#endif", "incq CTX"),
        (".macro turn\n.if LATER\nCTX = %rsi\n.endif\n.endm\nCTX = %rdi",
         "turn\nincq CTX"),
        ("#define D(a) F(a)F(a)F(a)F(a)\n#define F(a) a;a;a;a",
         "D(" + "nop;" * 99 + ")"),
    ],
)  # fmt: skip
def test_what_is_open_stays_and_is_unknown(before: str, body: str) -> None:
    text = f"{before}\nSYM_FUNC_START(f)\n{body}\nSYM_FUNC_END(f)\n"
    (found,) = routines(source(text))

    assert not all(
        effect(node).known and not effect(node).lost for node in found.statements
    )


def test_macro_stands_where_it_is_called() -> None:
    text = ".macro m\nincq %rax\n.endm\nSYM_FUNC_START(f)\n\tm\nSYM_FUNC_END(f)\n"
    (found,) = routines(source(text))

    assert [node.span.line for node in found.statements] == [5]
    assert [node.text for node in found.written] == ["m"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8", 8),
        ("-8", -8),
        ("0x10", 16),
        ("8*(4 + 2)", 48),
        ("~(64 - 1)", -64),
        ("3 == 3 && 1", 1),
        ("1 << 4", 16),
        ("1 / 0", None),
        ("1 << 400", None),
        ("SIZE + 8", None),
        ("", None),
        ("(" * 300, None),
    ],
)
def test_number_has_a_value_unless_names_are_in_it(
    text: str, value: int | None
) -> None:
    assert number(text) == value
