# SPDX-License-Identifier: GPL-2.0-or-later
"""What a patch does to guards, pair by pair: a change and its clean twin."""

from __future__ import annotations

import pytest

from patchlint.analysis.guards import Fate, guard_record
from patchlint.analysis.sites import Operations
from patchlint.lint.context import contexts
from tests.mails import Blobs, Files, one_patch

OPERATIONS = Operations(
    (("flush", frozenset(("wbinvd", "flush"))),),
    (("cpu_feature_enabled", frozenset(("boot_cpu_has",))),),
    (("0", frozenset(("wrmsrl",))),),
)
PATH = "arch/x86/kernel/stop.c"


def fates(before: str | Files, after: str | Files) -> list[tuple[str, str, str, str]]:
    """Return (fate, function, before, after) of each site."""
    old = {PATH: before} if isinstance(before, str) else before
    new = {PATH: after} if isinstance(after, str) else after
    (context,) = contexts(one_patch(old, new), Blobs(old)).patches
    return [
        (one.fate.name, one.after.function, one.before.shown, one.after.shown)
        for one in guard_record(context, OPERATIONS)
    ]


def fate(before: str, after: str, head: str = "", new_head: str | None = None) -> str:
    """Return the fate of the only site in f(), from bodies of that function."""
    body = "{}\nvoid f(struct cpu *c, int a)\n{{\n{}\n}}\n"
    old = body.format(head, before)
    new = body.format(head if new_head is None else new_head, after)
    ((found, *_),) = fates(old, new)
    return found


KEPT = (
    ("if (a == b) flush();", "if (b == a) flush();"),
    ("if (a && b) flush();", "if (b && a) flush();"),
    ("if (a < 3) flush();", "if (!(3 <= a)) flush();"),
    ("if (a && b) flush();", "if (!a || !b) return; flush();"),
    ("if (a) { if (b) flush(); }", "if (a && b) flush();"),
    ("if (a) x(); else flush();", "if (!a) flush(); else x();"),
    ("if (a) flush();", "if (!a) goto out; flush();\nout:\n\tx();"),
    ("if (a == 1 || a == 2) flush();", "switch (a) { case 1: case 2: flush(); }"),
    ("\n#ifdef CONFIG_X\nflush();\n#endif", "if (IS_ENABLED(CONFIG_X)) flush();"),
    ("if (a) flush();", "bool on = a;\n\n\tif (on) flush();"),
    ("if (a > 3) flush();", "int level = 3;\n\n\tif (a > level) flush();"),
    ("if (c->on) flush();", "struct cpu *me = c;\n\n\tif (me->on) flush();"),
    (
        "struct cpu *me = &boot_cpu;\n\n\tif (me->on) flush();",
        "if (boot_cpu.on) flush();",
    ),
    ("if (boot_cpu_has(X)) flush();", "if (cpu_feature_enabled(X)) flush();"),
    ("if (a) flush();", "if (a) {\n\t\tint ret = x();\n\n\t\tif (!ret) flush(); }"),
    ("if (a) flush();", "if (!b) return -EINVAL;\n\tif (a) flush();"),
    ("if (!b) return -ENODEV;\n\tflush();", "if (b) flush();"),
    ("if (a) flush();", "int m = a ? F_A : 0;\n\n\tif (m & F_A) flush();"),
    ("if (a) flush();", "int m = 0;\n\n\tif (a) m |= F_A;\n\tif (m & F_A) flush();"),
)


@pytest.mark.parametrize(("before", "after"), KEPT)
def test_the_same_in_other_words(before: str, after: str) -> None:
    assert fate(before, after) in ("KEPT", "REWRITTEN")
    assert fate(after, before) in ("KEPT", "REWRITTEN")


CHANGED = (
    ("if (a == b) flush();", "if (a != b) flush();"),
    ("if (a && b) flush();", "if (a || b) flush();"),
    ("if (a < 3) flush();", "if (a <= 3) flush();"),
    ("if (a && b) flush();", "if (!a && !b) return; flush();"),
    ("if (a) x(); else flush();", "if (a) flush(); else x();"),
    ("if (a) flush();", "if (a) goto out; flush();\nout:\n\tx();"),
    ("if (a == 1) flush();", "switch (a) { case 1: case 2: flush(); }"),
    ("\n#ifdef CONFIG_X\nflush();\n#endif", "if (IS_ENABLED(CONFIG_Y)) flush();"),
    ("if (a) flush();", "bool on = b;\n\n\tif (on) flush();"),
    ("if (c->on) flush();", "if (c->off) flush();"),
    ("if (boot_cpu_has(X)) flush();", "if (boot_cpu_has(Y)) flush();"),
    ("if (a) flush();", "int m = b ? F_A : 0;\n\n\tif (m & F_A) flush();"),
    ("if (a) flush();", "int m = 0;\n\n\tif (b) m |= F_A;\n\tif (m & F_A) flush();"),
    ("if (a) flush();", "bool on = a;\n\n\ton &= b;\n\tif (on) flush();"),
)


@pytest.mark.parametrize(("before", "after"), CHANGED)
def test_a_near_miss_is_another_condition(before: str, after: str) -> None:
    assert fate(before, after) == "CHANGED"
    assert fate(after, before) == "CHANGED"


def test_a_helper_of_two_statements_with_its_own_argument() -> None:
    helper = (
        "static bool on(struct cpu *x)\n{\n\tif (!x->up)\n\t\treturn false;\n"
        "\treturn x->dirty;\n}\n"
    )
    before = "if (c->up && c->dirty) flush();"

    assert fate(before, "if (on(c)) flush();", "", helper) == "REWRITTEN"
    assert fate("if (c->dirty) flush();", "if (on(c)) flush();", "", helper) == (
        "CHANGED"
    )


def test_a_static_key_is_what_enables_it() -> None:
    key = (
        "DEFINE_STATIC_KEY_FALSE(tags);\n\nvoid init(void)\n{\n\tif (has(X))\n"
        "\t\tstatic_branch_enable(&tags);\n}\n"
    )
    test = "if (static_branch_unlikely(&tags)) flush();"

    assert fate("if (has(X)) flush();", test, "", key) == "REWRITTEN"
    assert fate("if (has(Y)) flush();", test, "", key) == "CHANGED"


def test_a_constant_is_renamed_throughout() -> None:
    text = (
        "void f(void)\n{\n\tx(OLD_BIT);\n\ty(OLD_BIT);\n\tif (has(OLD_BIT))\n"
        "\t\tflush();\n}\n"
    )

    assert fates(text, text.replace("OLD_BIT", "NEW_BIT"))[0][0] == "REWRITTEN"
    assert fates(text, text.replace("has(OLD_BIT", "has(NEW_BIT"))[0][0] == "CHANGED"


ONE = "void {}(int a)\n{{\n\tprepare(a);\n\tif ({})\n\t\tflush();\n\tfinish(a);\n}}\n"


def test_a_renamed_function_is_followed() -> None:
    assert fates(ONE.format("one", "a"), ONE.format("first", "a")) == [
        ("KEPT", "first", "a", "a")
    ]
    assert fates(ONE.format("one", "a"), ONE.format("first", "a > 3")) == [
        ("CHANGED", "first", "a", "a > 3")
    ]


def test_a_moved_function_is_followed() -> None:
    other = "arch/x86/kernel/other.c"
    here, there = {PATH: ONE.format("one", "a"), other: "\n"}, {PATH: "\n"}

    assert fates(here, there | {other: ONE.format("one", "a > 3")})[0][0] == "CHANGED"
    assert fates(here, there | {other: ONE.format("one", "a")})[0][0] == "KEPT"


NEW_HELPER = (
    "static void do_flush(int b)\n{{\n\tif ({})\n\t\treturn;\n\tflush();\n}}\n\n"
    "void f(int a)\n{{\n\tif (a)\n\t\tdo_flush(a);\n}}\n"
)


def test_a_new_helper_belongs_to_its_caller() -> None:
    before = "void f(int a)\n{\n\tif (a)\n\t\tflush();\n}\n"

    assert fates(before, NEW_HELPER.format("!b"))[0][0] == "REWRITTEN"
    assert fates(before, NEW_HELPER.format("!x()"))[0][0] == "CHANGED"


def test_a_condition_may_move_to_all_callers() -> None:
    text = (
        "static void do_flush(int b)\n{{\n\t{}flush();\n}}\n\n"
        "void f(int a)\n{{\n\t{}do_flush(a);\n}}\n"
    )
    before = text.format("if (on) ", "")

    assert fates(before, text.format("", "if (on) "))[0][0] == "REWRITTEN"
    assert fates(before, text.format("", ""))[0][0] == "CHANGED"


def test_an_option_that_goes_from_kconfig_always_held() -> None:
    text = "void f(int a)\n{\n#ifdef CONFIG_TAGS\n\tflush();\n#endif\n}\n"
    plain = "void f(int a)\n{\n\tflush();\n}\n"
    kconfig = {"Kconfig": "config TAGS\n\tbool\n"}

    gone = fates(kconfig | {PATH: text}, {"Kconfig": "\n", PATH: plain})
    assert gone[0][0] == "REWRITTEN"
    assert fates(text, plain)[0][0] == "CHANGED"


def test_what_an_argument_names_is_a_kind_of_its_own() -> None:
    text = (
        "void f(int a)\n{{\n\tif ({})\n\t\twrmsrl(MSR_A, 1);\n\twrmsrl(n + 1, 1);\n}}\n"
    )
    found = fates(text.format("a"), text.format("!a"))

    assert found == [("CHANGED", "f", "a", "!a")]


ASM = (
    "SYM_CODE_START(stop_here)\n\t/*\n\t * %rdi dirty\n\t * %rsi flags\n\t */\n"
    "{}\n\twbinvd\n1:\n\tret\nSYM_CODE_END(stop_here)\n"
)
CALLER = (
    "void stop_here(bool dirty, unsigned int flags);\n\n"
    "void f(struct cpu *c)\n{\n\tunsigned int flags = 0;\n\n\tif (c->up)\n"
    "\t\tflags |= F_UP;\n\tif (c->tags)\n\t\tflags |= F_TAGS;\n"
    "\tstop_here(c->dirty, flags);\n}\n"
)
GUARDS = {
    "testb %dil, %dil\n\tjz 1f": "dirty",
    "cmpb $0, %dil\n\tje 1f": "dirty",
    "orb %dil, %dil\n\tjz 1f": "dirty",
    "testb %dil, %dil\n\tmovq %rax, %rbx\n\tjz 1f": "dirty",
    "movq %rdi, %r11\n\ttestb %r11b, %r11b\n\tjz 1f": "dirty",
    "testb %dil, %dil\n\tjnz 2f\n\tjmp 1f\n2:": "dirty",
    "testb $F_TAGS, %sil\n\tjz 1f": "tags",
    "testb $F_UP, %sil\n\tjz 1f": "up",
    "testb $F_UP, %sil\n\tjnz 1f": "!up",
    "cmpq $4, %rsi\n\tjb 1f": "flags >= 4",
    "testb $F_UP, %sil\n\tjz 1f\n\ttestb %dil, %dil\n\tjz 1f": "dirty && up",
    "testb $F_UP, %sil\n\tjnz 2f\n\ttestb %dil, %dil\n\tjz 1f\n2:": "dirty || up",
    "testb %dil, %dil\n\tjz 2f\n\tnop\n2:": "",
    "2:\ttestb %dil, %dil\n\tjz 2b": "",
    "#ifdef CONFIG_X\n\ttestb %dil, %dil\n\tjz 1f\n#endif": "!CONFIG_X || dirty",
}


@pytest.mark.parametrize("code", GUARDS)
def test_jumps_of_assembly_are_conditions(code: str) -> None:
    path = "arch/x86/kernel/stop_64.S"
    old = {PATH: CALLER, path: ASM.format("\tnop")}
    found = fates(old, {PATH: f"{CALLER}\n", path: ASM.format(code)})
    shown = GUARDS[code]

    assert found == [("CHANGED" if shown else "KEPT", "stop_here", "", shown)]


def test_a_register_that_is_not_documented_cannot_be_compared() -> None:
    path = "arch/x86/kernel/stop_64.S"
    text = "\ttestq {0}, {0}\n\tjz 1f"
    old = {path: ASM.format(text.format("%r12"))}

    assert fates(old, {path: ASM.format(text.format("%r13"))}) == []
    ((found, *_),) = fates(old, {path: ASM.format("\tnop")})
    assert found == Fate.CHANGED.name


def test_a_maze_of_flags_and_of_exits_ends() -> None:
    flags = "".join(
        f"void w{n}(void)\n{{\n\tif (g{n})\n\t\tflag = f{n};\n\tf{n} = flag;\n}}\n"
        for n in range(40)
    )
    test = flags + "void f(void)\n{\n\tif (flag)\n\t\tflush();\n}\n"
    exits = "".join(f"\tif (x{n})\n\t\treturn;\n" for n in range(300))

    assert fates(test, test.replace("if (flag)", "if (!flag)"))[0][0] == "CHANGED"
    many = f"void f(void)\n{{\n{exits}\tflush();\n}}\n"
    assert fates(many, many.replace("x7)", "y7)")) == []


def test_a_flag_that_somebody_begins_to_set_cannot_be_compared() -> None:
    text = "void f(void)\n{\n\tif (ready)\n\t\tflush();\n}\n"
    setter = "void init(void)\n{\n\tif (has(X))\n\t\tready = true;\n}\n"

    assert fates(text, text + setter) == []
    other = setter.replace("X", "Y")
    assert fates(text + setter, text + other)[0][0] == "CHANGED"
