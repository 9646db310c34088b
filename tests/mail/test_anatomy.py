# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a patch mail, as git and people see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.anatomy import dissect
from patchlint.mail.message import parse_message
from patchlint.model.message import Message
from patchlint.model.series import Anatomy

DIFF = """\
diff --git a/f b/f
index 7898192..6178079 100644
--- a/f
+++ b/f
@@ -1 +1 @@
-a
+b
"""
SOB = "Signed-off-by: A Dev <dev@example.org>"


def parse(body: str) -> tuple[Message, Anatomy]:
    message = parse_message(f"Subject: [PATCH] a: b\n\n{body}".encode())
    return message, dissect(message)


def texts(message: Message, numbers: range) -> list[str]:
    return [message.line(number) for number in numbers]


def trailers(body: str) -> list[tuple[str, str]]:
    return [(trailer.token, trailer.value) for trailer in parse(body)[1].trailers]


def test_a_patch_has_log_trailers_notes_and_diff() -> None:
    message, parts = parse(
        f"Say why.\n\n{SOB}\n---\nv2: x\n\n f | 2 +-\n\n{DIFF}-- \n2.39\n"
    )

    assert texts(message, parts.log) == ["Say why.", ""]
    assert [(t.token, t.line) for t in parts.trailers] == [("Signed-off-by", 5)]
    assert texts(message, parts.notes) == ["v2: x", "", " f | 2 +-", ""]
    assert texts(message, parts.diff) == [*DIFF.splitlines(), "-- ", "2.39"]


def test_only_the_first_cut_ends_the_log() -> None:
    message, parts = parse(f"Why.\n---\none\n---\ntwo\n{DIFF}")

    assert texts(message, parts.log) == ["Why."]
    assert texts(message, parts.notes) == ["one", "---", "two"]


def test_a_cut_may_have_blanks_behind_it() -> None:
    message, parts = parse(f"Why.\n--- \nnote\n{DIFF}")

    assert texts(message, parts.log) == ["Why."]
    assert texts(message, parts.notes) == ["note"]


def test_without_a_cut_the_log_ends_at_the_diff() -> None:
    message, parts = parse(f"Why.\n\n{SOB}\n\n{DIFF}")

    assert texts(message, parts.log) == ["Why.", ""]
    assert len(parts.trailers) == 1
    assert texts(message, parts.notes) == []
    assert parts.diff.start == 7


def test_without_a_cut_and_a_diff_the_signature_ends_the_log() -> None:
    message, parts = parse(f"Why.\n\n{SOB}\n\n-- \n2.39\n")

    assert texts(message, parts.log) == ["Why.", ""]
    assert len(parts.trailers) == 1
    assert not parts.diff


def test_a_plain_text_is_all_log() -> None:
    message, parts = parse("Hello.\n\nBye.\n")

    assert texts(message, parts.log) == ["Hello.", "", "Bye."]
    assert (list(parts.notes), list(parts.diff), parts.trailers) == ([], [], ())


def test_headers_in_the_body_are_not_log() -> None:
    message, parts = parse(f"From: B <b@c.d>\nSubject: x\n\nWhy.\n---\n{DIFF}")

    assert texts(message, parts.log) == ["", "Why."]


def test_headers_in_the_body_may_stand_behind_an_empty_line() -> None:
    message, parts = parse(f"\nFrom: B <b@c.d>\n\nWhy.\n---\n{DIFF}")

    assert texts(message, parts.log) == ["", "Why."]


@pytest.mark.parametrize(
    "line", ["diff - see below", "diff --git is what makes it", "Index: none", "--- a"]
)
def test_text_that_looks_like_a_diff_is_none(line: str) -> None:
    _, parts = parse(f"Why.\n---\n{line}\n\none\n{DIFF}")
    _, plain = parse(f"Why.\n---\ntext\n\none\n{DIFF}")

    assert parts == plain


@pytest.mark.parametrize(
    "line",
    [
        "diff - see below",
        "diff --git is what makes it",
        "Index: none",
        "--- a",
        "---\t",
    ],
)
def test_git_ends_the_log_where_a_diff_seems_to_begin(line: str) -> None:
    message, parts = parse(f"Why.\n{line}\n\nLost.\n\n{SOB}\n---\nnote\n{DIFF}")
    lost = [line] if line.strip() != "---" else []

    assert texts(message, parts.log) == ["Why."]
    assert parts.trailers == ()
    assert texts(message, parts.notes) == [*lost, "", "Lost.", "", SOB, "---", "note"]
    assert texts(message, parts.diff) == DIFF.splitlines()


@pytest.mark.parametrize("line", ["----", "---a", " --- a", "-- a", "diff", "Index"])
def test_git_ends_the_log_nowhere_else(line: str) -> None:
    message, parts = parse(f"Why.\n{line}\n\n{SOB}\n---\n{DIFF}")

    assert texts(message, parts.log) == ["Why.", line, ""]


def test_a_whole_diff_in_the_log_is_the_diff() -> None:
    message, parts = parse(f"Why:\n\n{DIFF}\n{SOB}\n---\n{DIFF}")

    assert texts(message, parts.log) == ["Why:", ""]
    assert len(parts.diff) == 2 * len(DIFF.splitlines()) + 3


def test_an_indented_diff_in_the_log_is_log() -> None:
    quoted = "".join(f"  {line}\n" for line in DIFF.splitlines())
    _, parts = parse(f"Why:\n\n{quoted}\n{SOB}\n---\n{DIFF}")

    assert len(parts.log) == 3 + len(DIFF.splitlines())
    assert len(parts.trailers) == 1


@pytest.mark.parametrize("word", ["cc", "combined"])
def test_a_combined_diff_is_a_diff(word: str) -> None:
    _, parts = parse(f"Why.\n---\n\ndiff --{word} f\nindex 0123,4567..89ab")

    assert len(parts.diff) == 2


@pytest.mark.parametrize(
    "head",
    [
        "diff --git a/f b/f\nold mode 100644\nnew mode 100755\n",
        "diff --git a/f b/f\nnew file mode 100644\nindex 0000000..e69de29\n",
        "diff --git a/f b/g\nsimilarity index 100%\nrename from f\nrename to g\n",
        "diff --git a/f\n b/f\nindex 0000000..e69de29\n",
        "diff -u a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n",
        "Index: f\n=======\n--- f\n+++ f\n@@ -1 +1 @@\n-a\n+b\n",
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n",
    ],
)
def test_each_kind_of_diff_begins_at_its_header(head: str) -> None:
    message, parts = parse(f"Why.\n---\n{head}")

    assert texts(message, parts.diff) == head.splitlines()


def test_trailers_are_the_last_paragraph() -> None:
    assert trailers(f"Link: one\n\nWhy.\n\nCc: x@y.z\n{SOB}\n---\n") == [
        ("Cc", "x@y.z"),
        ("Signed-off-by", "A Dev <dev@example.org>"),
    ]


def test_lines_of_the_chain_of_custody_stand_among_trailers() -> None:
    body = (
        f"Why.\n\n{SOB}\n[ bp: Massage. ]\n# a remark\nSigned-off-by: B <b@c.d>\n---\n"
    )

    assert [value for _, value in trailers(body)] == [
        "A Dev <dev@example.org>",
        "B <b@c.d>",
    ]


def test_a_trailer_may_have_colons_in_its_value() -> None:
    fixes = 'Fixes: 0123456789ab ("net: foo: fix")'

    assert trailers(f"Why.\n\n{fixes}\n{SOB}\n---\n")[0] == (
        "Fixes",
        '0123456789ab ("net: foo: fix")',
    )


@pytest.mark.parametrize("line", ["Fixes:x", "Fixes : x", "Fixes:\tx", "Fixes:  x "])
def test_blanks_around_the_colon_do_not_matter(line: str) -> None:
    assert trailers(f"Why.\n\nCc: a@b.c\n{line}\n{SOB}\n---\n")[1] == ("Fixes", "x")


def test_an_address_of_the_web_is_no_trailer() -> None:
    assert [t for t, _ in trailers(f"Why.\n\nhttps://example.org\n{SOB}\n---\n")] == [
        "Signed-off-by"
    ]


def test_a_trailer_may_be_folded() -> None:
    assert trailers(f'Why.\n\nFixes: 01 ("a\n  b")\n{SOB}\n---\n')[0] == (
        "Fixes",
        '01 ("a b")',
    )


def test_a_trailer_broken_without_indent_does_not_end_the_block() -> None:
    assert [t for t, _ in trailers(f'Why.\n\nFixes: 01 ("a\nb")\n{SOB}\n---\n')] == [
        "Fixes",
        "Signed-off-by",
    ]


def test_prose_before_the_trailers_of_a_paragraph_is_log() -> None:
    message, parts = parse(f"Why.\n\nNote: this\nis prose.\n{SOB}\n---\n")

    assert [trailer.token for trailer in parts.trailers] == ["Signed-off-by"]
    assert texts(message, parts.log) == ["Why.", "", "Note: this", "is prose."]


@pytest.mark.parametrize(
    "last",
    [
        "Just a sentence.",
        "Note: a sentence.",
        "https://example.org/x",
        "Link: https://example.org/x\nshows that it is so.",
        "    Cc: an indented example",
    ],
)
def test_a_last_paragraph_of_prose_is_log(last: str) -> None:
    message, parts = parse(f"Why.\n\n{last}\n---\n")

    assert parts.trailers == ()
    assert texts(message, parts.log) == ["Why.", "", *last.splitlines()]


@given(
    st.lists(
        st.sampled_from(["", "a", "---", SOB, "x: y", " z", "-- ", *DIFF.splitlines()])
    )
)
def test_parts_are_disjoint_and_in_order(lines: list[str]) -> None:
    message, parts = parse("\n".join(lines))
    numbers = [*parts.log, *(t.line for t in parts.trailers), *parts.notes, *parts.diff]

    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(message.body_start, len(message.lines) + 1))
