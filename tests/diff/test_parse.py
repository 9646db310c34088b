# SPDX-License-Identifier: GPL-2.0-or-later
"""A diff that parses has its places; one that does not is a DiffError."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patchlint.diff.parse import DiffError, parse_diff
from patchlint.model.change import FileChange, Hunk, Kind, Line

HEAD = ["diff --git a/f b/f", "index 0123456..89abcde 100644", "--- a/f", "+++ b/f"]
PIECES = [*HEAD, "@@ -1,2 +1,2 @@ f()", "@@ -1 +1 @@", "@@ -0,0 +1 @@", "@@ -1 +0,0 @@"]
PIECES += ["@@ -9999999999999999999999 +1 @@", "@@ -1,0 +1,0 @@", "@@@ -1 -1 +1 @@@"]
PIECES += [
    " a",
    "-a",
    "+a",
    "",
    "\\ No newline at end of file",
    "-- ",
    "2.39.5",
    "prose",
]
PIECES += ["--- /dev/null", "+++ /dev/null", "new file mode 100644", "rename from a"]
PIECES += [
    "deleted file mode 100644",
    "Binary files a/f and b/f differ",
    "--- ",
    "+++ ",
]
PIECES += [
    "GIT binary patch",
    "literal 3",
    "diff --git",
    "diff --git a b",
    "\udce9",
    "\r",
]
PIECES += [
    'diff --git "a/\\303" "b/\\303"',
    '--- "a/\\9"',
    "similarity index 9%",
    "index 0",
]


def parse(*lines: str, first: int = 1) -> tuple[FileChange, ...]:
    return parse_diff(lines, first)


def test_a_change_has_its_lines_and_their_three_places() -> None:
    hunk = ["@@ -7,3 +7,3 @@ int f(void)", " a", "-b", "+c", " d"]
    (change,) = parse(*HEAD, *hunk, "-- ", "2.39.5", first=21)

    assert change == FileChange(
        "f",
        "f",
        "0123456",
        "89abcde",
        (
            Hunk(
                7,
                7,
                "int f(void)",
                (
                    Line(Kind.CONTEXT, "a", 7, 7, 26),
                    Line(Kind.REMOVED, "b", 8, None, 27),
                    Line(Kind.ADDED, "c", None, 8, 28),
                    Line(Kind.CONTEXT, "d", 9, 9, 29),
                ),
                25,
            ),
        ),
        21,
    )


def test_a_new_file_has_no_old_side() -> None:
    head = ["diff --git a/f b/f", "new file mode 100644", "index 0000000..89abcde"]
    (change,) = parse(*head, "--- /dev/null", "+++ b/f", "@@ -0,0 +1 @@", "+a")

    assert (change.old_path, change.new_path, change.path) == (None, "f", "f")
    assert (change.old_oid, change.new_oid) == ("", "89abcde")


def test_a_deleted_file_has_no_new_side() -> None:
    head = ["diff --git a/f b/f", "deleted file mode 100644", "index 0123456..0000000"]
    (change,) = parse(*head, "--- a/f", "+++ /dev/null", "@@ -1 +0,0 @@", "-a")

    assert (change.old_path, change.new_path, change.path) == ("f", None, "f")
    assert (change.old_oid, change.new_oid) == ("0123456", "")


@pytest.mark.parametrize(
    ("hunk", "newline"),
    [
        (["-a", "\\ No newline at end of file", "+a"], [False, True]),
        (["-a", "+a", "\\ No newline at end of file"], [True, False]),
        (["-a", "\\ No newline at end of file"] * 2, [False, False]),
    ],
)
def test_a_missing_last_newline_is_kept(hunk: list[str], newline: list[bool]) -> None:
    if newline == [False, False]:
        hunk = [*hunk[:2], "+b", hunk[1]]
    (change,) = parse(*HEAD, "@@ -1 +1 @@", *hunk)

    assert [line.newline for line in change.lines] == newline


def test_a_diff_without_a_git_header_begins_at_its_old_name() -> None:
    (change,) = parse(
        "Index: f", "=====", *HEAD[2:], "@@ -1 +1 @@", "-a", "+b", first=4
    )

    assert change.mail == 6
    assert (change.old_oid, change.new_oid) == ("", "")


def test_a_context_line_whose_blank_was_lost_is_empty() -> None:
    (change,) = parse(*HEAD, "@@ -1,2 +1,2 @@", "", "-a", "+b")

    assert change.lines[0] == Line(Kind.CONTEXT, "", 1, 1, 6)


def test_a_timestamp_is_no_part_of_a_name() -> None:
    names = ["--- a/f g\t2024-01-02", "+++ b/f g\t2024-01-02"]
    (change,) = parse(*names, "@@ -1 +1 @@", "-a", "+b")

    assert change.path == "f g"


def test_a_quoted_name_is_unquoted() -> None:
    name = '"a/\\303\\274\\t\\"\\\\.c"'
    new = name.replace("a/", "b/")
    hunk = ["@@ -1 +1 @@", "-a", "+b"]
    (change,) = parse(f"diff --git {name} {new}", f"--- {name}", f"+++ {new}", *hunk)

    assert change.old_path == change.new_path == 'ü\t"\\.c'


def test_text_behind_the_diff_is_passed_over() -> None:
    lines = [*HEAD, "@@ -1 +1 @@", "-a", "+b"]

    assert parse(*lines, "-- ", "2.39.5", "", "____", "a list", "@lists") == parse(
        *lines
    )


@pytest.mark.parametrize(
    "hunk",
    [
        ["@@ -1,2 +1,2 @@", "-a", "+b"],
        ["@@ -1,2 +1 @@", "-a", "torn", "-b"],
        ["@@ -1 +1 @@", "-a", "-b"],
    ],
)
def test_a_broken_hunk_is_a_diff_error(hunk: list[str]) -> None:
    with pytest.raises(DiffError, match=r"^\S.*\S$"):
        parse(*HEAD, *hunk)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=25))
@example([""])
@example([])
def test_any_text_parses_or_is_a_diff_error(lines: list[str]) -> None:
    lines = [line.replace("\n", "") for line in lines]
    try:
        changes = parse_diff(lines, 5)
    except DiffError as error:
        assert "\n" not in str(error)
    else:
        shown = [ln for change in changes for ln in change.lines]
        assert all(lines[ln.mail - 5] in (ln.kind + ln.text, ln.text) for ln in shown)
