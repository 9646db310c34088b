# SPDX-License-Identifier: GPL-2.0-or-later
"""Comments without a grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.syntax.comments import spans, without_comments

CASES = {
    "a /* b */ c": "a         c",
    "a // b\nc": "a     \nc",
    '"/* b */" c': '"/* b */" c',
    "'\"' /* b */": "'\"'        ",
    "a /* b\nc */ d": "a     \n     d",
    "a /* b": "a     ",
    '"open /* b */\n/* c */': '"open /* b */\n       ',
}


@pytest.mark.parametrize("text", CASES)
def test_comments_are_blanked(text: str) -> None:
    assert without_comments(text) == CASES[text]


@given(st.text(alphabet="a\"'/*\\\n ", max_size=60))
def test_offsets_and_lines_stay(text: str) -> None:
    blanked = without_comments(text)

    assert len(blanked) == len(text)
    assert [c == "\n" for c in blanked] == [c == "\n" for c in text]
    assert all(text[begin] == "/" for begin, _ in spans(text))
