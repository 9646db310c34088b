# SPDX-License-Identifier: GPL-2.0-or-later
"""Images: hunks applied to the right text, and proven by their id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.diff.image import apply, partial_image, whole_image
from patchlint.diff.oid import blob_oid, is_blob
from patchlint.diff.parse import parse_diff
from patchlint.model.change import FileChange
from patchlint.model.image import Image
from patchlint.model.location import Side
from tests.mails import diff

TEXT = "".join(f"line {n}\n" for n in range(1, 31))
LINES = st.lists(st.sampled_from(["a", "b", "c", "", "\t"]), max_size=20)
TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n"])
)


def change(old: str, new: str) -> FileChange:
    lines = diff({"f": old}, {"f": new}).removesuffix("\n").split("\n")
    (made,) = parse_diff(lines).changes
    return made


def edited(*numbers: int) -> str:
    lines = TEXT.splitlines()
    for number in numbers:
        lines[number - 1] = "changed"
    return "".join(f"{line}\n" for line in lines)


@given(TEXTS, TEXTS)
def test_applying_a_diff_gives_the_text_after(before: str, after: str) -> None:
    if before != after:
        assert apply(before, change(before, after)) == after


@given(TEXTS, TEXTS, TEXTS)
def test_a_diff_applies_elsewhere_only_if_its_lines_stand_there(
    before: str, after: str, other: str
) -> None:
    if before != after:
        made = change(before, after)
        result = apply(other, made)
        olds = [line for line in made.lines if line.old is not None]
        shown = [f"{line}\n" for line in other.split("\n")]
        there = all(shown[(ln.old or 1) - 1 :][:1] == [f"{ln.text}\n"] for ln in olds)

        assert result is None or there


def test_several_hunks_apply_in_order() -> None:
    made = change(TEXT, edited(2, 15, 29))

    assert len(made.hunks) == 3
    assert apply(TEXT, made) == edited(2, 15, 29)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("line 14\n", "other\n"),
        "one more\n" + TEXT,
        TEXT.removesuffix("line 29\nline 30\n"),
    ],
)
def test_a_text_with_other_context_is_refused(text: str) -> None:
    assert apply(text, change(TEXT, edited(2, 15, 29))) is None


def test_a_text_that_ends_otherwise_is_refused() -> None:
    assert apply("a", change("a\n", "b\n")) is None
    assert apply("a\n", change("a", "b")) is None


def test_a_hunk_without_context_behind_it_ends_the_file() -> None:
    last = change("a\nb\nc\nd\n", "a\nb\nc\nx\n")

    assert apply("a\nb\nc\nd\n", last) == "a\nb\nc\nx\n"
    assert apply("a\nb\nc\nd\ne\n", last) is None


def test_an_insertion_behind_the_end_is_refused() -> None:
    lines = ["--- a/f", "+++ b/f", "@@ -9,0 +10 @@", "+x"]
    (made,) = parse_diff(lines).changes

    assert apply("a\n", made) is None


def test_hunks_in_the_wrong_order_are_refused() -> None:
    lines = ["--- a/f", "+++ b/f", "@@ -2 +2 @@", "-b", "+x", "@@ -1 +1 @@", "-a", "+y"]
    (made,) = parse_diff(lines).changes

    assert apply("a\nb\n", made) is None


def test_a_change_without_hunks_leaves_the_text() -> None:
    (made,) = parse_diff(["diff --git a/f b/g", "rename from f", "rename to g"]).changes

    assert apply("a\nb", made) == "a\nb"


def test_a_whole_image_is_proven_by_its_id() -> None:
    oid = blob_oid("a\nb\n")

    assert whole_image("f", "a\nb\n", oid[:12]) == Image(
        "f", "a\nb\n", (1, 2), whole=True, proven=True
    )
    assert not whole_image("f", "a\nc\n", oid[:12]).proven
    assert not whole_image("f", "a\nb\n", "").proven


def test_a_last_line_without_a_newline_has_a_number() -> None:
    assert whole_image("f", "a\nb", "").numbers == (1, 2)


def test_a_partial_image_has_the_numbers_of_its_side() -> None:
    before = "".join(f"{n}\n" for n in range(1, 21))
    after = before.replace("2\n3\n", "2\nnew\n3\n", 1).replace("18\n", "")
    made = change(before, after)
    old, new = partial_image(made, Side.OLD), partial_image(made, Side.NEW)

    assert old is not None
    assert new is not None
    assert old.numbers == (1, 2, 3, 4, 5, 15, 16, 17, 18, 19, 20)
    assert new.numbers == (1, 2, 3, 4, 5, 6, 16, 17, 18, 19, 20)
    assert [after.split("\n")[n - 1] for n in new.numbers] == new.text.splitlines()
    assert (old.whole, old.proven, new.whole, new.proven) == (False,) * 4


def test_a_side_that_is_no_file_has_no_image() -> None:
    lines = ["--- /dev/null", "+++ b/f", "@@ -0,0 +1 @@", "+x"]
    (made,) = parse_diff(lines).changes

    assert partial_image(made, Side.OLD) is None
    assert partial_image(made, Side.NEW) == Image(
        "f", "x\n", (1,), whole=False, proven=False
    )


# git hash-object --stdin < /dev/null, in a repository of each kind
EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
EMPTY_256 = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"


@pytest.mark.parametrize("oid", [EMPTY, EMPTY_256, EMPTY[:7], EMPTY_256[:12]])
def test_an_id_names_a_text_in_full_or_in_short(oid: str) -> None:
    assert is_blob("", oid)
    assert not is_blob("x", oid)


def test_no_id_names_nothing() -> None:
    assert not is_blob("", "")
    assert not is_blob("", "0" * 40)
