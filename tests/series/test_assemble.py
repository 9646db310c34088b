# SPDX-License-Identifier: GPL-2.0-or-later
"""Mails become series: who belongs together, in which order, what is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.message import parse_message
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.assemble import assemble
from tests.mails import diff, mbox, patch_mail

DIFF = diff({"f": "a\n"}, {"f": "b\n"})


def mail(subject: str, name: str, parent: str = "", text: str = DIFF) -> str:
    """Return a mail with an id, perhaps under another."""
    headers = {"Message_ID": f"<{name}@x>"}
    if parent:
        headers["In_Reply_To"] = f"<{parent}@x>"
    return patch_mail("Why.", text, subject, **headers)


def threaded(version: int, total: int, *, cover: bool, above: str = "") -> list[str]:
    """Return a posting as git format-patch --thread makes it."""
    top = f"v{version}-{0 if cover else 1}"
    names = [f"v{version}-{n}" for n in range(0 if cover else 1, total + 1)]
    return [
        mail(
            f"[PATCH v{version} {name.split('-')[1]}/{total}] a: b",
            name,
            above if name == top else top,
            "" if name.endswith("-0") else DIFF,
        )
        for name in names
    ]


def shape(series: Series) -> tuple[int, bool, list[int]]:
    positions = [patch.position for patch in series.patches]
    return series.version, series.cover is not None, positions


def shapes(mails: list[str]) -> list[tuple[int, bool, list[int]]]:
    return [shape(series) for series in read([mbox(mails)])]


def test_cover_replies_and_patches_are_told_apart() -> None:
    mails = threaded(1, 2, cover=True)
    mails.insert(1, mail("Re: [PATCH v1 0/2] a: b", "r0", "v1-0", ""))
    mails.append(mail("Re: [PATCH v1 1/2] a: b", "r1", "v1-1"))
    mails.append(mail("a question", "r2", "v1-1", ""))
    (series,) = read([mbox(mails)])

    assert shape(series) == (1, True, [1, 2])
    assert series.head.message_id == "v1-0@x"
    assert [message.message_id for message in series.messages] == [
        f"v1-{n}@x" for n in range(3)
    ]


@given(st.permutations(range(12)))
def test_patches_stand_in_the_order_of_their_numbers(order: list[int]) -> None:
    mails = threaded(1, 11, cover=True)

    assert shapes([mails[n] for n in order]) == [(1, True, list(range(1, 12)))]


def test_missing_patches_are_named() -> None:
    mails = threaded(1, 4, cover=True)
    (series,) = read([mbox([mails[0], mails[2], mails[4]])])

    assert (series.total, series.missing) == (4, (1, 3))


def test_versions_in_one_box_are_separate_series() -> None:
    mails = threaded(1, 2, cover=True) + threaded(2, 3, cover=True, above="v1-0")

    assert shapes(mails) == [(1, True, [1, 2]), (2, True, [1, 2, 3])]


def test_patches_that_answer_the_cover_of_an_older_version_are_their_own() -> None:
    old = threaded(1, 2, cover=True)
    new = [mail(f"[PATCH v2 {n}/2] a: b", f"n{n}", "v1-0") for n in (1, 2)]

    assert shapes(old + new) == [(1, True, [1, 2]), (2, False, [1, 2])]


def test_two_authors_threads_of_one_shape_are_separate() -> None:
    mine = [mail(f"[PATCH {n}/2] a", f"m{n}", "m0", DIFF) for n in (1, 2)]
    yours = [mail(f"[PATCH {n}/2] a", f"y{n}", "y0", DIFF) for n in (1, 2)]

    assert shapes([mine[0], yours[0], yours[1], mine[1]]) == [
        (1, False, [1, 2]),
        (1, False, [1, 2]),
    ]


@pytest.mark.parametrize("cover", [True, False])
def test_patches_that_answer_the_first_patch_belong_to_it(*, cover: bool) -> None:
    assert shapes(threaded(3, 3, cover=cover)) == [(3, cover, [1, 2, 3])]


def test_a_thread_whose_cover_is_missing_is_one_series() -> None:
    assert shapes(threaded(1, 3, cover=True)[1:]) == [(1, False, [1, 2, 3])]


def test_a_folder_of_unthreaded_patches_is_one_series() -> None:
    mails = [mail(f"[PATCH {n}/3] a: b", f"u{n}") for n in (1, 2, 3)]
    cover = mail("[PATCH 0/3] a", "u0", "", "")

    assert shapes([*mails, cover]) == [(1, True, [1, 2, 3])]


def test_unthreaded_series_of_one_shape_are_told_by_a_position_that_comes_again() -> (
    None
):
    mails = [mail(f"[PATCH {n}/2] a", f"{s}{n}") for s in "st" for n in (1, 2)]

    assert shapes(mails) == [(1, False, [1, 2]), (1, False, [1, 2])]


def test_the_order_of_prefixes_does_not_matter() -> None:
    mails = [mail("[RFC PATCH 0/1] a", "p0", "", ""), mail("[PATCH RFC 1/1] a", "p1")]
    many = [mail("[PATCH net 1/2] a", "q1"), mail("[net PATCH 2/2] a", "q2")]

    assert shapes(many) == [(1, False, [1, 2])]
    assert len(shapes(mails)) == 2  # a patch that counts 1/1 is on its own


def deep(total: int, *, references: bool) -> list[str]:
    """Return a posting in which every mail answers the one before it."""
    mails = []
    for n in range(total + 1):
        above = " ".join(f"<d{k}@x>" for k in range(n)) if references else ""
        text = DIFF if n else ""
        made = mail(f"[PATCH {n}/{total}] a", f"d{n}", f"d{n - 1}" if n else "", text)
        mails.append(f"References: {above}\n{made}" if above else made)
    return mails


@pytest.mark.parametrize("total", [3, 250])
def test_a_deep_thread_is_one_series(total: int) -> None:
    mails = deep(total, references=False)

    assert shapes(mails) == [(1, True, list(range(1, total + 1)))]
    assert shapes(mails[::-1]) == shapes(mails)


def test_a_gap_in_a_deep_thread_is_bridged_by_the_references() -> None:
    mails = deep(5, references=True)

    assert shapes(mails[:2] + mails[4:]) == [(1, True, [1, 4, 5])]


def test_mails_that_answer_each_other_are_one_series() -> None:
    ring = [mail("[PATCH 1/2] a", "one", "two"), mail("[PATCH 2/2] a", "two", "one")]

    assert shapes(ring) == [(1, False, [1, 2])]


def test_a_mail_that_comes_twice_counts_once() -> None:
    mails = threaded(1, 2, cover=True)

    assert read([mbox([*mails, mails[1]]), mbox(mails)]) == read([mbox(mails)])


def test_a_cover_that_answers_a_cover_begins_a_series() -> None:
    mails = threaded(1, 1, cover=True)
    again = [
        mail("[PATCH RESEND 0/1] a", "c", "v1-0", ""),
        mail("[PATCH 1/1] a", "d", "c"),
    ]

    assert shapes(mails + again) == [(1, True, [1]), (1, True, [1])]


def test_single_patches_are_their_own_series() -> None:
    mails = [mail("[PATCH] a", "a"), mail("[PATCH] b", "b", "a"), mail("c", "c")]

    assert [s.head.message_id for s in read([mbox(mails)])] == ["a@x", "b@x", "c@x"]


def test_mails_without_a_patch_make_no_series() -> None:
    assert shapes([mail("hello", "h", "", ""), mail("Re: [PATCH] a", "r", "h")]) == []


def calls(run: Callable[[], object]) -> int:
    """Return how many functions of Python a run calls."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "subject", ["[PATCH] a: b", "[PATCH 1/2] a: b", "[PATCH v2 {n}/5000] a: b"]
)
@pytest.mark.parametrize("chained", [False, True])
def test_grouping_takes_linear_work(subject: str, *, chained: bool) -> None:
    mails = [
        parse_message(
            mail(subject.format(n=n), str(n), str(n - 1) if chained else "").encode()
        )
        for n in range(1, 1001)
    ]
    half, whole = (calls(partial(assemble, mails[:k])) for k in (500, 1000))

    assert whole < 2.1 * half


def test_a_broken_diff_is_a_defect_and_the_patch_is_kept() -> None:
    torn = DIFF.replace("-a\n", "a\n")
    (series,) = read([mail("[PATCH] a", "t", "", torn).encode()])

    (change,) = series.patches[0].changes
    assert (change.path, change.hunks, change.incomplete) == ("f", (), True)
    assert [defect.line for defect in series.patches[0].defects] == [13]


@pytest.mark.parametrize("oid", ["0123456789" * 4, "0123456789abcdef" * 4])
def test_the_base_is_the_commit_a_mail_names(oid: str) -> None:
    mails = threaded(1, 2, cover=True)
    mails[0] += f"base-commit: {oid}\n"

    assert read([mbox(mails)])[0].base_commit == oid


def test_a_base_that_is_no_full_id_is_none() -> None:
    (series,) = assemble(
        [parse_message(f"{mail('[PATCH] a', 'a')}base-commit: v6.1\n".encode())]
    )

    assert series.base_commit == ""
