# SPDX-License-Identifier: GPL-2.0-or-later
"""The Date of a mail as a moment."""

from __future__ import annotations

from calendar import timegm

# email.utils hands it on, and takes 8 ms more: it can also write mail, with sockets.
from email._parseaddr import parsedate_tz  # type: ignore[import-not-found]

_END = 253_402_300_800  # the year 10000
_LONGEST = 100


def utc_seconds(date: str) -> int | None:
    """Return the seconds since 1970 in UTC, or None for what is no date.

    A date without a zone is taken as UTC; one before 1970 is a clock that was not set.
    """
    if len(date) > _LONGEST:
        return None
    try:
        parsed = parsedate_tz(date)
        seconds = timegm(parsed[:6]) - (parsed[9] or 0) if parsed else -1
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return seconds if 0 <= seconds < _END else None
