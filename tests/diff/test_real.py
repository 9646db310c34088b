# SPDX-License-Identifier: GPL-2.0-or-later
"""Diffs that the real git makes: numbers, places, images and ids agree."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from patchlint.diff.image import apply
from patchlint.diff.oid import blob_oid
from patchlint.diff.parse import parse_diff
from patchlint.model.change import FileChange, Kind
from tests.adapters.repo import Tree, diff_trees, git, git_line

PATHS = ("a.c", "b b.c", "c/ü.S", 'd"q.h', "e\tf")
ODD = [b"-- ", b"--- a/x", b"+++ b/x", b"@@ -1 +1 @@", b"diff --git a/x b/x", b"\\ No"]
ODD += [
    b"",
    b"\xff\xe9",
    b"\r",
    b"\x0c",
    "\u2028".encode(),
    b"\tif (x) {",
    b"}",
    b"\x85",
]
LINES = st.lists(st.sampled_from([*ODD, *(b"%d" % n for n in range(12))]), max_size=30)
FILES = st.builds(
    lambda lines, end: b"\n".join(lines) + end, LINES, st.sampled_from([b"", b"\n"])
)
TREES = st.dictionaries(st.sampled_from(PATHS), FILES, max_size=3)


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def changes(diff: bytes, first: int = 1) -> tuple[FileChange, ...]:
    found = parse_diff(text(diff).split("\n"), first)
    assert found.defects == ()
    return found.changes


def counted(change: FileChange, kind: Kind) -> int:
    return sum(line.kind is kind for line in change.lines)


@settings(max_examples=40, deadline=None)
@given(before=TREES, after=TREES, context=st.sampled_from(["-U0", "-U1", "-U3"]))
def test_what_git_makes_is_read_and_applied(
    before: dict[str, bytes], after: dict[str, bytes], context: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        diff = diff_trees(folder, before, after, context)
        numstat = git(folder, "apply", "--numstat", "-z", given=diff) if diff else b""
    found = changes(diff)
    stat = [line.split(b"\t", 2) for line in numstat.split(b"\0")[:-1]]

    assert {change.path for change in found} == differing(before, after)
    assert [
        (counted(change, Kind.ADDED), counted(change, Kind.REMOVED), change.path)
        for change in found
    ] == [(int(added), int(removed), text(path)) for added, removed, path in stat]
    for change in found:
        agrees(change, before, after)
        stands_where_it_says(change, text(diff).split("\n"))


def differing(before: Tree, after: Tree) -> set[str]:
    paths = {*before, *after}
    return {path for path in paths if before.get(path) != after.get(path)}


def agrees(change: FileChange, before: Tree, after: Tree) -> None:
    """The sides, the ids and the images are those of the two trees."""
    old, new = before.get(change.path), after.get(change.path)

    assert (change.old_path is None) == (old is None)
    assert (change.new_path is None) == (new is None)
    assert change.old_oid == ("" if old is None else blob_oid(text(old)))
    assert change.new_oid == ("" if new is None else blob_oid(text(new)))
    assert apply(text(old or b""), change) == text(new or b"")
    for line in change.lines:
        for number, raw in ((line.old, old), (line.new, new)):
            if number is not None:
                assert text(raw or b"").split("\n")[number - 1] == line.text


def stands_where_it_says(change: FileChange, lines: list[str]) -> None:
    """The mail line of a diff line shows its mark and its text."""
    assert lines[change.mail - 1].startswith("diff --git ")
    for hunk in change.hunks:
        assert lines[hunk.mail - 1].startswith("@@ -")
    for line in change.lines:
        assert lines[line.mail - 1] == line.kind + line.text


@settings(max_examples=25, deadline=None)
@given(raw=st.binary())
def test_blob_id_is_that_of_git(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git(folder, "init", "-q", "--template=")
        oid = git_line(folder, "hash-object", "--stdin", given=raw)

    assert blob_oid(text(raw)) == oid


def test_blob_id_of_a_sha_256_repository_is_that_of_git(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    oid = git_line(tmp_path, "hash-object", "--stdin", given=b"text\n")

    assert blob_oid("text\n", 64) == oid


def test_rename_has_both_names(tmp_path: Path) -> None:
    raw = b"".join(b"%d\n" % n for n in range(20))
    diff = diff_trees(tmp_path, {"old name.c": raw}, {"new.c": raw + b"x\n"}, "-M")
    (change,) = changes(diff)

    assert (change.old_path, change.new_path) == ("old name.c", "new.c")
    assert apply(text(raw), change) == text(raw) + "x\n"


def test_rename_without_a_change_has_no_ids(tmp_path: Path) -> None:
    (change,) = changes(diff_trees(tmp_path, {"ä.c": b"x\n"}, {"b.c": b"x\n"}, "-M"))

    assert (change.old_path, change.new_path) == ("ä.c", "b.c")
    assert (change.old_oid, change.new_oid, change.hunks) == ("", "", ())


def test_copy_has_both_names(tmp_path: Path) -> None:
    raw = b"".join(b"%d\n" % n for n in range(20))
    after = {"a.c": raw, "b.c": raw + b"x\n"}
    diff = diff_trees(tmp_path, {"a.c": raw}, after, "--find-copies-harder")
    (change,) = changes(diff)

    assert (change.old_path, change.new_path) == ("a.c", "b.c")


def test_change_of_mode_has_no_hunks(tmp_path: Path) -> None:
    (change,) = changes(diff_trees(tmp_path, {"a b": b"x\n"}, {"a b*": b"x\n"}))

    assert (change.old_path, change.new_path, change.hunks) == ("a b", "a b", ())


def test_empty_file_that_comes_has_one_side(tmp_path: Path) -> None:
    (change,) = changes(diff_trees(tmp_path, {}, {"empty": b""}))

    assert (change.old_path, change.new_path) == (None, "empty")
    assert (change.old_oid, change.new_oid) == ("", blob_oid(""))


def test_empty_file_that_goes_has_one_side(tmp_path: Path) -> None:
    (change,) = changes(diff_trees(tmp_path, {"empty": b""}, {}))

    assert (change.old_path, change.new_path) == ("empty", None)


def test_binary_file_is_told(tmp_path: Path) -> None:
    trees = {"a": b"\0\1"}, {"a": b"\0\2"}
    (plain,) = changes(diff_trees(tmp_path, *trees))
    (coded,) = changes(diff_trees(tmp_path, *trees, "--binary"))

    assert (plain.binary, plain.path, plain.hunks) == (True, "a", ())
    assert (coded.binary, coded.path, coded.hunks) == (True, "a", ())


def test_change_between_others_keeps_its_place(tmp_path: Path) -> None:
    before = {"a": b"\0\1", "b": b"x\n", "c": b"1\n", "d": b"2\n"}
    after = {"a": b"\0\2", "b*": b"x\n", "c": b"3\n", "e": b""}
    diff = diff_trees(tmp_path, before, after, "--binary")
    lines = text(diff).split("\n")

    assert [lines[change.mail - 11] for change in changes(diff, 11)] == [
        f"diff --git a/{path} b/{path}" for path in "abcde"
    ]
