# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint b4-agent``: review the series that b4 has checked out, for b4 to read.

b4 calls it with a sentence on a file that it is to read (this one); it needs none.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from patchlint import __version__
from patchlint.adapters import b4
from patchlint.adapters.git import format_patch
from patchlint.cli.b4_check import look_at
from patchlint.cli.b4_review import unsaid
from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.report.b4_agent import patch_text, series_text

WHO = "patchlint@localhost"


class NoReviewError(Exception):
    """What is checked out is not under review; the text says why."""


def write_review() -> tuple[Path, int]:
    """Write the files of a review; return where, and how many are about something."""
    here = Path()
    review, folder = b4.of_branch(here), b4.review_folder(here)
    if review is None or folder is None:
        raise NoReviewError("no branch of b4 review is checked out (b4/review/...)")
    identity = folder / "identity.txt"
    if identity.exists() and WHO not in identity.read_text("utf-8", "replace"):
        raise NoReviewError(f"{folder}: somebody else's review is not taken up yet")
    commits = b4.commits(here, review)
    report, postings = look_at(review.thread or _patches(here, commits))
    files = _files(here, review, commits, (report, _latest(postings)))
    if files:
        files["identity.txt"] = f"patchlint {__version__} <{WHO}>\n"
        b4.write(folder, files)
    return folder, max(len(files) - 1, 0)


def _patches(here: Path, commits: tuple[str, ...]) -> bytes:
    """Return the patches as they were applied, where the thread is not at hand."""
    if not commits:
        return b""
    return format_patch(here, f"{commits[0]}~1..{commits[-1]}")


def _latest(postings: tuple[Series, ...]) -> tuple[Series, ...]:
    """Return the posting under review: the last of the thread."""
    return postings[-1:]


def _files(
    here: Path,
    review: b4.Review,
    commits: tuple[str, ...],
    found: tuple[Report, tuple[Series, ...]],
) -> dict[str, str]:
    report, postings = found
    ids = {message.message_id for each in postings for message in each.messages}
    kept = tuple(f for f in report.findings if f.message_id in ids)
    report = unsaid(replace(report, findings=kept), review.said)
    files = {}
    if not review.is_skipped(0):
        new = unsaid(report, review.said_of(0, WHO))
        files["series.txt"] = series_text(new, postings)
    for number, commit in enumerate(commits, 1):
        if not review.is_skipped(number):
            new = unsaid(report, review.said_of(number, WHO))
            text = patch_text(new, postings, number, b4.diff(here, commit))
            files[f"{number:04}.txt"] = text
    return {name: text for name, text in files.items() if text}
