# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given

from patchlint.report.safe import carets, cut, cut_bytes, lines_of, printable
from tests.report.made import TEXT, is_visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\tint a;", "\tint a;"),
        ("a\x1b[31mb", "a\u241b[31mb"),
        ("a\rb\x7f", "a\u240db\u2421"),
        ("a\u202eb\u200b\x9b", "a\ufffdb\ufffd\ufffd"),
        ("\udcff", "\ufffd"),
        ("a\u3164b\u034f", "a\ufffdb\ufffd"),
        ("Grüße, 日本", "Grüße, 日本"),
    ],
)
def test_hidden_characters_become_visible_ones(text: str, expected: str) -> None:
    assert printable(text) == expected


@given(TEXT)
def test_columns_stay_and_nothing_is_hidden(text: str) -> None:
    made = printable(text)

    assert len(made) == len(text)
    assert is_visible(made)
    assert "\n" not in made
    assert printable(made) == made


def test_only_a_line_feed_ends_a_line() -> None:
    assert lines_of("a\x0bb\u2028c\nd") == ("a\u240bb\ufffdc", "d")


def test_a_line_that_is_too_long_is_cut_and_says_so() -> None:
    assert cut("a" * 20, 20) == "a" * 20
    assert cut("a" * 21, 20) == "a" * 14 + " [...]"
    assert cut_bytes("\u00e9" * 10, 20) == "\u00e9" * 10
    assert cut_bytes("\u00e9" * 11, 20) == "\u00e9" * 7 + " [...]"


@given(TEXT)
def test_what_is_cut_has_its_length_and_is_visible(text: str) -> None:
    assert len(cut(text, 9)) <= 9
    assert len(cut_bytes(text, 9).encode()) <= 9
    assert is_visible(cut(text, 9))
    assert is_visible(cut_bytes(text, 9))


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("use cpu here", [(5, 8)], "    ^^^"),
        ("+\tint a;", [(7, 8)], " \t    ^"),
        ("日本 cpu", [(4, 7)], "     ^^^"),
        ("e\u0301 cpu", [(4, 7)], "  ^^^"),
        ("a cpu, a cpu", [(3, 6), (10, 13)], "  ^^^    ^^^"),
        ("needs cache", [(7, 7)], "      ^"),
        ("end", [(4, 4)], "   ^"),
        ("all of it", [(1, 10)], ""),
        ("+\tall of it", [(3, 12)], ""),
        ("a\t", [(2, 3)], ""),
        ("none", [], ""),
    ],
)
def test_carets_stand_under_their_columns(
    text: str, spans: list[tuple[int, int]], expected: str
) -> None:
    assert carets(text, spans) == expected
