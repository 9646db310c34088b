# SPDX-License-Identifier: GPL-2.0-or-later
"""A series under review in b4: its thread, and what was said of it before."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from patchlint.adapters.b4 import Review, of_file
from patchlint.model.finding import Report
from patchlint.model.series import Series


def thread_of() -> Review:
    """Return the series b4 checks; nothing of it where b4 does not say."""
    name = os.environ.get("B4_TRACKING_FILE", "")
    return of_file(Path(), Path(name)) if name else Review(b"", "", {})


def unsaid(report: Report, said: str, message_id: str = "") -> Report:
    """Return what was not said in these very words before, of one mail or of all.

    People who said it in the thread are heard by the review itself; this is about
    earlier versions, and reviews of ours that b4 has kept.
    """
    known = _plain(said)
    kept = (f for f in report.findings if _plain(f.message) not in known or not known)
    return replace(
        report,
        findings=tuple(f for f in kept if message_id in ("", f.message_id)),
    )


def _plain(text: str) -> str:
    return " ".join(text.replace("\\n", " ").replace('\\"', '"').split())


def of_posting(postings: Iterable[Series], message_id: str) -> Iterator[Series]:
    """Yield the posting that a mail belongs to."""
    for series in postings:
        if any(message.message_id == message_id for message in series.messages):
            yield series
