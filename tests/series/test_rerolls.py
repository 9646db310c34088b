# SPDX-License-Identifier: GPL-2.0-or-later
"""Postings that are sent again, in whole or in part, and mails that got lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from patchlint.mail.message import parse_message
from patchlint.model.message import Message
from patchlint.pipeline import read, take_in
from patchlint.series.thread import postings
from tests.series.threads import DIFF, REVIEWER, kinds, mail, posting, told

WEEK = 7 * 24 * 60
SIGNED = "Why.\n\nSigned-off-by: R Viewer <r@example.org>"
WHOLE = "v1: v1-0 v1-1 v1-2 v1-3"


def test_talk_belongs_to_the_posting_it_is_about() -> None:
    mails = posting() + posting("v2", at=WEEK, name="v2", over="v1-0")
    talk = [
        mail("Re: [PATCH 2/3] do 2", "r1", "v1-2", at=9, sender=REVIEWER),
        mail("Re: [PATCH 2/3] do 2", "r2", "r1", at=19),
        mail("no Re", "r3", "r2", at=29, text=""),
        mail("Re: [PATCH v2 0/3] all", "r4", "v2-0", at=WEEK + 9),
        mail("Re: something else", "r5", "nowhere", at=1),
    ]

    assert told(mails + talk) == [
        f"{WHOLE}; talk: r1 r2 r3",
        "v2: v2-0 v2-1 v2-2 v2-3; talk: r4",
    ]


@pytest.mark.parametrize("subject", ["[PATCH v1.1 2/3] do 2", "[PATCH 2/3] do it"])
@pytest.mark.parametrize("over", ["v1-0", "v1-2", "talk"])
def test_a_patch_that_is_posted_again_into_its_thread_replaces_the_old_one(
    subject: str, over: str
) -> None:
    talk = mail("Re: [PATCH 2/3] do 2", "talk", "v1-2", at=5, sender=REVIEWER)
    again = mail(subject, "new", over, at=WEEK)
    (series,) = read([*posting(), talk, again])

    assert [p.message.message_id for p in series.patches] == [
        "v1-1@x",
        "new@x",
        "v1-3@x",
    ]
    assert [m.message_id for m in series.superseded] == ["v1-2@x"]
    assert kinds(series) == ["series-duplicate"]
    assert "<new@x> is read, <v1-2@x> is not" in str(series.defects[0])


def test_a_new_version_of_one_patch_replaces_the_one_it_answers() -> None:
    mails = [*posting(), mail("[PATCH v2 2/3] do 2", "new", "v1-2", at=WEEK)]
    again = mail("[PATCH v3 2/3] do 2", "newer", "new", at=2 * WEEK)

    assert told(mails) == ["v1: v1-0 v1-1 new v1-3; not: v1-2"]
    assert told([*mails, again]) == ["v1: v1-0 v1-1 newer v1-3; not: v1-2 new"]
    assert kinds(read(mails)[0]) == ["series-duplicate", "series-mixed"]


def test_a_new_version_of_every_patch_is_a_posting() -> None:
    new = [
        mail(f"[PATCH v2 {n}/3] do {n}", f"v2-{n}", f"v1-{n}", at=WEEK)
        for n in (1, 2, 3)
    ]

    assert told([*posting(), *new]) == [WHOLE, "v2: v2-1 v2-2 v2-3"]


@pytest.mark.parametrize("prefix", ["PATCH", "PATCH RESEND"])
def test_what_is_sent_again_whole_is_a_posting(prefix: str) -> None:
    again = [
        mail(f"[{prefix} {n}/3] do {n}", f"re-{n}", "v1-0", at=WEEK) for n in (1, 2, 3)
    ]

    assert told([*posting(), *again]) == [WHOLE, "v1: re-1 re-2 re-3"]


def test_a_patch_of_somebody_else_does_not_replace_one() -> None:
    other = mail("[PATCH 2/3] do it so", "other", "v1-2", at=5, sender=REVIEWER)

    assert told([*posting(), other]) == [WHOLE, "v1: other"]


def test_late_patches_and_one_more_than_was_said_belong_to_the_posting() -> None:
    late = mail("[PATCH 3/3] do 3", "late", "v1-0", at=WEEK)
    more = mail("[PATCH 4/3] and do 4", "more", "v1-0", at=WEEK)

    assert told([*posting()[:3], late, more]) == ["v1: v1-0 v1-1 v1-2 late more"]


def test_what_is_missing_is_a_defect() -> None:
    (series,) = read(posting(total=9)[:4])

    assert kinds(series) == ["series-missing"]
    assert "of 9 patches these are not at hand: 4-9" in str(series.defects[0])
    assert series.defects[0].hides


def test_an_absurd_total_costs_nothing() -> None:
    (series,) = read([mail("[PATCH 2/99999] a", "a")])

    assert "1, 3-99999" in str(series.defects[0])
    assert len(series.missing) < 2001


@pytest.mark.parametrize("version", ["", "v2"])
def test_patches_that_count_otherwise_than_their_cover(version: str) -> None:
    wrong = [
        mail(f"[PATCH {n}/4] do {n}", f"w{n}", "v1-0", at=n / 60) for n in range(1, 5)
    ]
    (series,) = read([posting(version)[0], *wrong])

    assert [patch.position for patch in series.patches] == [1, 2, 3, 4]
    assert (series.total, series.version) == (4, 2 if version else 1)
    assert set(kinds(series)) == {"series-mixed"}


def test_one_patch_that_counts_wrongly_fills_its_place() -> None:
    mails = [*posting()[:3], mail("[PATCH 3/4] do 3", "odd", "v1-0", at=0.1)]

    assert told(mails) == ["v1: v1-0 v1-1 v1-2 odd"]


@pytest.mark.parametrize("subject", ["[PATCH] all of it", "all of it"])
@pytest.mark.parametrize("total", [1, 3])
def test_a_cover_letter_that_does_not_say_so(subject: str, total: int) -> None:
    cover = mail(subject, "c", text="")
    patches = [
        mail(f"[PATCH {n}/{total}] do {n}", f"p{n}", "c", at=n / 60)
        for n in range(1, total + 1)
    ]
    talk = mail("Re: all of it", "r", "c", at=9)
    (series,) = read([cover, *patches, talk])

    assert series.cover
    assert series.cover.message_id == "c@x"
    assert len(series.patches) == total
    assert [mail.message_id for mail in series.thread] == ["r@x"]


def test_a_report_that_a_patch_answers_is_no_cover_letter() -> None:
    report = mail("it is broken", "b", text="", sender=REVIEWER)

    assert told([report, mail("[PATCH] mend it", "p", "b", at=1)]) == ["v1: p"]


def test_a_single_patch_with_a_cover_letter() -> None:
    cover, patch = posting(total=1)

    assert told([patch, cover]) == ["v1: v1-0 v1-1"]
    unthreaded = mail("[PATCH 1/1] do 1", "p", at=0.1)
    assert told([cover, unthreaded]) == ["v1: v1-0 p"]


def test_two_lines_of_review_without_re_are_talk() -> None:
    thanks = mail("[PATCH 2/3] do 2", "t", "v1-2", at=5, text="", sender=REVIEWER)
    cover = mail("[PATCH  0/3] all", "u", "v1-0", at=5, sender=REVIEWER)

    assert told([*posting(), thanks, cover]) == [f"{WHOLE}; talk: t u"]


def test_a_notice_that_a_patch_was_applied_is_talk() -> None:
    notice = mail("[tip: x86/core] do 2", "n", "v1-2", at=WEEK, sender=REVIEWER)

    assert told([*posting(), notice]) == [f"{WHOLE}; talk: n"]
    assert told([notice]) == ["v1: n"]


def test_a_patch_of_the_sender_that_is_not_called_one_is_not_lost() -> None:
    orphan = mail("and this too", "o", "v1-0", at=1, text=DIFF)

    assert told([*posting(), orphan]) == [WHOLE, "v1: o"]


def test_a_patch_without_a_diff_is_a_defect() -> None:
    empty = mail("[PATCH 3/3] do 3", "v1-3", "v1-0", at=0.1, text="")
    (series,) = read([*posting()[:3], empty])

    assert kinds(series) == ["diff-unreadable"]
    assert str(series.defects[0]) == "patch 3 has no diff"


@pytest.mark.parametrize("mark", ["-- >8 --", "---8<---", "8<---- cut here ----"])
def test_a_patch_below_scissors_in_a_reply_is_a_posting(mark: str) -> None:
    body = f"> quoted\nLike this?\n\n{mark}\n{SIGNED}"
    reply = mail("Re: [PATCH 2/3] do 2", "s", "v1-2", at=9, text=DIFF, body=body)
    whole, own = read([*posting(), reply])

    assert [m.message_id for m in whole.thread] == ["s@x"]
    assert (own.total, own.missing, own.defects) == (1, (), ())
    patch = own.patches[0]
    assert patch.message.line(patch.parts.log.start) == "Why."
    assert len(patch.changes) == 1


@pytest.mark.parametrize(
    "body", ["-- >8 --\nWhy.", f"> said\n{SIGNED}", f"no cut\n8< \n{SIGNED}"]
)
def test_a_diff_in_a_reply_is_a_proposal(body: str) -> None:
    reply = mail("Re: [PATCH] do", "s", "p", at=9, text=DIFF, body=body)

    assert told([mail("[PATCH] do", "p"), reply]) == ["v1: p; talk: s"]


def test_mails_without_a_thread_are_joined_by_sender_time_and_count() -> None:
    def loose(name: str, at: float, sender: str) -> list[bytes]:
        return [
            mail(f"[PATCH {n}/3] do", f"{name}{n}", at=at + n / 60, sender=sender)
            for n in range(4)
        ]

    mine = loose("m", 0, "A Dev <dev@example.org>")
    yours = loose("y", 0.01, REVIEWER)
    later = loose("l", WEEK, "A Dev <dev@example.org>")

    assert told([*later[:3], *yours[1:], *mine[:2], mine[3]]) == [
        "v1: m0 m1 m3",
        "v1: y1 y2 y3",
        "v1: l0 l1 l2",
    ]


def test_a_cover_letter_and_patches_in_threads_of_their_own() -> None:
    cover, first, *others = posting()
    first = mail("[PATCH net 1/3] do 1", "v1-1", at=0.1)
    others = [
        mail(f"[PATCH net {n}/3] do", f"v1-{n}", "v1-1", at=n / 10) for n in (2, 3)
    ]

    assert told([cover, first, *others]) == [WHOLE]


def test_a_cover_letter_that_went_out_alone_before() -> None:
    alone = mail("[PATCH 0/3] all", "alone", at=-5)

    assert told([alone, *posting()]) == [f"{WHOLE}; not: alone"]


def test_a_patch_whose_parent_is_unknown_finds_the_posting_by_time() -> None:
    lost = mail("[PATCH 3/3] do 3", "v1-3", "lost", at=0.05)

    assert told([*posting()[:3], lost]) == [WHOLE]


def test_references_stand_in_for_a_parent_that_is_not_named() -> None:
    late = mail("[PATCH 3/3] do 3", "v1-3", at=WEEK, references=["older", "v1-0"])

    assert told([*posting()[:3], late]) == [WHOLE]


def test_mails_without_dates_are_joined_too() -> None:
    mails = [mail(f"[PATCH {n}/3] do", f"u{n}", at=None) for n in range(4)]

    assert told(mails) == ["v1: u0 u1 u2 u3"]


def test_rings_of_talk_and_of_patches_end() -> None:
    ring = [
        mail("Re: [PATCH 1/3] a", "r1", "r2", at=3),
        mail("Re: [PATCH 1/3] a", "r2", "r1", at=4),
        mail("Re: [PATCH 1/3] a", "r3", "r3", at=5),
        mail("[PATCH 1/2] a", "a", "b", at=6),
        mail("[PATCH 2/2] b", "b", "a", at=7),
    ]

    assert told(ring) == ["v1: a b"]
    assert len(take_in(ring).messages) == 5


SIZE = 10_000


def many(parent: Callable[[int], int], subject: str) -> list[Message]:
    """Return mails that differ in place only; ``parent`` says what each one answers."""
    alike = parse_message(mail(subject, "0"))
    return [
        replace(
            alike,
            message_id=f"{n}@x",
            in_reply_to=f"{parent(n)}@x",
            subject=replace(alike.subject, position=n % (alike.subject.total + 1)),
        )
        for n in range(SIZE)
    ]


@pytest.mark.parametrize(
    "parent",
    [lambda n: n - 1, lambda _: 0, lambda n: (n - 1) % SIZE, lambda _: -5],
    ids=["chain", "star", "ring", "orphans"],
)
def test_ten_thousand_mails_in_one_thread(parent: Callable[[int], int]) -> None:
    patches = postings(many(parent, f"[PATCH 1/{SIZE - 1}] a"))
    talk = postings(many(parent, "Re: [PATCH 1/2] a"))
    again = postings(many(parent, "[PATCH 1/1] a"))

    assert [len(found.patches) for found in patches] == [SIZE - 1]
    assert talk == ()
    assert (
        sum(len(f.patches) + len(f.superseded) + (f.cover is not None) for f in again)
        == SIZE
    )
    assert all(len(found.defects) < 50 for found in again)
