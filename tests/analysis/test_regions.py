# SPDX-License-Identifier: GPL-2.0-or-later
"""Which calls run between open() and close(), always or on some paths."""

from __future__ import annotations

import pytest

from patchlint.analysis.flow_build import graph
from patchlint.analysis.regions import Region, inside
from tests.analysis.code import function

REGION = Region(
    opens=lambda event: "" if event.name == "open" else None,
    closes=lambda event: "" if event.name == "close" else None,
)


def hits(body: str) -> dict[str, bool]:
    """Return the calls inside by name, and whether they must be."""
    found = inside(graph(function(f"void f(int a)\n{{\n{body}\n}}\n")), REGION)
    return {hit.event.name: hit.must for hit in found if hit.event.kind == "call"}


CASES = {
    "in order": ("x(); open(); y(); close(); z();", {"y": True, "close": True}),
    "arguments run before their call": (
        "open(); close(y());",
        {"y": True, "close": True},
    ),
    "the argument of what opens is outside": ("open(x()); y();", {"y": True}),
    "opened in one branch": ("if (a) open(); y();", {"y": False}),
    "opened in both branches": (
        "if (a) open(); else { x(); open(); } y();",
        {"y": True},
    ),
    "one branch inside": ("open(); if (a) y();", {"y": True}),
    "closed in one branch": (
        "open(); if (a) close(); y();",
        {"close": True, "y": False},
    ),
    "an early return leaves": ("open(); if (a) return; y();", {"y": True}),
    "closed before an early return": (
        "open(); if (a) { close(); return; } y();",
        {"close": True, "y": True},
    ),
    "the second turn of a loop": (
        "while (a) { y(); open(); } z();",
        {"y": False, "z": False},
    ),
    "a loop that closes": (
        "open(); for (;a;) { y(); close(); } z();",
        {"y": False, "close": False, "z": False},
    ),
    "do runs at least once": ("do { open(); } while (a); y();", {"y": True}),
    "do while (0) runs once": ("do { y(); open(); } while (0); z();", {"z": True}),
    "break": (
        "while (1) { open(); if (a) break; close(); } y();",
        {
            "close": True,
            "y": True,
        },
    ),
    "continue": (
        "while (a) { if (a) continue; open(); close(); } y();",
        {"close": True},
    ),
    "goto carries the state to its label": (
        "open(); if (a) goto out; close(); out: y();",
        {"close": True, "y": False},
    ),
    "goto backwards": ("again: y(); open(); if (a) goto again;", {"y": False}),
    "switch": (
        "switch (a) { case 1: open(); break; default: x(); } y();",
        {"y": False},
    ),
    "fall through": (
        "switch (a) { case 1: open(); case 2: y(); break; } z();",
        {"y": False, "z": False},
    ),
    "noreturn": ("if (a) { open(); panic(x); } y();", {"panic": True}),
    "ternary": ("a ? open() : x(); y();", {"y": False}),
    "short circuit": ("if (a && open()) y(); z();", {"y": True, "z": False}),
    "arms of #if are alternatives": (
        "\n#ifdef A\nopen();\n#else\nx();\n#endif\ny();",
        {"y": False},
    ),
    "an #if without #else may be left out": (
        "\n#ifdef A\nopen();\n#endif\ny();",
        {"y": False},
    ),
    "statement expression": ("a = ({ open(); y(); }); z();", {"y": True, "z": True}),
    "loop macro": (
        "\tfor_each_thing(t, &all) {\n\t\ty();\n\t\topen();\n\t}\n\tz();",
        {"y": False, "z": False},
    ),
    "sizeof does not call": ("open(); a = sizeof(y());", {}),
}


@pytest.mark.parametrize("name", CASES)
def test_region(name: str) -> None:
    body, expected = CASES[name]

    assert hits(body) == expected


def test_asm_goto_may_go_to_each_label() -> None:
    body = 'open(); asm goto("jmp %l0" : : : : out); close(); out: y();'

    assert hits(body) == {"close": True, "y": False}


def test_the_first_opening_is_named() -> None:
    text = "void f(int a)\n{\nif (a)\nopen();\nelse\nopen();\ny();\n}\n"
    (hit,) = inside(graph(function(text)), REGION)

    assert hit.opened_by.node.span.line == 4


def test_computed_goto_is_unknown() -> None:
    made = graph(function("void f(void *p)\n{\ngoto *p;\n}\n"))

    assert len(made.unknown) == 1


def test_a_label_in_dead_code_is_a_target() -> None:
    body = "open(); if (a) goto out; close(); if (0) { out: y(); }"

    assert hits(body) == {"close": True, "y": True}
