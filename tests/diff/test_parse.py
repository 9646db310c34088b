# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be read of a diff has its places; what cannot is a defect."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patchlint.diff.parse import parse_diff
from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.model.defect import DefectKind
from patchlint.model.limits import Limits
from patchlint.model.location import Side

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
    diff = parse_diff(lines, first)
    assert diff.defects == ()
    return diff.changes


def faults(*lines: str, first: int = 1) -> list[tuple[DefectKind, int, bool]]:
    return [(d.kind, d.line, d.hides) for d in parse_diff(lines, first).defects]


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
        old_mode="100644",
        new_mode="100644",
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


COUNT = DefectKind.DIFF_COUNT
GOOD = ["@@ -5 +5 @@", "-x", "+y"]


@pytest.mark.parametrize(
    "hunk",
    [
        ["@@ -1,2 +1,2 @@", "-a", "+b"],
        ["@@ -1,2 +1 @@", "-a", "torn", "-b"],
        ["@@ -1 +1 @@", "-a", "-b"],
        ["@@ -1 +1 @@", "-a", "+b", "+c"],
        ["@@ -1 +1 @@", "-a", "+b", " c"],
        ["@@ -1,9 +1,9 @@", "-a", "+b"],
        ["@@ -1,0 +1,0 @@"],
        ["@@ -99999999999999999999 +1 @@", "-a", "+b"],
    ],
)
def test_a_miscounted_hunk_is_a_defect_and_the_others_are_read(hunk: list[str]) -> None:
    diff = parse_diff([*HEAD, *hunk, *GOOD, *HEAD, *GOOD], 11)
    first, second = diff.changes

    assert faults(*HEAD, *hunk, *GOOD, first=11) == [(COUNT, 15, True)]
    assert (first.incomplete, second.incomplete) == (True, False)
    assert first.hunks[-1].lines[0] == Line(Kind.REMOVED, "x", 5, None, 16 + len(hunk))
    assert len(second.hunks) == 1


def test_a_hunk_that_the_end_of_the_mail_cuts_is_a_defect() -> None:
    lines = [*HEAD, *GOOD, "@@ -9,3 +9,3 @@", " a", "-b", "+c", "-- ", "2.39.5", ""]

    assert faults(*lines) == [(COUNT, 8, True)]


@pytest.mark.parametrize(
    "after",
    [
        ["-- ", "2.39.5", ""],
        ["--", "To unsubscribe from this list"],
        ["", "base-commit: 0123", "-- ", "2.39.5"],
        [" f | 2 +-", " 1 file changed", ""],
        ["- a remark of mine", "- another"],
        ["_______________", "a mailing list"],
        ["------- mail list -------"],
    ],
)
def test_what_follows_the_last_hunk_is_no_part_of_it(after: list[str]) -> None:
    assert parse(*HEAD, *GOOD, *after) == parse(*HEAD, *GOOD)


def test_lines_added_behind_the_last_hunk_are_a_defect() -> None:
    assert faults(*HEAD, *GOOD, "+z", "-- ", "2.39.5") == [(COUNT, 5, True)]


def test_a_hunk_without_a_file_is_a_defect() -> None:
    lines = [*HEAD, *GOOD, "some text", *GOOD]

    assert faults(*lines) == [(DefectKind.DIFF_UNREADABLE, 9, True)]


@pytest.mark.parametrize("word", ["cc f", "combined f"])
def test_a_combined_diff_is_a_defect(word: str) -> None:
    lines = [f"diff --{word}", "index 0123456,1234567..2345678", "--- a/f", "+++ b/f"]
    lines += ["@@@ -1,1 -1,1 +1,1 @@@", "- a", " -b", "++c"]
    diff = parse_diff([*lines, *HEAD, *GOOD], 3)

    assert [(d.kind, d.line, d.hides) for d in diff.defects] == [
        (DefectKind.DIFF_COMBINED, 3, True)
    ]
    assert len(diff.changes) == 1


@pytest.mark.parametrize(
    "head",
    [
        ["diff --git a/f", " b/f", "index 0123456..89abcde 100644", "Binary files"],
        ["diff --git a/f b/f", "new file mode 100644", "deleted file mode 100644"],
        ["diff --git a/f b/f", "new file mode x"],
        ["diff --git a/f b/f", "new file mode 100644", "--- a/f", "+++ b/f"],
        ["diff --git a/f b/f", "new file mode 100644", "--- /dev/null", "+++ b/g"],
        ["diff --git a/f b/f", "deleted file mode 100644", "--- a/g", "+++ /dev/null"],
        ["diff --git a/f b/g", "rename from f", "rename to g", "--- a/h", "+++ b/g"],
        ["diff --git a/f b/g", "rename from f"],
        ["diff --git a f b g c", "index 0123456..89abcde 100644"],
    ],
)
def test_a_header_that_git_refuses_is_a_defect(head: list[str]) -> None:
    diff = parse_diff([*HEAD, *GOOD, *head, *HEAD, *GOOD])

    assert [(d.kind, d.line) for d in diff.defects] == [(DefectKind.DIFF_UNREADABLE, 8)]
    assert len(diff.changes) == 2


def test_a_header_that_was_wrapped_loses_only_its_modes_and_ids() -> None:
    lines = ["diff --git a/f", "b/f", *HEAD[1:], *GOOD]
    diff = parse_diff(lines, 3)
    (change,) = diff.changes

    assert (change.path, change.mail, len(change.hunks)) == ("f", 6, 1)
    assert faults(*lines, first=3) == [(DefectKind.DIFF_UNREADABLE, 3, False)]


def test_a_name_on_a_line_of_its_own_does_not_become_a_file() -> None:
    assert parse("diff --git a/x b/x", "and so on", *HEAD, *GOOD)[0].path == "f"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("a/d/f.c", "b/d/f.c", "d/f.c"),
        ("i/d/f.c", "w/d/f.c", "d/f.c"),
        ("c/d/f.c", "i/d/f.c", "d/f.c"),
        ("o/d/f.c", "w/d/f.c", "d/f.c"),
        ("1/d/f.c", "2/d/f.c", "d/f.c"),
        ("d/f.c", "d/f.c", "d/f.c"),
        ("f.c", "f.c", "f.c"),
        ("./d/f.c", "./d/f.c", "d/f.c"),
        ("linux-6.1/d/f.c", "linux-6.1/d/f.c", "d/f.c"),
        ("linux.orig/d/f.c", "linux/d/f.c", "d/f.c"),
        ("src/a/d/f.c", "src/b/d/f.c", "d/f.c"),
        ("old//d//f.c", "new/d/f.c", "d/f.c"),
        ("a/d b/f b/.c", "b/d b/f b/.c", "d b/f b/.c"),
    ],
)
def test_a_prefix_is_what_is_not_the_same(old: str, new: str, path: str) -> None:
    (plain,) = parse(f"--- {old}", f"+++ {new}", *GOOD)
    modes = ["old mode 100644", "new mode 100755"]
    (git,) = parse(f"diff --git {old} {new}", *modes)

    assert (plain.old_path, plain.new_path) == (path, path)
    assert (git.old_path, git.new_path) == (path, path)
    assert (git.old_mode, git.new_mode) == ("100644", "100755")


def test_a_file_that_comes_has_the_prefix_of_its_neighbours() -> None:
    new = ["--- /dev/null", "+++ d/new.c", "@@ -0,0 +1 @@", "+x"]
    first, second = parse("--- d/f.c", "+++ d/f.c", *GOOD, *new)

    assert (first.path, second.path) == ("d/f.c", "d/new.c")


@pytest.mark.parametrize(
    ("stamp", "is_new"),
    [
        ("\t1970-01-01 00:00:00.000000000 +0000", True),
        ("\t1970-01-01 01:00:00 +0100", True),
        ("\t1969-12-31 19:00:00.000 -0500", True),
        ("\t1970-01-01 00:00:00.000000000 +0100", False),
        ("\t2024-01-02 03:04:05.678 +0000", False),
        (" 2024-01-02 03:04:05 +05:30", False),
    ],
)
def test_the_beginning_of_time_is_when_there_was_no_file(
    stamp: str, *, is_new: bool
) -> None:
    hunk = ["@@ -0,0 +1 @@", "+x"]
    (made,) = parse(f"--- a/d f.c{stamp}", "+++ b/d f.c\t2024-01-02 03:04:05", *hunk)

    assert (made.old_path is None, made.path) == (is_new, "d f.c")


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "d/../../x",
        "d/./x",
        ".git/config",
        "d/.git/hooks/x",
        "d/.GIT/config",
        ".Git",
        "git~1/config",
        ".git ./config",
        ".git::$INDEX_ALLOCATION/config",
        ".g\u200cit/config",
        "d\\.git\\config",
        "d/",
        "",
    ],
)
def test_a_path_that_no_file_may_have_is_left_out(path: str) -> None:
    lines = [f"diff --git a/{path} b/{path}", "index 0123456..89abcde 100644"]
    lines += [f"--- a/{path}", f"+++ b/{path}", *GOOD]
    diff = parse_diff([*lines, *HEAD, *GOOD], 2)

    assert [change.path for change in diff.changes] == ["f"]
    assert [(d.kind, d.line, d.hides) for d in diff.defects] == [
        (DefectKind.DIFF_PATH, 2, True)
    ]


@pytest.mark.parametrize("word", ["rename", "copy"])
@pytest.mark.parametrize("side", ["from", "to"])
@pytest.mark.parametrize("path", ["../x", "/etc/passwd", ".git/config"])
def test_both_names_of_a_rename_are_looked_at(word: str, side: str, path: str) -> None:
    names = {"from": "f", "to": "g"} | {side: path}
    lines = [f"{word} {key} {name}" for key, name in names.items()]

    assert faults("diff --git a/f b/g", *lines) == [(DefectKind.DIFF_PATH, 1, True)]


@pytest.mark.parametrize("name", ["a\\nb", "a\\033[2Jb", "a\\177b", "a\\302\\233b"])
def test_a_name_with_a_control_character_is_told_without_it(name: str) -> None:
    lines = [f'diff --git "a/{name}" "b/{name}"', "new file mode 100644"]
    diff = parse_diff(lines)

    assert diff.changes == ()
    (defect,) = diff.defects
    assert defect.text.isprintable()


def test_a_file_past_the_limit_is_not_read() -> None:
    limits = Limits(files=2)
    diff = parse_diff([*HEAD, *GOOD] * 3, 5, limits)

    assert len(diff.changes) == 2
    assert [(d.kind, d.line, d.hides) for d in diff.defects] == [
        (DefectKind.LIMIT, 19, True)
    ]


def test_lines_past_the_limit_are_not_read() -> None:
    diff = parse_diff([*HEAD, *GOOD] * 3, 5, Limits(hunk_lines=6))

    assert len(diff.changes) == 2
    assert [(d.kind, d.line) for d in diff.defects] == [(DefectKind.LIMIT, 19)]


def test_a_marker_in_another_language_is_one() -> None:
    (change,) = parse(*HEAD, "@@ -1 +1 @@", "-a", "+b", "\\ Kein Zeilenumbruch")

    assert [line.newline for line in change.lines] == [True, False]


@pytest.mark.parametrize("char", ["\v", "\f", "\r", "\x1c", "\x85", "\u2028", "\0"])
def test_only_a_newline_ends_a_line(char: str) -> None:
    (change,) = parse(*HEAD, "@@ -1 +1 @@", f"-a{char}b", f"+{char}")

    assert [line.text for line in change.lines] == [f"a{char}b", char]


def test_what_a_link_shows_is_no_text_of_a_file() -> None:
    hunk = ["@@ -1 +1 @@", "-a.c", "\\ No newline at end of file", "+b.c"]
    (link,) = parse("diff --git a/f b/f", "index 01234..5678 120000", *HEAD[2:], *hunk)
    (sub,) = parse("diff --git a/f b/f", "index 01234..5678 160000", *HEAD[2:], *hunk)

    assert (link.is_symlink, link.is_submodule, link.has_text) == (True, False, False)
    assert (sub.is_symlink, sub.is_submodule, sub.has_text) == (False, True, False)


def test_a_line_is_found_by_its_number() -> None:
    (change,) = parse(*HEAD, "@@ -5,2 +5,2 @@", " a", "-b", "+c")

    assert change.line_at(6, Side.OLD) == Line(Kind.REMOVED, "b", 6, None, 7)
    assert change.line_at(6, Side.NEW) == Line(Kind.ADDED, "c", None, 6, 8)
    assert change.line_at(7, Side.NEW) is None


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=25))
@example([""])
@example([])
def test_any_text_is_read_or_told(lines: list[str]) -> None:
    lines = [line.replace("\n", "") for line in lines]
    diff = parse_diff(lines, 5)
    shown = [ln for change in diff.changes for ln in change.lines]

    assert all(lines[ln.mail - 5] in (ln.kind + ln.text, ln.text) for ln in shown)
    assert all(0 <= defect.line - 5 < len(lines) for defect in diff.defects)


def work(run: Callable[[], object]) -> int:
    """Return how many steps of Python a run takes."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (HEAD, ["@@ -1 +1 @@", "-a", "+b"]),
        ([*HEAD, "@@ -1,{} +1,{} @@"], ["-a", "+b"]),
        (HEAD, ["@@ -1,9 +1,9 @@", "-a", "+b"]),
        (HEAD, ["@@ -1 +1 @@", "-a", "+b", "+c", " d"]),
        (HEAD, ["@@ -1,9999999 +1,9999999 @@"]),
        ([*HEAD, "@@ -1,9999999 +1,9999999 @@"], ["-a", "+b"]),
        (GOOD, [*HEAD, *GOOD]),
        (HEAD, ["diff --git a/f b/f"]),
        (HEAD, ["diff --git a/f", " b/f", "index 0123..4567"]),
        (HEAD, ["--- a/f", "+++ b/f"]),
        ([*HEAD, *GOOD], ["+a", "-b", " c"]),
    ],
)
def test_reading_takes_linear_work(head: list[str], lines: list[str]) -> None:
    def made(count: int) -> list[str]:
        return [line.format(count, count) for line in head] + lines * count

    half, whole = (work(partial(parse_diff, made(count))) for count in (200, 400))

    assert whole < 2.1 * half


@pytest.mark.parametrize(
    "piece", [" ", "//", "a/ ", '"', '"a/', "\\", "\t", "b/", ' "']
)
def test_a_long_name_takes_no_time(piece: str) -> None:
    name = piece * (16_000 // len(piece))
    for _ in range(20):
        parse_diff([f"diff --git {name}", "index 0123456..89abcde"])
        parse_diff([f"--- {name}", f"+++ {name}x", *GOOD])
