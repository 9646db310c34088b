# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from patchlint.prose.blocks import Row
from patchlint.prose.comments import added_comments
from tests.mails import one_patch


def comments(added: str, path: str = "a.c", before: str = "int a;\n") -> list[Row]:
    series = one_patch({path: before}, {path: before + added})
    return [row for c in series.patches[0].changes for row in added_comments(c)]


@pytest.mark.parametrize(
    ("added", "row"),
    [
        ("/* One. */\n", Row(2, 4, "One.")),
        ("\tb = 1; // Two.\n", Row(2, 12, "Two.")),
        (' * Three "here".\n', Row(2, 4, 'Three "here".')),
        ('\tf("/* no */"); /* Four. */\n', Row(2, 20, "Four.")),
    ],
)
def test_the_text_of_a_comment_has_its_place_in_the_file(added: str, row: Row) -> None:
    assert comments(added) == [row]


def test_a_comment_goes_on_over_lines_without_stars() -> None:
    rows = comments("/* One\n   two\n   three */ int b;\nint c;\n")

    assert [(row.line, row.text) for row in rows] == [
        (2, "One"),
        (3, "two"),
        (4, "three"),
    ]


@pytest.mark.parametrize("path", ["a.rst", "Kconfig"])
def test_other_files_have_no_comments_we_know(path: str) -> None:
    assert comments("/* One. */\n", path) == []


def test_a_giant_line_is_no_prose_but_may_begin_a_comment() -> None:
    giant = "/* " + "word " * 1000

    assert comments(f"{giant}\n   two */ int b;\n") == [Row(3, 4, "two")]
    assert comments(f"{giant}*/\nint b;\n") == []


def test_only_added_lines_count() -> None:
    series = one_patch({"a.c": "/* One.\n */\nint a;\n"}, {"a.c": "int a;\n"})

    assert list(added_comments(series.patches[0].changes[0])) == []
