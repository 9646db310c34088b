# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from patchlint.analysis.tags import author, mailbox, message_lines, tags
from patchlint.model.series import Patch
from patchlint.pipeline import read
from tests.mails import patch_mail

DIFF = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-int a;\n+int b;\n"


def patch(body: str) -> Patch:
    (series,) = read([patch_mail(body, DIFF).encode()])
    return series.patches[0]


def test_a_tag_that_a_blank_line_cuts_off_is_one() -> None:
    body = "Say why.\n\nFixes: 0123456789ab\n\nSigned-off-by: A Dev <dev@example.org>"
    found = tags(patch(body))

    assert [(tag.token, tag.is_trailer) for tag in found] == [
        ("Fixes", False),
        ("Signed-off-by", True),
    ]


def test_prose_with_a_colon_is_no_tag() -> None:
    found = tags(patch("Note: this.\nReported by: me\n\nLink it: no."))

    assert found == ()


def test_places_count_what_stands_in_front() -> None:
    (tag,) = tags(patch("Why.\n\n  Acked-by :  B Dev <b@example.org>"))

    assert (tag.indent, tag.before, tag.gap) == ("  ", " ", "  ")
    assert tag.label.span.column == 3
    assert tag.content.span.column == 15


def test_message_ends_at_the_cut() -> None:
    found = patch("Why.\n\nSigned-off-by: A Dev <dev@example.org>")

    last = [found.message.line(number) for number in message_lines(found)][-1]
    assert last.startswith("Signed-off-by") or not last


@pytest.mark.parametrize(
    ("value", "name", "box", "rest"),
    [
        ("A Dev <a@example.org>", "A Dev", "a@example.org", ""),
        ('"Dev, A" <a@example.org> # why', "Dev, A", "a@example.org", "# why"),
        ("a@example.org (by phone)", "", "a@example.org", "(by phone)"),
        ("A Dev <a@example.org", "A Dev", "a@example.org", ""),
        ("nobody", "nobody", "", ""),
    ],
)
def test_mailbox_takes_a_value_apart(
    value: str, name: str, box: str, rest: str
) -> None:
    found = mailbox(value)

    assert (found.name, found.box, found.rest) == (name, box, rest)


def test_author_is_who_the_body_names() -> None:
    found = patch("From: B Dev <b@example.org>\n\nWhy.")

    assert author(found.message).mailbox == "b@example.org"


def test_giant_lines_are_no_tags() -> None:
    assert tags(patch("Why.\n\nLink: " + "x" * 100_000)) == ()
