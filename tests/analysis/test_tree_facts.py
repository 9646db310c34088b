# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tree says of a name: what it means, whether it stays, whose part it is."""

from __future__ import annotations

import pytest

from patchlint.analysis.arch import can_mean
from patchlint.analysis.modules import may_be_module, owners
from patchlint.analysis.sections import definitions, outlives, words
from patchlint.series.tree import Texts

INIT = frozenset(("__init",))
RING = "static int ring_try(void)\n{\n\treturn 0;\n}\n"
START = "static int __init ring_start(void)\n{\n\treturn ring_try();\n}\n"
OPEN = "int ring_open(void)\n{\n\treturn ring_try();\n}\n"
TABLE = "static struct ops o = {\n\t.try = ring_try,\n};\n"


def stays(text: str) -> bool:
    tree = Texts({"a.c": text})
    (holder,) = tree.symbols("ring_try")
    return outlives(tree, holder, INIT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RING + START, False),
        (RING + START + OPEN, True),
        (RING + TABLE, True),
        (RING.removeprefix("static "), True),
        (RING.replace("static", "static inline") + OPEN, False),
    ],
)
def test_what_only_init_code_calls_may_be_inlined_there(
    text: str, *, expected: bool
) -> None:
    assert stays(text) is expected


def test_attributes_before_and_behind_a_name_are_words() -> None:
    tree = Texts(
        {"a.c": "static bool on __ro_after_init;\nint __init f(int init)\n{\n}\n"}
    )
    (on,), (f,) = tree.symbols("on"), tree.symbols("f")

    assert "__ro_after_init" in words(on.symbol)
    assert {"__init", "f"} <= words(f.symbol)
    assert "init" not in words(f.symbol)


def test_own_definitions_come_first_and_macros_make_a_name_unsure() -> None:
    tree = Texts(
        {
            "a.c": "static int f(void)\n{\n}\n",
            "b.c": "int f(void)\n{\n}\n",
            "c.h": "#define g() 0\n",
            "c.c": "int g(void)\n{\n}\n",
        }
    )

    assert [p.path for p in definitions(tree, "f", "a.c")] == ["a.c"]
    assert [p.path for p in definitions(tree, "f", "x.c")] == ["b.c"]
    assert definitions(tree, "g", "x.c") == ()


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ("kernel/a.c", "lib/b.c", True),
        ("arch/x86/kernel/a.c", "kernel/b.c", True),
        ("kernel/a.c", "arch/x86/kernel/b.c", False),
        ("arch/x86/kernel/a.c", "arch/arm64/kernel/b.c", False),
        ("arch/x86/kernel/a.c", "arch/x86/tools/b.c", False),
        ("arch/x86/boot/a.c", "arch/x86/boot/compressed/b.c", False),
        ("tools/a.c", "kernel/b.c", False),
    ],
)
def test_other_programs_and_architectures_are_not_meant(
    path: str, other: str, *, expected: bool
) -> None:
    assert can_mean(path, other) is expected


def test_parts_lead_to_the_object_that_is_loaded() -> None:
    tree = Texts(
        {
            "d/Makefile": "obj-$(CONFIG_RING) += ring.o\nring-y := core.o\n"
            "obj-y += a.o\n",
            "d/Kconfig": "config RING\n\ttristate\n",
            "e/Makefile": "obj-y += core.o\n",
        }
    )

    (owner,) = owners(tree, "d/core.c")
    assert (owner.path, owner.symbol, owner.is_module) == ("d/ring.o", "RING", True)
    assert may_be_module(tree, "d/core.c")
    assert not may_be_module(tree, "d/a.c")
    assert not may_be_module(tree, "d/unknown.c")


def test_makefiles_that_go_in_circles_end() -> None:
    tree = Texts({"d/Makefile": "one-y := two.o\ntwo-y := one.o\n"})

    assert owners(tree, "d/one.c") == frozenset()
