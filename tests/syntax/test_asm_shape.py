# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly that is understood to the last sign, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.diff.image import whole_image
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.asm_shape import macros, understood

X86, ARM, ARM64, RISCV = (
    f"arch/{name}/kernel/a.S" for name in ("x86", "arm", "arm64", "riscv")
)


def doubts(path: str, text: str) -> list[str]:
    """Return the statements that are not understood."""
    tree = parse_asm(whole_image(path, text, ""))
    known = macros(tree)
    return [
        node.text
        for node in tree.children
        if node.kind not in ("comment", "preproc") and not understood(node, known)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SYM_FUNC_START(copy_it)\nSYM_INNER_LABEL(inner, SYM_L_GLOBAL)\nret\n",
        "SYM_DATA(table, .quad 0, 1)\nSYM_CODE_START_LOCAL_NOALIGN(.Lx)",
        'ALTERNATIVE "", __stringify(mov $X, %edx; nop), X86_FEATURE_A',
        'ALTERNATIVE_2 "jmp 1f", "", A, \\\n\t"lfence; nop", (B | ALT_NOT(C))',
        ".macro SAVE from:req, to=8 rest:vararg\n.rept \\to\n.endr\n.endm",
        '.irp r, rax, rbx\n.ifnc \\r,rax\n.error "x"\n.endif\n.endr',
        "1:\tjmp 2f\n2:\tjnz 1b\n.Lhere\\@:",
        "rep ; movsq\n1: rep stosb; lock cmpxchg %ecx, (%rdx)",
        "movq %gs:0x28(%rip), %rax\njmp *%rdi\ncall *table(, %rax, 8)",
        "vaddpd 64(%rax), %zmm1, %zmm2 {%k1}{z}\nxchg %st(1), %st",
        "mov $~(A | B << 3), %eax /* why */ # so\nlea -(4 * 8)(%rsp), %rdi // x",
        "#define ARG1 %rdi\n#define AT(x) x(%rip)\nmov ARG1, AT(8)",
        "#define SEG %gs:\nmovl SEG 8(%rax), %ecx",
        ".section .init.text, \"ax\", @progbits\n.type f, @function\n.long 1f - .",
        ".set x, y + 4\nx = . - 1b\n.balign 16, 0x90\n.byte 0x0f, 0x0b",
        ".macro idt vector cfunc\n.endm\nidt \\vec asm_\\cfunc\n",
        "_ASM_EXTABLE_TYPE(1b, 2b, EX_TYPE_A|EX_FLAG(1))\nANNOTATE_NOENDBR",
    ],
)  # fmt: skip
def test_x86_is_understood(text: str) -> None:
    assert doubts(X86, text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (ARM64, "out .req x1\nldp x29, x30, [sp], #16\nadd x0, x1, w2, uxtw #2"),
        (ARM64, "ldr x0, =symbol\nadd x1, x1, :lo12:symbol\nmov v0.16b, v1.16b"),
        (ARM64, "alternative_if_not ARM64_HAS_A\nstr x0, [sp, #-16]!\nmsr a, x0"),
        (ARM64, "ld1 {v0.2d-v3.2d}, [x0]\nmov v1.d[1], x3\nptrue p0.b"),
        (ARM, "ldmfd sp!, {r0 - r3, pc}^ @ back\nmov r0, r1, lsl #2\nldr r1, [r2]!"),
        (ARM, "ARM( add r0, r1, r2 )\n.L_\\@: bne .L_\\@\norr r0, r0, #(1 << 5)"),
        (RISCV, "ld a0, 8(sp)\nla a1, x\nlui t0, %hi(y)\nvle8.v v0, (a1)"),
        (RISCV, ".macro fixup op reg addr\n.endm\nfixup lb a5, 0(a1)"),
    ],
)  # fmt: skip
def test_others_are_understood(path: str, text: str) -> None:
    assert doubts(path, text) == []


@pytest.mark.parametrize(
    "text", ["mov %rax %rbx", "mov 8(%rax, %rbx", "add 1 +, %eax", "mov a b, %eax"]
)
def test_what_is_left_over_is_seen(text: str) -> None:
    assert doubts(X86, text) == [text]


SIGNS = st.sampled_from(
    ["(", ")", "[", "]", "{", "}", ",", ";", "%", "$", "#", "!", "^", "lsl ", "a", "1",
     '"', "\\()", "mov ", "FOO ", ".macro ", "\n", " + ", "/*", "*/"]
)  # fmt: skip


@given(st.lists(SIGNS | st.text(max_size=3), max_size=60).map("".join))
def test_any_text_is_understood_or_not(text: str) -> None:
    doubts(X86, text.encode("utf-8", "replace").decode())


def test_deep_brackets_are_not_followed() -> None:
    assert len(doubts(X86, "mov " + 5000 * "(" + 5000 * ")" + ", %eax")) == 1
