# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from patchlint.analysis.changelog import said_of_versions
from patchlint.pipeline import read
from tests.mails import diff, patch_mail


def told(notes: str) -> list[tuple[int, str]]:
    """Return what the notes of a patch say, with the version each line is about."""
    text = f"Why.\n\nSigned-off-by: A Dev <dev@example.org>\n---\n{notes}"
    mail = patch_mail(text, diff({"a": "1\n"}, {"a": "2\n"}), "[PATCH v3] x: y")
    (series,) = read([mail.encode()])
    (patch,) = series.patches
    return [(s.version, s.text) for s in said_of_versions(patch.message, patch)]


@pytest.mark.parametrize(
    "heading",
    [
        "Changes in v3:",
        "Changes since v2:",
        "v2 -> v3:",
        "Changes from v2 to v3:",
        "v3 changes:",
        "* v3:",
        "Changelog v2..v3:",
        "Changes in version 3:",
        "Changes in v3",
        "RFC v2 => v3:",
    ],
)
def test_a_heading_names_the_version_it_leads_to(heading: str) -> None:
    assert told(f"{heading}\n- one\n  * two\n") == [(3, "one"), (3, "two")]


def test_what_follows_the_colon_is_said_too() -> None:
    assert told("v3: one\nv2: two\n") == [(3, "one"), (2, "two")]


def test_what_stands_above_all_headings_is_of_no_version() -> None:
    assert told("This is a note.\nv3:\n - one\n") == [(3, "one")]


def test_a_sentence_that_names_a_version_is_no_heading() -> None:
    assert told("v3:\n- as it was in v1 of this: good\n- the v2 one was bad\n") == [
        (3, "as it was in v1 of this: good"),
        (3, "the v2 one was bad"),
    ]


def test_shortlog_and_diffstat_end_it() -> None:
    assert told("v3:\n- one\n\nA Dev (2):\n  x: y\n") == [(3, "one")]
    assert told("v3:\n- one\n\n a.c | 2 +-\n 1 file changed\n") == [(3, "one")]
