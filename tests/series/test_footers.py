# SPDX-License-Identifier: GPL-2.0-or-later
"""What a posting says to tools about what it stands on."""

from __future__ import annotations

import pytest

from patchlint.pipeline import read
from tests.series.threads import mail, posting

OID = "0123456789" * 4
FOOT = f"""
base-commit: {OID}
change-id: 20240102-a-thing-0123456789ab
prerequisite-patch-id: {OID[::-1]}
prerequisite-patch-id: {OID}
Depends-on: <20240101.1@example.org>
Depends-On: https://lore.kernel.org/r/20240101.2@example.org
Based-on: <20240101.3@example.org>
"""


def test_footers_are_values_with_their_lines() -> None:
    cover, *patches = posting()
    (series,) = read([cover + FOOT.encode(), *patches])

    assert series.base_commit == OID
    assert series.footer("prerequisite-patch-id") == (OID[::-1], OID)
    assert series.footer("depends-on") == (
        "20240101.1@example.org",
        "https://lore.kernel.org/r/20240101.2@example.org",
    )
    assert series.footer("based-on") == ("20240101.3@example.org",)
    assert series.cover
    for footer in series.footers:
        assert footer.message_id == series.cover.message_id
        text = series.cover.line(footer.line)
        assert text.lower().startswith(f"{footer.key}: ")
        assert footer.value in text


def test_footers_below_the_diff_count_and_those_of_replies_do_not() -> None:
    patch = mail("[PATCH] do", "p") + FOOT.encode()
    reply = mail("Re: [PATCH] do", "r", "p", body=f"base-commit: {OID[::-1]}")
    (series,) = read([patch, reply])

    assert series.base_commit == OID
    assert len(series.footers) == 7
    assert len(series.patches[0].changes) == 1


@pytest.mark.parametrize(
    "line",
    [
        " base-commit: 0123",
        "> base-commit: 0123",
        "+base-commit: 0123",
        "Base-commit-of: 0123",
        "depends-on:",
        "the base-commit: 0123",
    ],
)
def test_what_is_no_footer(line: str) -> None:
    (series,) = read([mail("[PATCH] do", "p", body=line)])

    assert series.footers == ()
