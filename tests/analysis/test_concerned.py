# SPDX-License-Identifier: GPL-2.0-or-later
"""Which functions a patch can change: those it touches, and their callers."""

from __future__ import annotations

from patchlint.analysis import c_file
from patchlint.lint.context import Program, contexts
from tests.mails import Blobs, one_patch

BEFORE = """\
#define WAIT(x) (x)

static void low(void)
{
	one();
}

static void middle(void)
{
	low();
}

void high(void)
{
	middle();
}

void macro_user(void)
{
	WAIT(1);
}

void aside(void)
{
	one();
}
"""


def concerned(program: Program) -> set[str]:
    (source,) = program.written_in("c")
    items = c_file.functions(source)
    return {item.name for item in items if c_file.is_concerned(program, item)}


def both(old: str, new: str) -> tuple[set[str], set[str]]:
    before, after = {"a.c": BEFORE}, {"a.c": BEFORE.replace(old, new)}
    (context,) = contexts(one_patch(before, after), Blobs(before)).patches
    return concerned(context.before), concerned(context.after)


def test_a_line_that_comes_concerns_the_function_on_both_sides() -> None:
    old, new = both(
        "\tone();\n}\n\nstatic void mid", "\tone();\n\ttwo();\n}\n\nstatic void mid"
    )

    assert old == new == {"low", "middle", "high"}


def test_a_line_that_goes_concerns_the_function_on_both_sides() -> None:
    old, new = both("\tmiddle();\n", "")

    assert old == new == {"high"}


def test_a_macro_concerns_who_uses_it() -> None:
    old, new = both("(x)\n", "(x + 1)\n")

    assert old == new == {"macro_user"}


def test_what_is_beside_is_not_concerned() -> None:
    old, new = both("void aside(void)\n{\n", "void aside(void)\n{\n\ttwo();\n")

    assert old == new == {"aside"}
