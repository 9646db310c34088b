# SPDX-License-Identifier: GPL-2.0-or-later
"""Conditions traced to their roots."""

from __future__ import annotations

from patchlint.analysis.c_file import calls, function
from patchlint.analysis.reach import path_to, reach
from patchlint.analysis.root import Root
from patchlint.analysis.roots import root_of, root_of_argument
from patchlint.analysis.scope import scope
from patchlint.lint.context import Program
from tests.analysis.code import program

PROBE = """
DEFINE_PER_CPU(bool, dirty);
static bool global_flag;

void probe(struct cpu *cpu)
{
	if (cpu->level < 4)
		return;
	this_cpu_write(dirty, true);
	global_flag = true;
}
"""


def root(made: Program, name: str = "f") -> Root:
    """Return the root of the only condition of target() in a function."""
    found = function(made, name)
    assert found is not None
    inner = scope(*found)
    (call,) = (call for callee, call in calls(inner.tree) if callee == "target")
    conditions = reach(inner.item, path_to(inner.tree, call))
    assert conditions is not None
    return root_of(made, inner, conditions)


def atoms(text: str, **files: str) -> set[str]:
    return set(root(program(a_c=text, **files)).atoms)


def test_a_condition_is_its_own_root() -> None:
    assert atoms("void f(void)\n{\n\tif (has(X)) target();\n}\n") == {"has(X)"}


def test_a_local_comes_from_its_only_assignment() -> None:
    text = "void f(void)\n{\n\tbool a = has(X) && on;\n\n\tif (a) target();\n}\n"

    assert atoms(text) == {"has(X)", "on"}


def test_a_local_with_two_assignments_stands_for_itself() -> None:
    text = "void f(void)\n{\n\tint a = g();\n\n\ta = h();\n\tif (a) target();\n}\n"

    assert atoms(text) == {"a"}


def test_a_local_set_in_a_branch_comes_from_the_branch() -> None:
    text = (
        "void f(void)\n{\n\tbool a = false;\n\n\tif (has(X))\n\t\ta = true;\n"
        "\tif (a) target();\n}\n"
    )

    assert atoms(text) == {"has(X)"}


def test_a_parameter_comes_from_the_only_call() -> None:
    text = (
        "void f(int a)\n{\n\tif (a) target();\n}\n\nvoid g(void)\n{\n\tf(has(X));\n}\n"
    )

    assert atoms(text) == {"has(X)"}


def test_a_parameter_with_different_calls_stands_for_itself() -> None:
    text = (
        "void f(int a)\n{\n\tif (a) target();\n}\n\n"
        "void g(void)\n{\n\tf(has(X));\n\tf(has(Y));\n}\n"
    )

    assert atoms(text) == {"a"}


def test_a_per_cpu_flag_comes_from_its_writers() -> None:
    text = "void f(void)\n{\n\tif (this_cpu_read(dirty)) target();\n}\n"
    found = root(program(a_c=text, b_c=PROBE))

    assert found.atoms == {"(struct cpu)->level>=4"}
    assert [(step.text, step.note) for step in found.steps] == [
        ("this_cpu_write(dirty, true)", "dirty is set here")
    ]


def test_a_global_flag_comes_from_its_writers() -> None:
    text = "void f(void)\n{\n\tif (global_flag) target();\n}\n"

    assert atoms(text, b_c=PROBE) == {"(struct cpu)->level>=4"}


def test_a_flag_nobody_sets_is_not_seen() -> None:
    found = root(program(a_c="void f(void)\n{\n\tif (far_away) target();\n}\n"))

    assert found.atoms == {"far_away"}
    assert not found.seen


def test_a_flag_set_without_condition_is_always_on() -> None:
    text = (
        "void f(void)\n{\n\tif (flag) target();\n}\n\n"
        "void g(void)\n{\n\tflag = true;\n}\n"
    )

    assert atoms(text) == {"always"}


def test_several_writers_are_alternatives() -> None:
    text = (
        "void f(void)\n{\n\tif (flag) target();\n}\n\n"
        "void g(void)\n{\n\tif (a(1))\n\t\tflag = true;\n"
        "\tif (b(2))\n\t\tflag = true;\n}\n"
    )

    assert atoms(text) == {"a(1) || b(2)"}


def test_a_helper_of_one_return_is_its_expression() -> None:
    text = (
        "static bool on(void)\n{\n\treturn has(X) && !has(Y);\n}\n\n"
        "void f(void)\n{\n\tif (on()) target();\n}\n"
    )

    assert atoms(text) == {"has(X)", "!has(Y)"}


def test_negation_reaches_the_root() -> None:
    text = "void f(void)\n{\n\tbool a = has(X);\n\n\tif (a) return;\n\ttarget();\n}\n"

    assert atoms(text) == {"!has(X)"}


def test_pointers_count_by_their_type() -> None:
    one = "void f(struct cpu *c)\n{\n\tif (c->level > 3) target();\n}\n"
    other = "void f(struct cpu *cpu)\n{\n\tif (cpu->level > 3) target();\n}\n"

    assert atoms(one) == atoms(other)


def test_a_flag_that_depends_on_itself_ends() -> None:
    text = (
        "void f(void)\n{\n\tif (flag) target();\n}\n\n"
        "void g(void)\n{\n\tif (flag)\n\t\tflag = true;\n}\n"
    )

    assert atoms(text) == {"flag"}


def test_an_argument_through_a_pointer_of_the_typedef() -> None:
    header = "typedef int jump_fn(long a, bool flag);\nextern jump_fn jump;\n"
    text = (
        "void g(void)\n{\n\tjump_fn *p = page;\n\tbool on = has(X);\n\n\tp(1, on);\n}\n"
    )
    found = root_of_argument(program(a_c=text, a_h=header), "jump", 1)

    assert found is not None
    assert found.atoms == {"has(X)"}
    assert [step.note for step in found.steps] == [
        "passed to p()",
        "on comes from here",
    ]
