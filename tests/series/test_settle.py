# SPDX-License-Identifier: GPL-2.0-or-later
"""One order of mails, each of them once, whatever order they came in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from patchlint.model.defect import DefectKind
from patchlint.model.intake import Intake
from patchlint.pipeline import take_in
from patchlint.series.settle import settle
from tests.mails import mbox
from tests.series.threads import REVIEWER, kinds, mail, names, posting

WEEK = 7 * 24 * 60
BOX = [
    *posting(),
    *posting("v2", total=2, at=WEEK, name="v2", over="v1-0"),
    mail("Re: [PATCH 2/3] do 2", "r1", "v1-2", at=9, sender=REVIEWER),
    mail("Re: [PATCH 2/3] do 2", "r2", "r1", at=9),
    mail("[PATCH 2/3] do 2", "again", "r2", at=20),
    mail("[PATCH 2/3] do 2", "again", "r2", at=20, body="Another text."),
    mail("Re: [PATCH v2 1/2] do 1", "ring1", "ring2", at=None),
    mail("Re: [PATCH v2 1/2] do 1", "ring2", "ring1", at=None),
    mail("[PATCH v2 1/2] do 1", "loose", at=WEEK + 5),
    mail("Re: do 1", "cut", "v2-1", at=WEEK, text=mail("x", "y").decode()[-120:]),
    mail("hello", "h", at=3, text=""),
    mail("[PATCH] alone", "lone", "h", at=3, sender=REVIEWER),
]
SETTLED = take_in(BOX)


@settings(max_examples=30)
@given(st.permutations(BOX))
def test_the_order_of_mails_makes_no_difference(mails: list[bytes]) -> None:
    assert take_in(mails) == SETTLED


@settings(max_examples=30)
@given(st.permutations(BOX), st.integers(0, len(BOX)), st.integers(0, len(BOX)))
def test_the_order_of_files_and_copies_in_them_make_no_difference(
    mails: list[bytes], cut: int, more: int
) -> None:
    files = [mails[:cut], mails[cut:], mails[:more]]
    boxes = [mbox([one.decode() for one in file]) for file in files if file]

    assert take_in(boxes) == take_in(boxes[::-1])
    assert shape(take_in(boxes)) == shape(SETTLED)


@settings(max_examples=30)
@given(st.sets(st.sampled_from(range(len(BOX)))))
def test_every_mail_is_kept(numbers: set[int]) -> None:
    mails = [BOX[number] for number in sorted(numbers)]
    intake = take_in(mails)

    assert len(intake.messages) == len(mails)
    posted = [m for s in intake.postings for m in (*s.messages, *s.superseded)]
    assert len({m.message_id for m in posted}) == len(posted)
    assert all(
        len({p.position for p in s.patches}) == len(s.patches) for s in intake.postings
    )


def shape(intake: Intake) -> list[tuple[str, ...]]:
    """Return what a reading is, without the lines that joining mails changes."""
    return [
        (names(s.messages), names(s.thread), str(len(s.superseded)), *kinds(s))
        for s in intake.postings
    ]


def test_messages_come_by_date() -> None:
    assert names(take_in(BOX[::-1]).messages).split()[:6] == [
        "ring1",
        "ring2",
        "v1-0",
        "v1-1",
        "v1-2",
        "v1-3",
    ]


def test_settled_mails_stay_as_they_are() -> None:
    once = take_in(BOX).messages

    assert settle(once) == once


def test_a_copy_from_another_list_is_the_same_mail() -> None:
    mails = posting()
    rule = b"_" * 47
    copy = (
        b"Received: from elsewhere\n"
        + mails[1]
        + b"\n"
        + rule
        + b"\nlist mailing list\n"
    )

    assert take_in([*mails, copy]) == take_in([copy, *mails])
    assert len(take_in([*mails, copy]).messages) == 4


def test_mails_that_share_an_id_are_both_kept() -> None:
    mails = [*posting(), mail("[PATCH 2/3] do 2", "v1-2", "v1-0", at=9, body="New.")]
    intake = take_in(mails)
    (series,) = intake.postings

    assert len(intake.messages) == 5
    assert kinds(series) == ["series-duplicate"]
    assert series.defects[0].hides
    assert series.patches[1].message.line(series.patches[1].parts.log.start) == "New."
    marked = [m for m in intake.messages if m.defects]
    assert [m.defects[0].kind for m in marked] == [DefectKind.MAIL_ID] * 2


def test_patches_of_one_id_at_two_places_are_told_apart() -> None:
    mails = [mail(f"[PATCH {n}/2] do {n}", "same", "c", at=n) for n in (1, 2)]
    (series,) = take_in(mails).postings

    assert len({m.message_id for m in series.messages}) == 2
    assert series.missing == ()
