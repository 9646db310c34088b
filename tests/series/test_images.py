# SPDX-License-Identifier: GPL-2.0-or-later
"""Images are had from the best source there is, and never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from patchlint.model.image import Image
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import Images, NoSource, stack
from tests.mails import Blobs, Files, diff, patch_mail

ONE = "".join(f"{n}\n" for n in range(1, 31))
TWO = ONE.replace("15\n", "changed\n")
THREE = TWO.replace("3\n", "third\n", 1)
BASE = "0123456789" * 4
NO_IDS = re.compile(r"^index .*\n", re.MULTILINE)


class Commits:
    """A repository that knows files of commits, but no blob by its id."""

    def __init__(self, commits: Mapping[str, Files]) -> None:
        self._commits = commits

    def blob(self, oid: str) -> str | None:  # noqa: ARG002
        return None

    def file(self, commit: str, path: str) -> str | None:
        return self._commits.get(commit, {}).get(path)


def series(*diffs: str, base: str = "") -> Series:
    """Return a series with a patch for each diff."""
    total = len(diffs)
    tail = f"base-commit: {base}\n" if base else ""
    mails = [
        patch_mail("Why.", text, f"[PATCH {n}/{total}] a", Message_ID=f"<{n}@x>") + tail
        for n, text in enumerate(diffs, 1)
    ]
    (made,) = read([mail.encode() for mail in mails])
    return made


def steps(*trees: Files) -> list[str]:
    return [diff(old, new) for old, new in pairwise(trees)]


def only(rows: tuple[tuple[Images, ...], ...]) -> list[Images]:
    """Return the one change of each patch."""
    assert all(len(row) == 1 for row in rows)
    return [row[0] for row in rows]


def whole(path: str, text: str, *, proven: bool = True) -> Image:
    numbers = tuple(range(1, text.count("\n") + 1))
    return Image(path, text, numbers, whole=True, proven=proven)


def known(images: Sequence[Images]) -> list[tuple[bool, bool]]:
    """Say of each change whether its images are whole."""
    return [(bool(i.old and i.old.whole), bool(i.new and i.new.whole)) for i in images]


def test_the_image_before_is_the_blob_the_mail_names_in_short() -> None:
    (images,) = only(stack(series(diff({"f": ONE}, {"f": TWO})), Blobs({}, {"f": ONE})))

    assert (images.old, images.new) == (whole("f", ONE), whole("f", TWO))


def test_the_blob_is_found_under_another_name() -> None:
    (images,) = only(stack(series(diff({"f": ONE}, {"f": TWO})), Blobs({}, {"x": ONE})))

    assert images.old == whole("f", ONE)


def test_the_image_before_is_the_file_of_the_base_commit() -> None:
    made = series(diff({"f": ONE}, {"f": TWO}), base=BASE)
    (images,) = only(stack(made, Commits({BASE: {"f": ONE}, "HEAD": {"f": TWO}})))

    assert (images.old, images.new) == (whole("f", ONE), whole("f", TWO))


def test_the_image_before_is_the_file_of_head_if_the_hunks_apply() -> None:
    made = series(NO_IDS.sub("", diff({"f": ONE}, {"f": TWO})))
    (images,) = only(stack(made, Commits({"HEAD": {"f": ONE}})))

    assert images.old == whole("f", ONE, proven=False)
    assert images.new == whole("f", TWO, proven=False)


def test_a_file_of_head_that_is_longer_by_a_line_elsewhere_is_not_proven() -> None:
    made = series(diff({"f": ONE}, {"f": TWO}))
    (images,) = only(stack(made, Commits({"HEAD": {"f": f"{ONE}31\n"}})))

    assert images.old == whole("f", f"{ONE}31\n", proven=False)
    assert images.new == whole("f", f"{TWO}31\n", proven=False)


def test_a_file_of_head_whose_lines_differ_is_not_used() -> None:
    made = series(diff({"f": ONE}, {"f": TWO}))
    source = Commits({"HEAD": {"f": f"0\n{ONE}"}})

    assert known(only(stack(made, source))) == [(False, False)]


@pytest.mark.parametrize("ids", [True, False])
def test_the_image_after_a_patch_is_the_one_before_the_next(*, ids: bool) -> None:
    diffs = steps({"f": ONE}, {"f": TWO}, {"f": THREE})
    made = series(*(text if ids else NO_IDS.sub("", text) for text in diffs))
    first, second = only(stack(made, Blobs({"f": ONE})))

    assert first.new == second.old == whole("f", TWO, proven=ids)
    assert second.new == whole("f", THREE, proven=ids)


def test_a_file_of_head_is_not_used_where_the_series_has_a_newer_one() -> None:
    diffs = [NO_IDS.sub("", d) for d in steps({"f": ONE}, {"f": TWO}, {"f": ONE})]
    _, second = only(stack(series(*diffs), Commits({"HEAD": {"f": ONE}})))

    assert second.old == whole("f", TWO, proven=False)


def test_a_file_that_the_series_left_unknown_is_not_guessed() -> None:
    other = diff({"f": ONE.replace("15", "other")}, {"f": TWO})
    made = series(NO_IDS.sub("", other), diff({"f": THREE}, {"f": TWO}))
    found = only(stack(made, Commits({"HEAD": {"f": THREE}})))

    assert known(found) == [(False, False), (False, False)]


RENAME = """\
diff --git a/f b/g
similarity index 100%
rename from f
rename to g
"""


def test_images_are_fed_over_a_rename() -> None:
    diffs = [*steps({"f": ONE}, {"f": TWO}), RENAME, *steps({"g": TWO}, {"g": THREE})]
    _, rename, last = only(stack(series(*diffs), Blobs({"f": ONE})))

    assert (rename.old, rename.new) == (
        whole("f", TWO, proven=False),
        whole("g", TWO, proven=False),
    )
    assert (last.old, last.new) == (whole("g", TWO), whole("g", THREE))


def test_a_rename_alone_proves_nothing_of_head() -> None:
    (images,) = only(stack(series(RENAME), Commits({"HEAD": {"f": ONE}})))

    assert known([images]) == [(False, False)]


def test_the_source_of_a_copy_stays_known() -> None:
    copy = RENAME.replace("rename", "copy")
    diffs = [*steps({"f": ONE}, {"f": TWO}), copy, *steps({"f": TWO}, {"f": THREE})]
    _, copied, last = only(stack(series(*diffs), Blobs({"f": ONE})))

    assert copied.new == whole("g", TWO, proven=False)
    assert (last.old, last.new) == (whole("f", TWO), whole("f", THREE))


def test_images_are_fed_over_a_delete() -> None:
    diffs = steps({"f": ONE}, {"f": TWO}, {}, {"f": THREE})
    _, gone, back = only(stack(series(*diffs), Blobs({"f": ONE})))

    assert (gone.old, gone.new) == (whole("f", TWO), None)
    assert (back.old, back.new) == (None, whole("f", THREE))


def test_a_new_file_needs_no_source() -> None:
    diffs = steps({}, {"f": ONE}, {"f": TWO})
    first, second = only(stack(series(*diffs), NoSource()))

    assert (first.old, first.new) == (None, whole("f", ONE))
    assert (second.old, second.new) == (whole("f", ONE), whole("f", TWO))


def test_without_a_source_there_are_only_hunks() -> None:
    made = series(diff({"f": ONE}, {"f": TWO}))
    (images,) = only(stack(made, NoSource()))

    assert images.old == Image(
        "f",
        "12\n13\n14\n15\n16\n17\n18\n",
        tuple(range(12, 19)),
        whole=False,
        proven=False,
    )
    assert images.new is not None
    assert images.new.text == "12\n13\n14\nchanged\n16\n17\n18\n"


def test_a_wrong_image_after_is_not_proven() -> None:
    made = series(diff({"f": ONE}, {"f": TWO}).replace("+changed", "+forged"))
    (images,) = only(stack(made, Blobs({"f": ONE})))

    assert images.old == whole("f", ONE)
    assert images.new is not None
    assert (images.new.whole, images.new.proven) == (True, False)


def test_what_is_fed_is_not_proven_where_the_next_patch_names_another() -> None:
    first, second = steps({"f": ONE}, {"f": TWO}, {"f": THREE})
    made = series(first.replace("+changed", "+forged"), second)
    _, images = only(stack(made, Blobs({"f": ONE})))

    assert images.old == whole("f", TWO.replace("changed", "forged"), proven=False)


def test_what_is_fed_is_not_proven_behind_a_patch_that_is_missing() -> None:
    diffs = steps({"f": ONE}, {"f": TWO}, {"f": THREE}, {"f": f"{THREE}end\n"})
    _, images = only(stack(series(diffs[0], diffs[2]), Blobs({"f": ONE})))

    assert images.old == whole("f", TWO, proven=False)


def test_nothing_is_fed_where_the_hunks_do_not_apply() -> None:
    diffs = steps({"f": ONE}, {"f": f"0\n{ONE}"}, {"f": ONE}, {"f": TWO})
    made = series(diffs[0], diffs[2])
    found = only(stack(made, Commits({"HEAD": {"f": ONE}})))

    assert known(found) == [(True, True), (False, False)]


# git hash-object --stdin in a repository of that kind, of "a\n" and of "b\n"
A_256 = "f8625e43f9e04f24291f77cdbe4c71b3c2a3b0003f60419b3ed06a058d766c8b"
B_256 = "9b69d308c97f2c5933fdd0e8ce04acce91c09cb969e36a1f86756fc5a5d3323a"


@pytest.mark.parametrize("length", [12, 64])
def test_ids_of_sha_256_prove_in_full_and_in_short(length: int) -> None:
    text = diff({"f": "a\n"}, {"f": "b\n"})
    index = f"index {A_256[:length]}..{B_256[:length]} 100644\n"
    made = series(NO_IDS.sub(index, text))
    (images,) = only(stack(made, Commits({"HEAD": {"f": "a\n"}})))

    assert (images.old, images.new) == (whole("f", "a\n"), whole("f", "b\n"))


def test_a_binary_file_has_no_text() -> None:
    text = "diff --git a/f b/f\nindex 0123456..789abcd 100644\n"
    text += "Binary files a/f and b/f differ\n"
    (images,) = only(stack(series(text), Commits({"HEAD": {"f": "x\n"}})))

    assert known([images]) == [(False, False)]


def test_two_files_of_a_patch_are_kept_apart() -> None:
    made = series(diff({"f": ONE, "g": TWO}, {"f": TWO, "g": THREE}))
    ((first, second),) = stack(made, Blobs({"f": ONE, "g": TWO}))

    assert (first.new, second.new) == (whole("f", TWO), whole("g", THREE))


def test_an_image_says_where_it_is_from() -> None:
    one, two, three = {"a.c": ONE}, {"a.c": TWO}, {"a.c": THREE}
    moved = series(*steps(one, two, three))
    bare = series(NO_IDS.sub("", diff(one, two)), base=BASE)
    fresh = series(diff({}, {"a.c": "int a;\n"}))

    assert [row.origin for row in only(stack(moved, Blobs(one)))] == ["blob", "patch"]
    assert [row.origin for row in only(stack(moved, NoSource()))] == ["hunks"] * 2
    for commit, origin in ((BASE, "base-commit"), ("HEAD", "HEAD")):
        (row,) = only(stack(bare, Commits({commit: one})))
        assert row.origin == origin
    (row,) = only(stack(fresh, NoSource()))
    assert row.origin == "nothing"
