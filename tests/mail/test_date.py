# SPDX-License-Identifier: GPL-2.0-or-later
"""The Date of a mail as a moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.date import utc_seconds


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Tue, 2 Jan 2024 03:04:05 +0000", 1704164645),
        ("Tue, 2 Jan 2024 03:04:05 -0800", 1704193445),
        ("2 Jan 2024 03:04:05 +0530 (IST)", 1704144845),
        ("Tue, 2 Jan 2024 03:04:05", 1704164645),
        ("Tue, 2 Jan 2024 03:04:05 -0000", 1704164645),
        ("Thu, 1 Jan 1970 00:00:00 +0000", 0),
        ("Thu, 1 Jan 1970 00:00:00 +0100", None),
        ("", None),
        ("yesterday", None),
        ("Tue, 32 Foo 2024 03:04:05 +0000", None),
        ("Tue, 2 Jan 99999 03:04:05 +0000", None),
        (f"Tue, {'9' * 90} Jan 2024 03:04:05 +0000", None),
    ],
)
def test_dates(date: str, seconds: int | None) -> None:
    assert utc_seconds(date) == seconds


@given(
    st.text()
    | st.from_regex(r"[A-Z][a-z]{2}, \d{1,9} [A-Z][a-z]{2} \d{1,9} [\d:]* [+-]?\d*")
)
def test_no_text_is_an_error(date: str) -> None:
    found = utc_seconds(date)

    assert found is None or found >= 0
