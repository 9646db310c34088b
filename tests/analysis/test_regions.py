# SPDX-License-Identifier: GPL-2.0-or-later
"""Which calls run between open() and close(), always or on some paths."""

from __future__ import annotations

import pytest

from patchlint.analysis.flow import Event
from patchlint.analysis.flow_build import graph, watching
from patchlint.analysis.regions import (
    ALL,
    Region,
    closes_first,
    inside,
    unavoidable,
)
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


def lock_key(event: Event, kinds: tuple[str, ...], name: str) -> str | None:
    if event.kind not in kinds or name not in (event.name, "*"):
        return None
    given = event.node.child("arguments")
    return given.text.strip("()") if given is not None else ""


LOCKS = Region(
    opens=lambda e: (
        lock_key(e, ("call",), "lock")
        if e.kind == "call"
        else (
            lock_key(e, ("held",), "trylock")
            if e.kind == "held"
            else lock_key(e, ("guard",), "*")
        )
    ),
    closes=lambda e: (
        lock_key(e, ("leave",), "*")
        if e.kind == "leave"
        else ALL
        if e.name == "unlock_all"
        else lock_key(e, ("call",), "unlock")
    ),
)


def held(body: str) -> dict[str, set[tuple[str, bool]]]:
    """Return the locks held at each call of one letter, and whether they must be."""
    found: dict[str, set[tuple[str, bool]]] = {}
    made = graph(function(f"void f(int a)\n{{\n{body}\n}}\n"))
    for hit in inside(made, LOCKS):
        if hit.event.kind == "call" and len(hit.event.name) == 1:
            found.setdefault(hit.event.name, set()).add((hit.key, hit.must))
    return found


LOCKED = {
    "each lock has its own region": (
        "lock(a); lock(b); x(); unlock(a); y(); unlock(b); z();",
        {"x": {("a", True), ("b", True)}, "y": {("b", True)}},
    ),
    "an unlock by another name closes all": ("lock(a); unlock(p); x();", {}),
    "whatever closes all": ("lock(a); lock(b); unlock_all(); x();", {}),
    "only one of two is held on all paths": (
        "lock(a); if (c) lock(b); x();",
        {"x": {("a", True), ("b", False)}},
    ),
    "a lock that is tried for": (
        "if (trylock(a)) { x(); } else y(); z();",
        {"x": {("a", True)}, "z": {("a", False)}},
    ),
    "a failed try returns": (
        "if (unlikely(!trylock(a))) return; x();",
        {"x": {("a", True)}},
    ),
    "a loop that tries until it has it": (
        "while (!trylock(a)) y(); x();",
        {"x": {("a", True)}},
    ),
    "a guard ends with its block": (
        "{ guard(spin)(a); x(); } y();",
        {"x": {("a", True)}},
    ),
    "a guard that is left by goto": (
        "{ guard(spin)(a); if (c) goto out; x(); } y(); out: z();",
        {"x": {("a", True)}},
    ),
    "goto inside the block of a guard keeps it": (
        "guard(spin)(a); if (c) goto out; x(); out: z();",
        {"x": {("a", True)}, "z": {("a", True)}},
    ),
    "a guard that is left by break and continue": (
        "while (c) { guard(spin)(a); if (d) break; if (e) continue; x(); } y();",
        {"x": {("a", True)}},
    ),
    "a guard in a loop is taken anew each turn": (
        "do { y(); { guard(spin)(a); x(); } } while (c);",
        {"x": {("a", True)}},
    ),
    "a scoped guard runs once": (
        "\tscoped_guard(spin, a) {\n\t\tlock(b);\n\t\tx();\n\t}\n\ty();",
        {"x": {("a", True), ("b", True)}, "y": {("b", True)}},
    ),
    "a scoped guard is left by break, return and goto": (
        "\tscoped_guard(spin, a) {\n\t\tif (c)\n\t\t\tbreak;\n"
        "\t\tif (d)\n\t\t\tgoto out;\n\t\tif (e)\n\t\t\treturn;\n"
        "\t\tx();\n\t}\n\ty();\nout:\n\tz();",
        {"x": {("a", True)}},
    ),
    "a scoped guard without braces": (
        "\tscoped_guard(spin, a)\n\t\tx();\n\ty();",
        {"x": {("a", True)}},
    ),
    "a macro that jumps out of the region": (
        "lock(a); unsafe_get_user(v, p, out); unlock(a); return; out: x();",
        {"x": {("a", True)}},
    ),
    "correlated conditions are on some paths": (
        "if (c) lock(a); x(); if (c) unlock(a); y();",
        {"x": {("a", False)}, "y": {("a", False)}},
    ),
    "a retry loop that drops and takes again": (
        "lock(a); while (c) { unlock(a); y(); lock(a); } x(); unlock(a); z();",
        {"x": {("a", True)}},
    ),
}


@pytest.mark.parametrize("name", LOCKED)
def test_locks(name: str) -> None:
    body, expected = LOCKED[name]

    assert held(body) == expected


def test_a_region_that_nests_ends_with_the_last_closing() -> None:
    nesting = Region(REGION.opens, REGION.closes, depth=4)
    body = "open(); if (a) open(); close(); x(); close(); y();"
    made = graph(function(f"void f(int a)\n{{\n{body}\n}}\n"))
    hits = {h.event.name: h.must for h in inside(made, nesting)}

    assert hits == {"close": False, "x": False}


def test_openings_without_end_reach_a_fixed_point() -> None:
    nesting = Region(REGION.opens, REGION.closes, depth=4)
    made = graph(function("void f(int a)\n{\nwhile (a) open();\nx();\n}\n"))

    assert [h.must for h in inside(made, nesting) if h.event.name == "x"] == [False]


def test_a_region_that_is_open_at_entry() -> None:
    tree = function("void f(int a)\n{\nx(); close(); y(); open(); z();\n}\n")
    entered = Region(REGION.opens, REGION.closes, entry=Event("entry", "f", tree))
    hits = [h.event.name for h in inside(graph(tree), entered)]

    assert hits == ["x", "close", "z"]


CLOSES_FIRST = {
    "close(); open();": True,
    "open(); close();": False,
    "open(); close(); close();": True,
    "if (a) open(); close();": True,
    "do { close(); x(); open(); } while (a);": True,
    "if (a) close();": True,
    "return; close();": False,
}


@pytest.mark.parametrize("body", CLOSES_FIRST)
def test_what_closes_what_it_has_not_opened(body: str) -> None:
    made = graph(function(f"void f(int a)\n{{\n{body}\n}}\n"))

    assert (closes_first(made, REGION) is not None) is CLOSES_FIRST[body]


UNAVOIDABLE = {
    "x();": True,
    "if (a) x();": False,
    "if (a) x(); else x();": True,
    "if (a) return; x();": False,
    "while (a) x();": False,
    "do { x(); } while (a);": True,
    "if (a && x()) y();": False,
    "if (x() && a) y();": True,
    "switch (a) { case 1: x(); break; default: x(); }": True,
    "switch (a) { case 1: x(); break; case 2: x(); }": False,
    "for (;;) { if (a) x(); }": True,
    "y();": False,
}


@pytest.mark.parametrize("body", UNAVOIDABLE)
def test_what_no_path_gets_by(body: str) -> None:
    made = graph(function(f"void f(int a)\n{{\n{body}\n}}\n"))
    found = unavoidable(made, lambda event: event.name == "x")

    assert (found is not None) is UNAVOIDABLE[body]


WATCHED = {
    "p = g(); h(p);": ["set", "name"],
    "int *p = g(), q = *p;": ["set", "name"],
    "g(&p); p->x = 1;": ["set", "name", "store"],
    "p = p->next;": ["name", "set"],
    "int *p; sizeof(*p);": [],
    "\tlist_for_each_entry(p, &head, node) {\n\t\tg(p);\n\t}": ["set", "name"],
}


@pytest.mark.parametrize("body", WATCHED)
def test_what_is_done_with_a_watched_name(body: str) -> None:
    tree = function(f"void f(int a)\n{{\n{body}\n}}\n")
    blocks = watching((tree, frozenset(("p",)))).blocks
    kinds = [e.kind for b in blocks for e in b.events if e.kind != "call"]

    assert kinds == WATCHED[body]
