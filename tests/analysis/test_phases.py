# SPDX-License-Identifier: GPL-2.0-or-later
"""From which entries a function is reached, and how."""

from __future__ import annotations

from patchlint.analysis.phases import Entries, entries, reached
from patchlint.series.tree import Texts

KNOWN: Entries = entries({"boot": (r"\.c_early", "setup_\\w+"), "any": ("panic",)})


def tree(text: str) -> Texts:
    return Texts({"a.c": text})


def body(name: str, *callees: str) -> str:
    calls = "".join(f"\t{callee}();\n" for callee in callees)
    return f"void {name}(void)\n{{\n{calls}}}\n\n"


def test_the_way_goes_from_the_entry_down() -> None:
    made = tree(body("panic", "stop") + body("stop", "flush"))

    (found,) = reached(made, "flush", KNOWN)

    assert (found.phase, found.entry) == ("any", "panic")
    assert [(p.use.holder, p.use.name) for p in found.way] == [
        ("panic", "stop"),
        ("stop", "flush"),
    ]


def test_a_field_of_a_table_is_an_entry() -> None:
    table = "static struct dev d = {\n\t.c_early = detect,\n};\n"
    made = tree(body("detect", "mark") + table)

    assert [(f.phase, f.entry) for f in reached(made, "mark", KNOWN)] == [
        ("boot", ".c_early")
    ]


def test_a_function_that_is_an_entry_itself_is_not_walked_beyond() -> None:
    made = tree(body("panic", "setup_all") + body("setup_all", "mark"))

    assert [f.entry for f in reached(made, "mark", KNOWN)] == ["setup_all"]
    assert [f.way for f in reached(made, "setup_all", KNOWN)] == [()]


def test_recursion_and_unknown_callers_end() -> None:
    made = tree(body("one", "two") + body("two", "one"))

    assert reached(made, "one", KNOWN) == ()


def test_all_entries_are_told_the_nearest_first() -> None:
    made = tree(body("panic", "far") + body("far", "mark") + body("setup_all", "mark"))

    assert [f.phase for f in reached(made, "mark", KNOWN)] == ["boot", "any"]
