# SPDX-License-Identifier: GPL-2.0-or-later
"""Colours of code: right where they are known, none where they would cost too much."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.report.html.colour import coloured

NAMES = (
    "a.c",
    "a.h",
    "a.S",
    "a.dts",
    "a.py",
    "a.sh",
    "a.rs",
    "a.yaml",
    "Makefile",
    "Kconfig.debug",
    "a.txt",
)


def classes(path: str, text: str) -> list[list[tuple[str, str]]]:
    """Return (class, words) for each line."""
    lines = text.split("\n")
    rows = zip(lines, coloured(path, lines), strict=True)
    return [
        [(name, line[first:end]) for first, end, name in spans] for line, spans in rows
    ]


def test_c_is_coloured() -> None:
    found = classes("kernel/a.c", "#ifdef A\nint a = 1; /* b */\n#endif")

    assert found[0] == [("p", "#"), ("p", "ifdef A")]
    assert found[1] == [("k", "int"), ("n", "1"), ("c", "/* b */")]


def test_assembly_is_coloured_and_its_directives_are_no_comments() -> None:
    found = classes("entry.S", "#ifdef A\n\tmovq %rax, %rbx /* b */\n# no\n1:\tret")

    assert found[0] == [("p", "#ifdef A")]
    assert ("v", "%rax") in found[1]
    assert ("c", "/* b */") in found[1]
    assert found[2] == [("c", "# no")]


@pytest.mark.parametrize("path", ["a.c", "a.S"])
def test_hunk_may_begin_and_end_within_a_comment(path: str) -> None:
    found = classes(path, " * if the int\n */\nint a;\n/*\n * while")

    assert found[0] == [("c", " * if the int")]
    assert found[1] == [("c", " */")]
    assert found[3:] == [[("c", "/*")], [("c", " * while")]]


def test_comment_of_many_lines_stays_one() -> None:
    lines = ["/*", *[" * if and while and more of that"] * 400, " */", "int a;"]
    found = classes("a.c", "\n".join(lines))

    assert all(
        spans == [("c", " * if and while and more of that")] for spans in found[1:401]
    )
    assert found[402] == [("k", "int")]


def test_what_is_not_known_has_no_colour() -> None:
    assert classes("a.txt", "int a;") == [[]]
    assert classes("", "int a;") == [[]]


@given(st.sampled_from(NAMES), st.lists(st.text(max_size=30), max_size=12))
def test_spans_are_in_order_and_inside_their_line(path: str, texts: list[str]) -> None:
    lines = [text.replace("\n", " ") for text in texts]
    rows = tuple(coloured(path, lines))

    assert len(rows) == len(lines)
    for line, spans in zip(lines, rows, strict=True):
        ends = [0, *(end for _, end, _ in spans)]
        for (first, end, _), above in zip(spans, ends, strict=False):
            assert above <= first < end <= len(line)


@pytest.mark.parametrize("path", NAMES)
@pytest.mark.parametrize(
    "line", ["", " " * 70, "\t", "//" * 100, "/*", "'", "a,", "((", "\\"]
)
def test_no_text_takes_long(path: str, line: str) -> None:
    """30,000 characters in a second: an eighth of that is what was measured."""
    lines = [line] * (30_000 // (len(line) + 1))
    start = time.perf_counter()
    list(coloured(path, lines))

    assert time.perf_counter() - start < 8


def test_heap_of_tokens_is_no_code() -> None:
    heap = ["1," * 149] * 10
    assert not any(coloured("a.c", heap))

    table = ["\t{ 0x10, 0x2f, 0x33, 0x40 }," * 8] * 30
    assert all(coloured("a.c", table))
