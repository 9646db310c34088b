# SPDX-License-Identifier: GPL-2.0-or-later
"""The tree around a series."""

from __future__ import annotations

from patchlint.model.symbol import SymbolKind
from patchlint.series.tree import Patched, Texts, areas

BASE = Texts(
    {
        "a.c": "int f(void)\n{\n\treturn g();\n}\n",
        "b.c": "int g(void)\n{\n\treturn 0;\n}\n",
        "Kconfig": "config RING\n\tbool\n\nconfig RING_OLD\n\tbool\n",
    }
)


def test_touched_files_hide_those_of_the_base() -> None:
    tree = Patched(
        BASE, Texts({"b.c": "int h(void)\n{\n\treturn g();\n}\n"}), frozenset(("b.c",))
    )

    assert tree.symbols("g") == ()
    assert [p.path for p in tree.symbols("h")] == ["b.c"]
    assert [(p.path, p.use.holder) for p in tree.uses("g")] == [
        ("a.c", "f"),
        ("b.c", "h"),
    ]


def test_a_path_that_is_gone_is_not_covered() -> None:
    tree = Patched(BASE, Texts({}), frozenset(("b.c", "Kconfig")))

    assert not tree.covers("b.c")
    assert tree.covers("a.c")
    assert tree.names(SymbolKind.CONFIG, "") == ()


def test_names_are_told_by_kind_and_beginning() -> None:
    assert BASE.names(SymbolKind.CONFIG, "RING_") == ("RING_OLD",)


def test_areas_follow_the_paths() -> None:
    paths = ("arch/x86/kernel/cpu/amd.c", "drivers/usb/gadget/udc/a.c", "Makefile")

    assert areas(paths) == (
        "arch/x86", "drivers/usb/gadget", "include", "init", "kernel", "mm",
    )  # fmt: skip
