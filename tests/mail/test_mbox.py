# SPDX-License-Identifier: GPL-2.0-or-later
"""Mailboxes are cut where mails begin, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.mbox import split_mbox

MARK = b"From 0123456789 Mon Sep 17 00:00:00 2001\n"
ONE = b"From: a@b.c\nSubject: one\n\nbody\n"
TWO = b"Subject: two\n\nmore\n"

# Lines that a mail may well hold, and that look like the start of another.
LINES = st.sampled_from(
    [b"", b"text", b"From now on", b"From: x", b">From x", b"diff --git a/f b/f", b"\r"]
)


def test_each_mark_begins_a_mail() -> None:
    assert split_mbox(MARK + ONE + b"\n" + MARK + TWO) == (ONE, TWO)


def test_a_text_without_a_mark_is_one_mail() -> None:
    assert split_mbox(ONE) == (ONE,)


def test_a_mark_quoted_in_a_text_without_a_mark_does_not_cut_it() -> None:
    quoting = ONE + b"\n" + MARK + TWO

    assert split_mbox(quoting) == (quoting,)


@pytest.mark.parametrize(
    "line",
    [
        b"From now on, 12:00:00 is noon, as in 2001, and\n",
        b"From here\n",
        b"From 0123456789 Mon Sep 17 00:00:00 2001\nnot a header field\n",
        b">" + MARK + b"Subject: quoted\n",
        b" " + MARK + b"Subject: indented\n",
        b"+" + MARK + b"Subject: in a diff\n",
    ],
)
def test_a_line_that_only_looks_like_a_mark_does_not_cut(line: bytes) -> None:
    mail = ONE + b"\n" + line

    assert split_mbox(MARK + mail) == (mail,)


def test_a_mark_needs_an_empty_line_before_it() -> None:
    mail = ONE + MARK + TWO

    assert split_mbox(MARK + mail) == (mail,)


def test_a_mark_of_format_patch_needs_no_empty_line() -> None:
    mark = b"From " + b"0123456789" * 4 + b" Mon Sep 17 00:00:00 2001\n"

    assert split_mbox(mark + ONE + mark + TWO) == (ONE, TWO)


def test_blank_lines_before_the_first_mark_are_passed_over() -> None:
    assert split_mbox(b"\n\r\n\n" + MARK + ONE) == (ONE,)


def test_blank_lines_before_a_single_mail_are_passed_over() -> None:
    assert split_mbox(b"\n\n" + ONE) == (ONE,)


@pytest.mark.parametrize("raw", [b"", b"\n", b"\r\n\r\n", b" \n\t\n"])
def test_nothing_but_blanks_is_no_mail(raw: bytes) -> None:
    assert split_mbox(raw) == ()


def test_a_single_mail_may_begin_with_a_from_line_without_a_date() -> None:
    assert split_mbox(b"From someone\n" + ONE) == (ONE,)


def test_marks_with_carriage_returns_cut_too() -> None:
    box = (MARK + ONE + b"\n" + MARK + TWO).replace(b"\n", b"\r\n")
    one, two = split_mbox(box)

    assert one.replace(b"\r\n", b"\n") == ONE
    assert two.replace(b"\r\n", b"\n") == TWO


@pytest.mark.parametrize("who", [b"mboxrd@z", b"mboxrd"])
def test_mboxrd_loses_one_quote_mark(who: bytes) -> None:
    mark = b"From " + who + b" Thu Jan  1 00:00:00 1970\n"
    (mail,) = split_mbox(mark + ONE + b">From x\n>>From y\n >From z\n>Frame\n")

    assert mail == ONE + b"From x\n>From y\n >From z\n>Frame\n"


def test_other_boxes_keep_their_quote_marks() -> None:
    (mail,) = split_mbox(MARK + ONE + b">From x\n>>From y\n")

    assert mail == ONE + b">From x\n>>From y\n"


@given(st.lists(st.lists(LINES), min_size=1, max_size=4))
def test_split_undoes_join(bodies: list[list[bytes]]) -> None:
    mails = [b"Subject: x\n\n" + b"".join(b"%s\n" % ln for ln in b) for b in bodies]

    assert split_mbox(b"".join(MARK + mail + b"\n" for mail in mails)) == tuple(mails)


@given(st.lists(st.one_of(LINES, st.just(MARK[:-1]), st.binary(max_size=9))))
def test_no_line_is_lost_but_marks_and_blanks(lines: list[bytes]) -> None:
    raw = b"\n".join(lines)

    assert content(b"\n".join(split_mbox(raw))) == content(raw)


def content(raw: bytes) -> list[bytes]:
    """Return the lines that are neither blank nor could be a mark."""
    lines = [line.strip(b"\r") for line in raw.split(b"\n")]
    return [
        line
        for line in lines
        if line.strip() and not line.lstrip(b">").startswith(b"From ")
    ]


def test_files_of_b4_are_joined_as_they_are() -> None:
    """The cover letter ends with a name, and the next file begins in the next line."""
    cover = b"From nobody Mon Nov 23 01:03:09 2026\n" + ONE + b"-- \nA Dev <a@b.c>\n"
    mark = b"From " + b"0123456789" * 4 + b" Mon Sep 17 00:00:00 2001\n"

    assert split_mbox(cover + mark + TWO) == (cover.partition(b"\n")[2], TWO)
