# SPDX-License-Identifier: GPL-2.0-or-later
"""What the rule about comments sees of hunks, and of giant files."""

from __future__ import annotations

import time

import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.context import contexts
from patchlint.model.finding import Finding
from patchlint.series.images import BlobSource, NoSource
from tests.mails import Blobs, Files, one_patch

(RULE,) = (r for r in load_rules() if r.card.id == "doc/comment-unclosed-paren")
BODY = "".join(f"int a{n};\n" for n in range(9))


def found(before: Files, after: Files, source: BlobSource | None = None) -> list[str]:
    """Return the quotes of what is found, by hunks alone unless there is a source."""
    laid = contexts(one_patch(before, after), source or NoSource())
    return [r.quote for r in RULE.apply(laid) if isinstance(r, Finding)]


def test_hunks_show_only_what_the_patch_writes() -> None:
    before = {"a.c": "/* an old one (cut */\nint a;\n"}
    after = {"a.c": "/* an old one (cut */\nint b;\n/* a new one (cut */\n"}

    assert found(before, after) == ["+/* a new one (cut */"]


def test_a_comment_that_no_hunk_ends_is_left_alone() -> None:
    text = "/*\n * Text (that\n" + " * goes on\n" * 9 + " * here).\n */\n"

    assert found({"a.c": text}, {"a.c": text.replace("Text", "Words")}) == []


def test_a_hunk_that_begins_inside_a_comment_is_read() -> None:
    text = "/*\n" + " * Text\n" * 9 + " * ends.\n */\n"
    after = text.replace("ends.", "ends (cut.")

    assert found({"a.c": text}, {"a.c": after}) == ["+ * ends (cut."]


@pytest.mark.parametrize(
    "after",
    [
        {"a.c": BODY + "/*\n * Old text\n * (cut here and there\n */\n"},
        {"a.c": BODY + "\t/*\n\t * Old text (cut here\n\t * and there\n\t */\n"},
        {"a.c": BODY, "b.c": "/*\n * Old text (cut here\n * and there\n */\n"},
    ],
)
def test_old_ones_that_move_are_not_new(after: Files) -> None:
    before = {"a.c": "/*\n * Old text (cut here\n * and there\n */\n" + BODY}

    assert found(before, after, Blobs(before)) == []


def test_the_comment_behind_the_next_line_of_code_may_close_it() -> None:
    text = "#define A 1\t/* first (line goes on */\n#define LONGER 2\n\t\t/* here) */\n"

    assert found({"a.c": "int a;\n"}, {"a.c": f"int a;\n{text}"}) == []


def test_a_giant_line_is_no_prose_and_takes_no_time() -> None:
    giant = "/* (" + "a word (" * 250_000 + " */\n"
    begin = time.perf_counter()

    assert found({"a.c": "int a;\n"}, {"a.c": f"int a;\n{giant}/* (cut */\n"}) == [
        "+/* (cut */"
    ]
    assert time.perf_counter() - begin < 3
