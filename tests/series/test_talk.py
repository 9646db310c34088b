# SPDX-License-Identifier: GPL-2.0-or-later
"""What people said is found at the lines they quoted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchlint.model.remark import Remark, RemarkKind, Talk
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.fit import fit
from patchlint.series.run import key, text
from patchlint.series.talk import talk
from tests.mails import diff
from tests.series.threads import REVIEWER, mail, posting

BEFORE = """\
int ring_count(struct ring *ring)
{
	int count = 0;

	mutex_lock(&ring->lock);
	count = ring->count;
	mutex_unlock(&ring->lock);

	return count;
}
"""
AFTER = """\
int ring_count(struct ring *ring)
{
	int count;

	spin_lock(&ring->lock);
	count = ring->head - ring->tail;
	spin_unlock(&ring->lock);

	return count;
}

int ring_space(struct ring *ring)
{
	int space;

	spin_lock(&ring->lock);
	space = ring->size - (ring->head - ring->tail) - RING_RESERVED_FOR_FLUSH;
	spin_unlock(&ring->lock);

	return space;
}
"""
LOG = """\
Count the entries of a ring by its ends, since a count of its own gets out
of step with them when an entry is dropped while the ring is being flushed.

Nobody sleeps with the lock held, so that it becomes a spin lock.

Signed-off-by: A Dev <dev@example.org>"""
PATCH = mail(
    "[PATCH] ring: Count the entries by the ends of the ring",
    "p",
    body=LOG,
    text=diff({"kernel/ring.c": BEFORE}, {"kernel/ring.c": AFTER}),
)


def reply(body: str, name: str = "r", parent: str = "p", **more: str) -> bytes:
    sender = more.get("sender", REVIEWER)
    subject = "Re: [PATCH] ring: Count the entries by the ends of the ring"
    return mail(subject, name, parent, at=5, sender=sender, body=body)


def read_one(*mails: bytes) -> Series:
    (series,) = read(mails)
    return series


def said(*bodies: str) -> Talk:
    replies = [reply(body, f"r{n}") for n, body in enumerate(bodies)]
    return talk(read_one(PATCH, *replies))


MESSAGE = read_one(PATCH).messages[0]


def quoted(remark: Remark) -> str:
    """Return the line a remark stands at."""
    return MESSAGE.line(remark.line).strip() if remark.line else ""


def one(body: str) -> Remark:
    (remark,) = said(body).remarks
    return remark


def test_a_remark_stands_at_the_line_above_it() -> None:
    remark = one(
        "On Tue, 2 Jan 2024, A Dev wrote:\n"
        "> -\tmutex_lock(&ring->lock);\n"
        "> -\tcount = ring->count;\n"
        "> -\tmutex_unlock(&ring->lock);\n"
        "> +\tspin_lock(&ring->lock);\n"
        "\n"
        "Is it ever taken in an interrupt?\n"
        "\n"
        "> +\tcount = ring->head - ring->tail;\n"
    )
    assert quoted(remark) == "+\tspin_lock(&ring->lock);"
    assert remark.where is not None
    assert (remark.where.path, remark.where.span.line) == ("kernel/ring.c", 5)
    assert remark.kind is RemarkKind.QUESTION
    assert remark.text == ("Is it ever taken in an interrupt?",)


def test_of_equal_lines_the_one_beside_the_others_is_meant() -> None:
    remark = one("> +\tint space;\n> +\n> +\tspin_lock(&ring->lock);\n\nHere too.\n")
    assert remark.where is not None
    assert remark.where.span.line == 16


@pytest.mark.parametrize("mark", ["> ", ">", ">> ", "> > ", " > ", "AD> ", "| "])
def test_marks_of_all_kinds(mark: str) -> None:
    lines = LOG.split("\n")[:2]
    body = "".join(f"{mark}{line}\n" for line in lines)
    remark = one(f"{body}\nOut of step with what?\n")
    assert quoted(remark) == lines[1]
    assert remark.text == ("Out of step with what?",)


def test_a_quote_may_be_wrapped_and_lose_its_mark() -> None:
    remark = one(
        "> +\tspace = ring->size - (ring->head - ring->tail) -\n"
        "RING_RESERVED_FOR_FLUSH;\n"
        "\n"
        "Can this get negative?\n"
    )
    assert "RING_RESERVED" in quoted(remark)
    assert remark.text == ("Can this get negative?",)


def test_a_paragraph_may_be_filled_anew() -> None:
    remark = one(
        "> Count the entries of a ring by its ends, since a count of\n"
        "> its own gets out of step with them when an entry is dropped\n"
        "> while the ring is being flushed.\n"
        "\n"
        "Good catch, but say which commit broke it.\n"
    )
    assert quoted(remark).startswith("of step with them")


def test_blanks_may_be_lost() -> None:
    remark = one("> + int space;\n\nunsigned, please.\n")
    assert quoted(remark) == "+\tint space;"


def test_trimmed_quotes_keep_their_places() -> None:
    first, second = said(
        "> Count the entries of a ring by its ends, since a count of its own gets out\n"
        "[...]\n"
        "> Nobody sleeps with the lock held, so that it becomes a spin lock.\n"
        "\n"
        "How do you know?\n"
        "\n"
        "[snip]\n"
        "> +int ring_space(struct ring *ring)\n"
        "\n"
        "Who calls it?\n"
    ).remarks
    assert quoted(first).startswith("Nobody sleeps")
    assert quoted(second) == "+int ring_space(struct ring *ring)"


def test_what_stands_above_all_quotes_is_about_no_line() -> None:
    remark = one("Hi A,\n\nI do not like it.\n\n> +\tint space;\n\nThanks,\nR\n")
    assert (remark.line, remark.where) == (0, None)
    assert remark.text == ("I do not like it.",)


def test_greetings_names_and_signatures_say_nothing() -> None:
    body = "Hello,\n\n> +\tint space;\n\nThanks,\nR Viewer\n\n-- \nR Viewer, Corp.\n"
    assert not said(body).remarks


def test_an_original_message_below_is_a_quote() -> None:
    remark = one(
        "Looks wrong to me.\n\n"
        "-----Original Message-----\n"
        "From: A Dev <dev@example.org>\nSent: Tuesday\nTo: list\nSubject: ring\n\n"
        f"{LOG}\n"
    )
    assert remark.text == ("Looks wrong to me.",)


def test_an_answer_stands_where_the_remark_does() -> None:
    question = "> +\tint space;\n\nWhy is it signed?\n"
    answer = "> > +\tint space;\n> \n> Why is it signed?\n\nIt may be negative.\n"
    mails = (reply(question), reply(answer, "s", "r", sender="A Dev <dev@example.org>"))
    first, second = talk(read_one(PATCH, *mails)).remarks
    assert (first.answers, second.answers) == ("", "r@x")
    assert first.line == second.line > 0


def test_carets_point_at_columns() -> None:
    quote = "> Nobody sleeps with the lock held, so that it becomes a spin lock."
    remark = one(f"{quote}\n{' ' * quote.index('spin')}^^^^^^^^^ hm\n")
    line = MESSAGE.line(remark.line)
    assert "".join(line[column - 1] for column in remark.points) == "spin lock"


def test_tags_are_collected() -> None:
    given = said(
        "> +\tint space;\n\nNice.\n\n"
        "Reviewed-by: R Viewer <r@example.org>\n"
        "Tested-by: R Viewer <r@example.org> # on a\n board of my own\n"
    ).tags
    assert [(tag.token, tag.value, tag.patches) for tag in given] == [
        ("Reviewed-by", "R Viewer <r@example.org>", (1,)),
        ("Tested-by", "R Viewer <r@example.org> # on a board of my own", (1,)),
    ]


def test_tags_that_are_quoted_or_proposed_are_none() -> None:
    assert not said(
        "> Signed-off-by: A Dev <dev@example.org>\n\nOr so:\n\n"
        "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n"
        "Signed-off-by: R Viewer <r@example.org>\n"
    ).tags
    assert not said("Please add my Reviewed-by: later on.\nAcked-by: nobody\n").tags


def test_a_tag_for_the_cover_letter_is_for_all() -> None:
    ack = mail(
        "Re: [PATCH 0/3] all",
        "r",
        "v1-0",
        sender=REVIEWER,
        at=9,
        body="Acked-by: R Viewer <r@example.org>\n",
    )
    (tag,) = talk(read_one(*posting(), ack)).tags
    assert tag.patches == (1, 2, 3)


def test_a_reply_to_the_cover_letter_may_quote_a_patch() -> None:
    cover = mail("[PATCH 0/1] rings", "c")
    patch = PATCH.replace(b"[PATCH]", b"[PATCH 1/1]").replace(
        b"To:", b"In-Reply-To: <c@x>\nTo:"
    )
    answer = reply("> +int ring_space(struct ring *ring)\n\nUnused?\n", parent="c")
    (remark,) = talk(read_one(cover, patch, answer)).remarks
    assert (remark.patch, remark.about) == (1, "p@x")


@st.composite
def quotes(draw: st.DrawFn) -> tuple[list[int], str]:
    """Draw which lines of the patch are quoted, and with which mark."""
    message = MESSAGE
    lines = range(message.body_start, len(message.lines))
    kept = draw(st.sets(st.sampled_from(lines), min_size=1))
    mark = draw(st.sampled_from(["> ", ">", " > ", ">> ", "> > ", "me> "]))
    return sorted(n for n in kept if key(message.line(n))), mark


@settings(max_examples=100, deadline=None)
@given(quotes(), st.booleans())
def test_any_subset_of_the_lines_maps_back(
    drawn: tuple[list[int], str],
    loses_blanks: bool,  # noqa: FBT001
) -> None:
    kept, mark = drawn
    message = MESSAGE
    lines = [message.line(number) for number in kept]
    if loses_blanks:
        lines = [" ".join(line.split()) for line in lines]
    body = "".join(f"{mark}{line}\n" for line in lines)
    if mark == "me> " and len(kept) < 2:
        return
    remarks = talk(read_one(PATCH, reply(f"{body}\nWords of mine.\n"))).remarks
    assert bool(remarks) == bool(kept) or not kept
    for remark in remarks if kept else ():
        assert key(message.line(remark.line)) == key(lines[-1])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from("ab{}\t+- xyz"), max_size=60),
    st.lists(st.sampled_from("ab{}\t+- xyz"), max_size=60),
)
def test_places_are_in_order_and_say_what_is_quoted(
    source: Sequence[str], quote: Sequence[str]
) -> None:
    lines = "".join(source).split(" ")
    keys = [key(line) for line in "".join(quote).split(" ")]
    found = text(list(enumerate(lines, 1)))
    end = 0
    for made, place in zip(keys, fit(found, keys, [False] * len(keys)), strict=True):
        if place is not None:
            assert place[0] >= end
            assert found.run[place[0] : place[1]] == made
            end = place[1]
