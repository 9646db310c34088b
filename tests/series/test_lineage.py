# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.lineage import follow, lineage
from tests.mails import diff
from tests.series.threads import DEV, mail, posting

OTHER = "B Dev <b@example.org>"
DAY = 24 * 60


def single(  # noqa: PLR0913
    subject: str,
    name: str,
    at: float = 0,
    *,
    sender: str = DEV,
    body: str = "Why.",
    path: str = "a.c",
    parent: str = "",
) -> bytes:
    text = diff({path: "1\n"}, {path: f"{name}\n"})
    return mail(subject, name, parent, at=at, sender=sender, text=text, body=body)


def told(*mails: bytes) -> list[str]:
    """Return each posting that is looked at, as its version and those before it."""
    made = []
    for series in lineage(read(mails)).latest:
        words: list[str] = []
        at: Series | None = series
        while at is not None:
            words.append(f"v{at.version}")
            at = at.previous
        made.append(" ".join(words))
    return made


def test_versions_of_one_series_are_one_line() -> None:
    mails = [
        *posting(),
        *posting("v2", at=DAY, name="v2"),
        *posting("v3", 4, 9, name="v3"),
    ]
    assert told(*mails) == ["v3 v2 v1"]


def test_a_title_that_was_reworded_is_recognized() -> None:
    assert told(
        single("[PATCH] x86/mm: Fix the flush of it", "a"),
        single("[PATCH v2] x86/mm: Fix flush of it", "b", DAY),
    ) == ["v2 v1"]


def test_another_series_of_the_same_sender_is_another() -> None:
    mails = (
        single("[PATCH] x86/mm: Fix the flush of it", "a"),
        single("[PATCH v2] net: Drop a packet", "b", DAY),
    )
    assert told(*mails) == ["v1", "v2"]


def test_the_same_words_from_somebody_else_are_another() -> None:
    mails = (
        single("[PATCH] docs: Fix typo", "a"),
        single("[PATCH v2] docs: Fix typo", "b", DAY, sender=OTHER),
    )
    assert told(*mails) == ["v1", "v2"]


def test_a_change_id_outweighs_sender_and_subject() -> None:
    body = "Why.\n\nchange-id: 20240101-topic-123456"
    one = single("[PATCH] docs: Fix typo", "a", body=body)
    two = single("[PATCH v2] mm: New", "b", DAY, sender=OTHER, body=body, path="b.c")
    assert told(one, two) == ["v2 v1"]
    three = single("[PATCH v2] docs: Fix typo", "b", DAY, body=body.replace("123", "9"))
    assert told(one, three) == ["v1", "v2"]


def test_a_link_to_what_it_stands_on_makes_it_no_version() -> None:
    body = "This needs https://lore.kernel.org/all/a@x/ first."
    one = single("[PATCH] x86/mm: Provide a flush", "a")
    two = single("[PATCH v2] net: Use what is new there", "b", DAY, body=body)
    assert told(one, two) == ["v1", "v2"]


def test_a_draft_comes_before_the_first_version() -> None:
    one = single("[RFC PATCH] x86/mm: Fix it", "a")
    two = single("[PATCH] x86/mm: Fix it", "b", DAY)
    assert told(one, two) == ["v1 v1"]


def test_what_is_sent_again_follows_what_was_sent() -> None:
    one = single("[PATCH] x86/mm: Fix it", "a")
    two = single("[PATCH RESEND] x86/mm: Fix it", "b", DAY)
    three = single("[PATCH] x86/mm: Fix it", "c", DAY)
    assert told(one, two) == ["v1 v1"]
    assert told(one, three) == ["v1", "v1"]


def test_what_somebody_named_is_the_version_before() -> None:
    (old,) = read([single("[PATCH] docs: Fix typo", "a")])
    (new,) = read([single("[PATCH] mm: New", "b", sender=OTHER, path="b.c")])
    (found,) = follow([new], [old])
    assert found.previous == old


def test_of_several_each_finds_its_own() -> None:
    old = read([single("[PATCH] a: b", "a"), single("[PATCH] c: d", "c", path="c.c")])
    new = read(
        [
            single("[PATCH v2] a: b", "a2", DAY),
            single("[PATCH v2] c: d", "c2", DAY, path="c.c"),
            single("[PATCH] e: f", "e", DAY, path="e.c"),
        ]
    )
    befores = [series.previous for series in follow(new, old)]
    assert [b and b.head.message_id for b in befores] == [None, "a@x", "c@x"]


@given(st.permutations([*posting(), *posting("v2", at=DAY, name="v2")]))
def test_the_order_of_the_mails_makes_no_difference(mails: list[bytes]) -> None:
    assert told(*mails) == ["v2 v1"]
