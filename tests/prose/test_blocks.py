# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.prose.blocks import BlockKind, blocks

LINES = st.lists(
    st.one_of(
        st.text(st.characters(blacklist_characters="\n\r"), max_size=40),
        st.sampled_from((
            "", "plain words of a text", "- an item", "  indented", "[1] a note",
            "[*] another", "[ me: Did it. ]", "Link: https://example.org/",
            "\tfoo(a, b);", "[    1.0] BUG: oops", "| a | b |", "/*", " */", "----",
        )),
    ),
    max_size=20,
)  # fmt: skip


def kinds(text: str) -> list[tuple[str, int, int]]:
    found = blocks(text.split("\n"), 1)
    return [(block.kind.value, block.first, block.last) for block in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A whole sentence stands here.", BlockKind.PARAGRAPH),
        ("- one thing", BlockKind.ITEM),
        ("1) one thing", BlockKind.ITEM),
        ("(b) one thing", BlockKind.ITEM),
        ("Background", BlockKind.HEADING),
        ("Some numbers:", BlockKind.HEADING),
        ("-- Side effect on the other unit and what to do about it --", "heading"),
        ("\tret = foo(a, b);", BlockKind.CODE),
        ("  quoted by being indented", BlockKind.CODE),
        ("> quoted in a mail", BlockKind.CODE),
        ("#include <linux/foo.h>", BlockKind.CODE),
        ("CPU0              CPU1", BlockKind.TABLE),
        ("| a | b |", BlockKind.TABLE),
        ("[    1.234567] Oops", BlockKind.BACKTRACE),
        ("Call Trace:", BlockKind.BACKTRACE),
        (" foo+0x12/0x34", BlockKind.BACKTRACE),
        ("[1] where it is told", BlockKind.FOOTNOTE),
        ("[*] where it is told", BlockKind.FOOTNOTE),
        ("  https://example.org/a", BlockKind.LINK),
        ("Suggested-by: A Dev <a@example.org>", BlockKind.TRAILER),
        ("[ me: Reword the log. ]", BlockKind.NOTE),
    ],
)
def test_a_line_by_itself_has_a_kind(text: str, kind: BlockKind) -> None:
    assert [block.kind for block in blocks([text])] == [kind]


def test_a_giant_line_is_no_prose() -> None:
    text = "Some words.\n" + "word " * 1000 + "\nAnd more of them here."

    assert kinds(text) == [("paragraph", 1, 1), ("code", 2, 2), ("paragraph", 3, 3)]


def test_blocks_carry_the_lines_of_the_mail() -> None:
    text = ["", "One line of prose", "and another.", "", "- an item", "  goes on", ""]
    paragraph, item = blocks(text, first=30)

    assert (paragraph.first, paragraph.last) == (31, 32)
    assert (item.first, item.last) == (34, 35)
    assert item.text == "an item\ngoes on"
    assert [row.column for row in item.rows] == [3, 3]
    assert item.words == 4


def test_code_in_the_middle_of_a_paragraph_is_cut_out() -> None:
    text = "The loop calls\n\tfoo(a, b);\nfor each entry of the list."

    assert kinds(text) == [("paragraph", 1, 1), ("code", 2, 2), ("paragraph", 3, 3)]


def test_a_quoted_comment_is_code_to_its_end() -> None:
    text = "\t/*\n\t * 1) Do this\n\t * and then that.\n\t */\nis the comment of it."

    assert kinds(text) == [("code", 1, 4), ("paragraph", 5, 5)]


def test_text_among_lines_of_a_backtrace_is_no_prose() -> None:
    text = "but task is already holding lock:\nffff0000 at: foo+0x12/0x34"

    assert kinds(text) == [("backtrace", 1, 2)]


def test_a_footnote_that_wraps_is_one_block() -> None:
    text = "[1] a note that goes\n    on and\non\n[2] another"

    assert kinds(text) == [("footnote", 1, 3), ("footnote", 4, 4)]


def test_a_mark_that_a_paragraph_wraps_to_is_no_footnote() -> None:
    assert kinds("as it is told in\n[1] and elsewhere.") == [("paragraph", 1, 2)]


def test_a_note_ends_with_its_bracket() -> None:
    text = "[ me: Reword\n  all of it. ]\nThis is text again."

    assert kinds(text) == [("note", 1, 2), ("paragraph", 3, 3)]


def test_an_underlined_line_is_a_heading() -> None:
    assert kinds("The second part\n===============") == [("heading", 1, 2)]


@given(LINES)
def test_every_line_is_in_one_block_and_says_what_the_mail_says(
    lines: list[str],
) -> None:
    rows = [row for block in blocks(lines, 5) for row in block.rows]

    assert [r.line for r in rows] == [n for n, t in enumerate(lines, 5) if t.strip()]
    for row in rows:
        assert lines[row.line - 5][row.column - 1 :].rstrip() == row.text
