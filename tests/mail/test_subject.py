# SPDX-License-Identifier: GPL-2.0-or-later
"""Subjects are taken apart as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.subject import parse_subject
from patchlint.model.message import Subject


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("net: foo: fix", Subject("net: foo: fix", 7)),
        ("[PATCH] a: b", Subject("a: b", 7, ("PATCH",))),
        ("[PATCH 2/7] a: b", Subject("a: b", 7, ("PATCH",), 1, 2, 7)),
        ("[PATCH v3 02/13] a: b", Subject("a: b", 7, ("PATCH",), 3, 2, 13)),
        ("[PATCH V2] a: b", Subject("a: b", 7, ("PATCH",), 2)),
        ("[PATCHv2 1/2] a: b", Subject("a: b", 7, ("PATCH",), 2, 1, 2)),
        ("[PATCHv2.1] a: b", Subject("a: b", 7, ("PATCH",), 2)),
        ("[PATCH v3.1 1/2] a: b", Subject("a: b", 7, ("PATCH",), 3, 1, 2)),
        ("[PATCH v4, 0/2] a", Subject("a", 7, ("PATCH",), 4, 0, 2)),
        ("[RFC PATCH 0/4] a: b", Subject("a: b", 7, ("RFC", "PATCH"), 1, 0, 4)),
        (
            "[PATCH net-next v3 2/7] net: foo",
            Subject("net: foo", 7, ("PATCH", "net-next"), 3, 2, 7),
        ),
        (
            "[Intel-wired-lan] [PATCH v2 04/13] ice: x",
            Subject("ice: x", 7, ("Intel-wired-lan", "PATCH"), 2, 4, 13),
        ),
        ("[PATCH 1/2 RESEND] a", Subject("a", 7, ("PATCH", "RESEND"), 1, 1, 2)),
        ("[PATCH 1/2]a: b", Subject("a: b", 7, ("PATCH",), 1, 1, 2)),
        ("[PATCH,v2] a", Subject("a", 7, ("PATCH",), 2)),
        ("[PATCH 2/3 v3] a", Subject("a", 7, ("PATCH",), 3, 2, 3)),
        ("[PATCH v3.1 2/3] a", Subject("a", 7, ("PATCH",), 3, 2, 3)),
        ("[patch V2 03/7] a", Subject("a", 7, ("patch",), 2, 3, 7)),
        ("[PATCH -v2 3/7] a", Subject("a", 7, ("PATCH",), 2, 3, 7)),
        ("[PATCH-v2 3/7] a", Subject("a", 7, ("PATCH",), 2, 3, 7)),
        ("[PATCH v2: 3/7] a", Subject("a", 7, ("PATCH",), 2, 3, 7)),
        ("[PATCH3/7] a", Subject("a", 7, ("PATCH",), 1, 3, 7)),
        ("[PATCH 1 of 2] a", Subject("a", 7, ("PATCH",), 1, 1, 2)),
        ("[v2,3/7] a", Subject("a", 7, (), 2, 3, 7)),
        ("[RFC/PATCH 3/7] a", Subject("a", 7, ("RFC", "PATCH"), 1, 3, 7)),
        ("[PATCH 4.19 3/7] a", Subject("a", 7, ("PATCH", "4.19"), 1, 3, 7)),
        ("[PATCH 6.1/6.6] a", Subject("a", 7, ("PATCH", "6.1/6.6"))),
        (
            "[PATCH RESEND net-next v2 2/7] a",
            Subject("a", 7, ("PATCH", "RESEND", "net-next"), 2, 2, 7),
        ),
        ("[PATCH]: a: b", Subject("a: b", 7, ("PATCH",))),
        (": a", Subject("a", 7)),
        ("[PATCH a", Subject("[PATCH a", 7)),
        ("", Subject("", 7)),
    ],
)
def test_subject_is_taken_apart(raw: str, subject: Subject) -> None:
    assert parse_subject(raw, 7) == subject


@pytest.mark.parametrize(
    "raw",
    [
        "Re: [PATCH 1/2] a",
        "RE: re:  [PATCH 1/2] a",
        "[list] Re: [PATCH 1/2] a",
        "Re: [EXT] : Re: [PATCH 1/2] a",
        "回复: [PATCH 1/2] a",
        "回复\uff1a[PATCH 1/2] a",
        "答复: AW: [PATCH 1/2] a",
        "Re[2]: [PATCH 1/2] a",
        "Fwd: [PATCH 1/2] a",
        "[PATCH 1/2] a (fwd)",
    ],
)
def test_an_answer_is_told_from_a_patch(raw: str) -> None:
    subject = parse_subject(raw)

    assert subject.reply
    assert (subject.text, subject.position, subject.total) == ("a", 1, 2)


def test_brackets_within_the_text_stay() -> None:
    assert parse_subject("[PATCH] a: drop x[0/1]").text == "a: drop x[0/1]"


def test_a_word_that_begins_like_an_answer_is_none() -> None:
    assert not parse_subject("[PATCH] regulator: fix").reply
    assert not parse_subject("review: drop").reply


@given(st.text())
def test_no_text_is_refused(raw: str) -> None:
    subject = parse_subject(raw)

    assert subject.text == subject.text.strip()


@given(
    version=st.integers(1, 99),
    position=st.integers(0, 999),
    total=st.integers(1, 999),
    word=st.sampled_from(["net", "bpf-next", "RFC", "RESEND"]),
)
def test_numbers_read_back_as_git_writes_them(
    version: int, position: int, total: int, word: str
) -> None:
    width = len(str(total))
    raw = f"[{word} PATCH v{version} {position:0{width}}/{total}] area: text"

    assert parse_subject(raw, 1) == Subject(
        "area: text", 1, (word, "PATCH"), version, position, total
    )
