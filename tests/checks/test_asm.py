# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers and labels of assembly, patch against patch."""

from __future__ import annotations

import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.context import contexts
from patchlint.lint.rule import Result
from patchlint.model.finding import Finding, Skip
from patchlint.series.images import BlobSource, NoSource
from tests.mails import Blobs, Files, one_patch

RULES = {rule.card.id: rule for rule in load_rules() if rule.card.id.startswith("asm/")}
PATH = "arch/x86/lib/stop_64.S"
HEADER = "arch/x86/include/asm/stop.h"
PROTOTYPE = "void stop_here(unsigned long new_stack, unsigned int {});\n"
STOP = """\
SYM_CODE_START(stop_here)
	/*
\t * %rdi new_stack
\t * %rsi caches_dirty
\t */
	movq	%cr4, %rax
	testl	%esi, %esi
	jz	.Lclean
	wbinvd
.Lclean:
	jmp	on_new_stack
SYM_CODE_END(stop_here)

SYM_CODE_START_LOCAL(on_new_stack)
	/*
\t * %rdi new_stack
\t * %rsi caches_dirty
\t */
	testl	%esi, %esi
	jz	.Lout
	movq	%rdi, %rsp
.Lout:
	ret
SYM_CODE_END(on_new_stack)
"""


def run(
    name: str, before: Files, after: Files, source: BlobSource | None = None
) -> list[Result]:
    series = one_patch(before, after)
    results = RULES[f"asm/{name}"].apply(contexts(series, source or Blobs(before)))
    return list(results)


def findings(name: str, before: str, after: str, path: str = PATH) -> list[Finding]:
    results = run(name, {path: before}, {path: after})
    return [result for result in results if isinstance(result, Finding)]


def changed(*pairs: tuple[str, str]) -> str:
    text = STOP
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


NAMES = (
    "label-use-after-rename",
    "register-clobbered-before-use",
    "register-doc-between-labels",
    "register-doc-vs-prototype",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "after",
    [
        changed(("movq	%cr4, %rax", "movq	%cr4, %rcx")),
        changed((".Lclean", ".Ldone"), (".Lclean:", ".Ldone:")),
        STOP.replace("caches_dirty", "flush_needed"),
        changed(("	movq	%cr4, %rax\n", "	pushq	%rsi\n	popq	%rsi\n")),
        changed(("	jz	.Lout", "	xorl	%esi, %esi\n	jz	.Lout")),
    ],
)
def test_rightful_change_is_left_alone(name: str, after: str) -> None:
    assert findings(name, STOP, after) == []


@pytest.mark.parametrize(
    "write",
    [
        "movq	%cr4, %rsi",
        "movb	$1, %sil",
        "lodsq",
        "rep ; movsb",
        "popq	%rsi",
        "xchgq	%rsi, %rbx",
        "leaq	table(%rip), %rsi",
    ],
)
def test_write_before_the_test_is_found_at_the_test(write: str) -> None:
    after = changed(("movq	%cr4, %rax", write))
    found = findings("register-clobbered-before-use", STOP, after)
    text = " ".join(write.split())
    (at_test,) = [f for f in found if "no longer holds" in f.message]

    assert f"%rsi no longer holds caches_dirty here: `{text}`" in at_test.message
    assert at_test.quote == " \ttestl\t%esi, %esi"
    assert [step.text for step in at_test.trace] == ["%rsi caches_dirty", write]


@pytest.mark.parametrize(
    "write",
    [
        "andl	$1, %esi",
        "movl	%esi, %esi",
        "call	other",
        "frob	%rsi",
        "movq	%rsi, saved(%rip)\n	xorl %esi, %esi\n	movq	saved(%rip), %rsi",
        "testl	%edi, %edi\n	jz	1f\n	xorl	%esi, %esi\n1:	nop",
        "#ifdef CONFIG_A\n	xorl	%esi, %esi\n#endif",
        "movq	%rsi, %r12\n	movq %cr4, %rsi\n	testq	%r12, %r12",
    ],
)
def test_uncertain_or_rightful_write_is_silent(write: str) -> None:
    after = changed(("movq	%cr4, %rax", write))

    assert findings("register-clobbered-before-use", STOP, after) == []


def test_test_moved_behind_the_write_is_found() -> None:
    before = changed(("	movq	%cr4, %rax\n", ""), ("	wbinvd\n", ""))
    before = before.replace(".Lclean:\n", ".Lclean:\n	movq	%cr4, %rsi\n", 1)
    test = "	testl	%esi, %esi\n"
    after = before.replace(test, "", 1).replace(
        "	movq	%cr4, %rsi\n", "	movq	%cr4, %rsi\n" + test
    )

    assert [
        "no longer holds" in f.message
        for f in findings("register-clobbered-before-use", before, after)
    ] == [True]


def test_value_lost_on_the_way_is_found_at_the_write() -> None:
    after = changed(("	jmp	on_new", "	xorl	%esi, %esi\n	jmp	on_new"))
    (found,) = findings("register-clobbered-before-use", STOP, after)

    assert found.message == (
        "This overwrites caches_dirty in %rsi, and on_new_stack still tests it there."
        " Use another register."
    )
    assert found.quote == "+	xorl	%esi, %esi"


def test_label_used_outside_the_hunk_is_found_in_the_whole_file() -> None:
    nops = "	nop\n" * 8
    before = changed((".Lclean:\n", nops + ".Lclean:\n"))
    after = before.replace(".Lclean:", ".Ldone:")
    (found,) = findings("label-use-after-rename", before, after)

    assert found.message.startswith(".Lclean is gone with this patch but still used")
    assert found.suggestion == ".Ldone"


def test_label_is_found_on_hunks_alone() -> None:
    after = changed((".Lclean:", ".Ldone:"))
    results = run("label-use-after-rename", {PATH: STOP}, {PATH: after}, NoSource())

    assert [type(result) for result in results] == [Finding]


def test_label_that_moves_to_another_file_is_left_alone() -> None:
    other = "arch/x86/lib/other_64.S"
    body = ".Lclean:\n	ret\n"
    before = {PATH: STOP, other: "nop\n"}
    after = {PATH: changed((".Lclean:\n", '#include "other.S"\n')), other: body}

    assert run("label-use-after-rename", before, after) == []


@pytest.mark.parametrize(
    "made",
    [
        '#include "made.S"\n',
        "#define MAKE .Lmade: nop\n",
        '	.include "made.S"\n',
        ".L\\name\\():\n",
    ],
)
def test_label_that_may_be_made_elsewhere_is_left_alone(made: str) -> None:
    before = STOP + made
    after = before.replace("jz	.Lclean", "jz	.Lmade")

    assert findings("label-use-after-rename", before, after) == []


@pytest.mark.parametrize("made", ["place .Lclean", "PLACE(.Lclean)", "PLACE(clean)"])
def test_label_that_a_new_macro_call_may_make_is_left_alone(made: str) -> None:
    macro = ".macro place at\n\\at\\():\n.endm\n"
    after = macro + changed((".Lclean:", made))

    assert findings("label-use-after-rename", macro + STOP, after) == []


@pytest.mark.parametrize(
    "call", ["_ASM_EXTABLE(.Lclean, .Lclean)", "KEEP(.Lclean)", "PLACE(lean)"]
)
def test_label_is_found_where_a_macro_only_uses_it(call: str) -> None:
    before = STOP + "	KEEP(.Lclean)\n"
    after = changed((".Lclean:", ".Ldone:")) + f"	KEEP(.Lclean)\n	{call}\n"
    found = findings("label-use-after-rename", before, after)

    assert [f.message.split()[0] for f in found] == [".Lclean"]


def test_undefined_label_is_not_looked_for_on_hunks() -> None:
    after = changed(("jz	.Lclean", "jz	.Lmade"))
    results = run("label-use-after-rename", {PATH: STOP}, {PATH: after}, NoSource())

    assert results == []


def test_old_name_in_the_next_routine_is_found() -> None:
    after = changed(("%rsi caches_dirty", "%rsi flush_needed"))
    found = [
        result.message
        for result in run("register-doc-vs-prototype", {PATH: STOP}, {PATH: after})
        if isinstance(result, Finding)
    ]

    assert found == [
        "The comment of stop_here calls this value flush_needed, the one here"
        " caches_dirty. Use one name in both."
    ]


@pytest.mark.parametrize("name", NAMES[1:])
def test_rules_that_need_the_file_say_so_on_hunks(name: str) -> None:
    after = changed(("movq	%cr4, %rax", "nop"))
    results = run(name, {PATH: STOP}, {PATH: after}, NoSource())

    assert [type(result) for result in results] == [Skip]


def test_prototype_that_is_not_at_hand_is_a_skip() -> None:
    after = STOP.replace("caches_dirty", "flush_needed")
    results = run("register-doc-vs-prototype", {PATH: STOP}, {PATH: after})

    assert [r.needs for r in results if isinstance(r, Skip)] == [
        "the prototype of stop_here()"
    ]


def test_disagreement_from_before_is_left_alone() -> None:
    wrong = STOP.replace("%rsi caches_dirty", "%rdx caches_dirty")
    before = {PATH: wrong, HEADER: PROTOTYPE.format("caches_dirty")}
    after = {PATH: wrong + "	nop\n", HEADER: "\n" + before[HEADER]}

    assert run("register-doc-vs-prototype", before, after) == []


def test_half_a_rename_shows_prototype_and_suggests_the_name() -> None:
    before = {PATH: STOP, HEADER: PROTOTYPE.format("caches_dirty")}
    after = {PATH: STOP + "	nop\n", HEADER: PROTOTYPE.format("flush_needed")}
    (found,) = run("register-doc-vs-prototype", before, after)

    assert isinstance(found, Finding)
    assert found.suggestion == "%rsi flush_needed"
    assert found.trace[0].text == "stop_here(new_stack, flush_needed)"
    assert found.quote.startswith("+void stop_here(")


def test_register_that_is_no_argument_is_found_where_the_rest_agrees() -> None:
    header = PROTOTYPE.format("caches_dirty")
    before = {PATH: STOP, HEADER: header}
    after = {
        PATH: STOP.replace("%rsi caches_dirty", "%r11 caches_dirty", 1),
        HEADER: "\n" + header,
    }
    (found,) = run("register-doc-vs-prototype", before, after)

    assert isinstance(found, Finding)
    assert found.message == (
        "caches_dirty is argument 2 of stop_here() and arrives in %rsi, not in %r11."
        " Correct the register."
    )


def test_wrong_first_comment_is_one_remark_not_two() -> None:
    header = PROTOTYPE.format("caches_dirty")
    before = {PATH: STOP, HEADER: header}
    after = {
        PATH: STOP.replace("%rsi caches_dirty", "%rdx caches_dirty", 1),
        HEADER: "\n" + header,
    }

    assert run("register-doc-between-labels", before, after) == []
    assert len(run("register-doc-vs-prototype", before, after)) == 1


@pytest.mark.parametrize("path", ["arch/x86/lib/stop_32.S", "arch/arm64/lib/stop.S"])
@pytest.mark.parametrize("name", NAMES[1:])
def test_other_conventions_are_left_alone(name: str, path: str) -> None:
    after = changed(("movq	%cr4, %rax", "movq	%cr4, %rsi"))

    assert findings(name, STOP, after, path) == []


def test_width_of_an_argument_needs_the_prototype() -> None:
    before = "SYM_FUNC_START(f)\n\tRET\nSYM_FUNC_END(f)\n"
    after = before.replace("\tRET", "\ttestq\t%rsi, %rsi\n\tRET")
    (skip,) = run("param-width", {PATH: before}, {PATH: after})

    assert isinstance(skip, Skip)
    assert skip.needs == "the prototype of f()"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("testq %rsi, %rsi", "testl %esi, %esi"),
        ("cmpq $4, %rsi", "cmpl $4, %esi"),
        ("leaq (%rdi,%rsi), %rax", "movl %esi, %esi"),
        ("testq %rsi, %rsi\n\taddq %rsi, %rdi", "movl %esi, %esi"),
        ("movq %rsi, %rcx\n\trep movsb", "movl %ecx, %ecx"),
        ("movq %rsi, %r10\n\tshrq $3, %r10", "movl %r10d, %r10d"),
    ],
)
def test_advice_is_code(code: str, said: str) -> None:
    header = {HEADER: PROTOTYPE.format("caches_dirty")}
    before = "SYM_FUNC_START(stop_here)\n\tRET\nSYM_FUNC_END(stop_here)\n"
    after = before.replace("\tRET", f"\t{code}\n\tRET")
    changed_header = {HEADER: "/* Stops. */\n" + header[HEADER]}
    found = run(
        "param-width", {PATH: before, **header}, {PATH: after, **changed_header}
    )

    assert [f.suggestion for f in found if isinstance(f, Finding)] == [said]
