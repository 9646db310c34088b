# SPDX-License-Identifier: GPL-2.0-or-later
"""Mails of made-up threads, sent one second after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from patchlint.model.series import Series
from patchlint.pipeline import read
from tests.mails import diff, patch_mail

DIFF = diff({"f": "a\n"}, {"f": "b\n"})
DEV = "A Dev <dev@example.org>"
REVIEWER = "R Viewer <r@example.org>"
START = datetime(2024, 1, 2, tzinfo=UTC)


def mail(  # noqa: PLR0913
    subject: str,
    name: str,
    parent: str = "",
    *,
    at: float | None = 0,
    sender: str = DEV,
    text: str | None = None,
    body: str = "Why.",
    references: Sequence[str] = (),
) -> bytes:
    """Return a mail as sent to a list, ``at`` minutes after the first.

    A reply and a cover letter have no diff, unless ``text`` is one.
    """
    headers = {"Message_ID": f"<{name}@x>", "To": "list@example.org", "From": sender}
    headers["Date"] = (
        "" if at is None else format_datetime(START + timedelta(minutes=at))
    )
    if parent:
        headers["In_Reply_To"] = f"<{parent}@x>"
    if references:
        headers["References"] = " ".join(f"<{name}@x>" for name in references)
    has_diff = not subject.startswith("Re:") and " 0/" not in subject
    text = (DIFF if has_diff else "") if text is None else text
    return patch_mail(body, text, subject, **headers).encode()


def posting(
    version: str = "",
    total: int = 3,
    at: float = 0,
    *,
    name: str = "v1",
    over: str = "",
) -> list[bytes]:
    """Return a cover letter and its patches."""
    cover = mail(f"[PATCH {version} 0/{total}] all", f"{name}-0", over, at=at)
    return [
        cover,
        *(
            mail(
                f"[PATCH {version} {n}/{total}] do {n}",
                f"{name}-{n}",
                f"{name}-0",
                at=at + n / 60,
            )
            for n in range(1, total + 1)
        ),
    ]


def told(mails: Iterable[bytes]) -> list[str]:
    """Return each posting as its version, the names of its mails, and of its talk."""
    return [line(series) for series in read(mails)]


def line(series: Series) -> str:
    """Return a posting as ``v1: v1-0 v1-1; talk: r1; not: v1-2``."""
    parts = [f"v{series.version}: {names(series.messages)}"]
    if series.thread:
        parts.append(f"talk: {names(series.thread)}")
    if series.superseded:
        parts.append(f"not: {names(series.superseded)}")
    return "; ".join(parts)


def names(messages: Iterable[object]) -> str:
    """Return the names of mails."""
    ids = (getattr(message, "message_id", "") for message in messages)
    return " ".join(str(name).removesuffix("@x") for name in ids)


def kinds(series: Series) -> list[str]:
    """Return the kinds of the defects of a posting."""
    return [str(defect.kind) for defect in series.defects]
