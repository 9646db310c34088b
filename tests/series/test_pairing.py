# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import subprocess
from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from patchlint.model.series import Series
from patchlint.model.versions import By, Change
from patchlint.pipeline import read
from patchlint.series.assign import assign
from patchlint.series.pairing import pair_up
from patchlint.series.patch_id import change_id, patch_id
from tests.mails import diff, patch_mail

ODD = {
    "a new file": diff({}, {"new.c": "int a;\nint b;\n"}),
    "a file that goes": diff({"old.c": "int a;\n"}, {}),
    "no line feed at the end": diff({"a.c": "int a;\n"}, {"a.c": "int a;\nint b;"}),
    "blanks": diff({"a.c": "int  a;\n"}, {"a.c": "\tint\ta ;\n\n"}),
    "two files": diff({"b": "1\n", "a": "2\n"}, {"b": "3\n", "a": "4\n"}),
    "two hunks": diff(
        {"a": "".join(f"{n}\n" for n in range(40))},
        {"a": "".join(f"{n}{'x' * (n in (2, 35))}\n" for n in range(40))},
    ),
    "a rename": """\
diff --git a/a.c b/b.c
similarity index 66%
rename from a.c
rename to b.c
index 58614b9..5ac9c4c 100644
--- a/a.c
+++ b/b.c
@@ -1,2 +1,2 @@
 int a;
-int b;
+int c;
""",
    "a mode": """\
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
""",
    "a file with a blank in its name": """\
diff --git a/a b.c b/a b.c
index 58614b9..5ac9c4c 100644
--- a/a b.c\t
+++ b/a b.c\t
@@ -1 +1 @@
-int b;
+int c;
""",
}


def patches(texts: Sequence[tuple[str, str]], version: int = 1) -> Series:
    """Return a series of patches, each a subject and a diff."""
    total = len(texts)
    mails = [
        patch_mail(
            "Why.\n\nSigned-off-by: A Dev <dev@example.org>",
            text,
            f"[PATCH v{version} {at}/{total}] {subject}",
            Message_ID=f"<{version}-{at}@x>",
            In_Reply_To=f"<{version}-1@x>" if at > 1 else "",
            Date=f"Tue, {version:02} Jan 2024 03:04:{at:02} +0000",
        ).encode()
        for at, (subject, text) in enumerate(texts, 1)
    ]
    (series,) = read(mails)
    return series


def body(*lines: str, name: str = "a.c") -> str:
    return diff({name: "int first;\n"}, {name: "\n".join(("int first;", *lines, ""))})


def lines(word: str, count: int = 8) -> tuple[str, ...]:
    return tuple(f"int {word}_{number} = {number};" for number in range(count))


def told(old: Series, new: Series) -> list[tuple[int, int, str, str]]:
    pairs = pair_up(old, new).pairs
    return [(p.old, p.new, p.by.value, p.change.value) for p in pairs]


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_patch_id_is_that_of_git(text: str) -> None:
    (patch,) = patches([("x", text)]).patches
    done = subprocess.run(
        ["git", "patch-id", "--stable"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    assert patch_id(patch.changes) == done.stdout.decode().split()[0]


def test_no_diff_has_no_id() -> None:
    assert patch_id(()) == change_id(()) == ""


def test_a_patch_that_moved_is_the_same() -> None:
    one, two = ("one", body(*lines("a"))), ("two", body(*lines("b"), name="b.c"))
    found = pair_up(patches([one, two]), patches([two, one], 2))
    assert [(p.old, p.new) for p in found.pairs] == [(2, 1), (1, 2)]
    assert {p.by for p in found.pairs} == {By.PATCH_ID}
    assert {p.change for p in found.pairs} == {Change.NOTHING}
    assert (found.dropped, found.added) == ((), ())


def test_only_the_message_changed() -> None:
    old, new = patches([("one", body("int a;"))]), patches([("uno", body("int a;"))], 2)
    assert told(old, new) == [(1, 1, "patch-id", "message")]


def test_only_what_is_around_changed() -> None:
    old = patches([("one", diff({"a.c": "1\n"}, {"a.c": "1\nnew\n"}))])
    new = patches([("one", diff({"a.c": "2\n"}, {"a.c": "2\nnew\n"}))], 2)
    assert told(old, new) == [(1, 1, "patch-id", "rebased")]


def test_the_subject_comes_before_what_is_like_it() -> None:
    old = patches([("one", body(*lines("a"))), ("two", body("int b;", name="b.c"))])
    new = patches(
        [("two", body(*lines("a"), "int c;")), ("three", body("int d;", name="b.c"))], 2
    )
    assert told(old, new)[0] == (2, 1, "subject", "diff")


def test_likeness_pairs_what_has_another_subject() -> None:
    old = patches([("x86: add it", body(*lines("a")))])
    new = patches([("x86/mm: provide that", body(*lines("a"), "int more = 1;"))], 2)
    assert told(old, new) == [(1, 1, "likeness", "diff")]


def test_what_is_unlike_is_dropped_and_added() -> None:
    old = patches([("mm: add it", body(*lines("a")))])
    new = patches([("net: drop that", body(*lines("b"), name="b.c"))], 2)
    found = pair_up(old, new)
    assert (found.pairs, found.dropped, found.added) == ((), (1,), (1,))


def test_of_two_with_one_subject_each_finds_its_own() -> None:
    one = ("fix typo", body(*lines("a")))
    two = ("fix typo", body(*lines("b"), name="b.c"))
    three = ("fix typo", body(*lines("c"), name="c.c"))
    more = ("fix typo", body(*lines("b"), "int more;", name="b.c"))
    found = pair_up(patches([one, two, three]), patches([more, one], 2))
    assert [(p.old, p.new) for p in found.pairs] == [(2, 1), (1, 2)]
    assert found.dropped == (3,)


WORDS = ("alpha", "beta", "gamma", "delta")
drawn = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.lists(st.sampled_from(WORDS), max_size=4).map(
            lambda words: body(*(f"int {w}_value = 1;" for w in words), "x")
        ),
    ),
    min_size=1,
    max_size=5,
)


@given(drawn, drawn)
def test_pairing_is_a_bijection(
    one: list[tuple[str, str]], two: list[tuple[str, str]]
) -> None:
    old, new = patches(one), patches(two, 2)
    found = pair_up(old, new)
    olds = sorted([*(p.old for p in found.pairs), *found.dropped])
    news = sorted([*(p.new for p in found.pairs), *found.added])
    assert olds == [patch.position for patch in old.patches]
    assert news == [patch.position for patch in new.patches]


@given(drawn)
def test_a_series_is_paired_with_itself(one: list[tuple[str, str]]) -> None:
    found = pair_up(patches(one), patches(one, 2))
    assert {p.change for p in found.pairs} == {Change.NOTHING}
    assert (found.dropped, found.added) == ((), ())
    both = {(one[p.old - 1], one[p.new - 1]) for p in found.pairs}
    assert all(first == second for first, second in both)


@given(drawn, drawn, st.randoms(use_true_random=False))
def test_the_order_of_the_patches_makes_no_difference(
    one: list[tuple[str, str]], two: list[tuple[str, str]], random: Random
) -> None:
    old, new = patches(one), patches(two, 2)
    mixed = list(old.patches)
    random.shuffle(mixed)
    assert pair_up(replace(old, patches=tuple(mixed)), new) == pair_up(old, new)


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9), max_size=12
    )
)
def test_an_assignment_is_the_best_there_is(gains: dict[tuple[int, int], int]) -> None:
    chosen = assign(gains)
    assert (
        len({old for old, _ in chosen})
        == len({new for _, new in chosen})
        == len(chosen)
    )
    best = max(
        sum(gains.get((old, new), 0) for old, new in enumerate(order))
        for order in permutations(range(5))
    )
    assert sum(gains[link] for link in chosen) == best


def test_many_patches_that_are_all_alike_do_not_take_minutes() -> None:
    gains = {
        (old, new): 1 + (old * new) % 7 for old in range(200) for new in range(200)
    }
    assert len(assign(gains)) == 200
