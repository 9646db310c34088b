# SPDX-License-Identifier: GPL-2.0-or-later
"""What b4 keeps of a series under review, and where it reads what others found.

Read from b4 0.16: review/_review.py (load_tracking, _integrate_agent_reviews),
review/tracking.py (thread-blob), misc/agent-reviewer.md.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from patchlint.adapters.git_safe import PLAIN_DIFF, command, environment

_MARKER = "--- b4-review-tracking ---"
_OID = re.compile(r"[0-9a-f]{40,64}")
_MOST = 64 << 20
_PATCHES = 1000
_PATIENCE = 600.0
_CONTEXTS = (
    "prior-thread-context-blob", "thread-context-blob", "prior-review-context",
)  # fmt: skip


class Review(Struct, frozen=True):
    """A series under review: the whole thread as an mbox, and what was said before."""

    thread: bytes
    said: str
    tracking: Mapping[str, Any]

    def said_of(self, number: int, who: str) -> str:
        """Return what a reviewer has said of a patch; 0 is the cover letter."""
        told = self._reviews(number).get(who)
        return json.dumps(told, ensure_ascii=False) if told else ""

    def is_skipped(self, number: int) -> bool:
        """Say whether somebody marked a patch as not to be looked at."""
        return any(
            isinstance(told, dict) and told.get("patch-state") == "skip"
            for told in self._reviews(number).values()
        )

    def _reviews(self, number: int) -> Mapping[str, Any]:
        patches = self.tracking.get("patches")
        place: Any = self.tracking.get("series") if number == 0 else None
        if number and isinstance(patches, list) and number <= len(patches):
            place = patches[number - 1]
        found = place.get("reviews") if isinstance(place, dict) else None
        return found if isinstance(found, dict) else {}


def ask(folder: Path, *words: str) -> bytes | None:
    """Return what git prints; None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command(folder, *words),
            capture_output=True,
            env=environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout


def line(folder: Path, *words: str) -> str:
    """Return the one line that git prints, or nothing."""
    return (ask(folder, *words) or b"").decode("utf-8", "surrogateescape").strip()


def of_file(folder: Path, path: Path) -> Review:
    """Return the series whose data b4 put into a file (``B4_TRACKING_FILE``)."""
    try:
        with path.open("rb") as file:
            return _review(folder, file.read(_MOST))
    except OSError:
        return _review(folder, b"")


def of_branch(folder: Path) -> Review | None:
    """Return the series that the branch is about which is checked out, or None."""
    text = ask(folder, "log", "-1", "--format=%B", "HEAD") or b""
    _, mark, data = text.partition(_MARKER.encode())
    if not mark:
        return None
    lines = (row for row in data.split(b"\n") if not row.startswith(b"#"))
    return _review(folder, b"\n".join(lines))


def _review(folder: Path, raw: bytes) -> Review:
    try:
        tracking = json.loads(raw)
    except (ValueError, RecursionError):
        tracking = {}
    series = tracking.get("series") if isinstance(tracking, dict) else None
    if not isinstance(series, dict):
        return Review(b"", "", {})
    thread = _blob(folder, series.get("thread-blob"))
    texts = [_text(folder, series.get(name)) for name in _CONTEXTS]
    return Review(thread, "\n".join(texts), tracking)


def _text(folder: Path, value: object) -> str:
    """Return a text, or the one that an id stands for."""
    if isinstance(value, str) and not _OID.fullmatch(value):
        return value
    return _blob(folder, value).decode("utf-8", "replace")


def _blob(folder: Path, oid: object) -> bytes:
    if not isinstance(oid, str) or not _OID.fullmatch(oid):
        return b""
    size = line(folder, "cat-file", "-s", oid)
    if not size.isdigit() or int(size) > _MOST:
        return b""
    return ask(folder, "cat-file", "blob", oid) or b""


def commits(folder: Path, review: Review) -> tuple[str, ...]:
    """Return the commits of the patches under review, in order; HEAD is b4's own."""
    first = review.tracking.get("series", {}).get("first-patch-commit", "")
    if not isinstance(first, str) or not _OID.fullmatch(first):
        return ()
    told = line(folder, "rev-list", "--reverse", f"{first}~1..HEAD~1")
    found = tuple(told.split("\n")) if told else ()
    return found if len(found) <= _PATCHES else ()


def diff(folder: Path, commit: str) -> str:
    """Return the diff of a commit as b4 will look at it."""
    raw = ask(folder, "diff", *PLAIN_DIFF, f"{commit}~1", commit) or b""
    return raw.decode("utf-8", "replace")


def head(folder: Path) -> str:
    """Return the commit that is checked out, or nothing."""
    return line(folder, "rev-parse", "--verify", "HEAD")


def review_folder(folder: Path) -> Path | None:
    """Return where b4 will look for reviews of what is checked out; None: nowhere.

    b4 looks in ``.git`` of the work tree, and finds nothing in a linked one.
    """
    top, tip = line(folder, "rev-parse", "--show-toplevel"), head(folder)
    dotgit = Path(top) / ".git"
    if not top or not tip or not dotgit.is_dir() or dotgit.is_symlink():
        return None
    return dotgit / "b4-review" / tip


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write review files anew; OSError where that cannot be, or a link is there."""
    for place in (folder.parent, folder):
        place.mkdir(exist_ok=True)
        if place.is_symlink():
            raise OSError(40, "a link", str(place))
    for old in folder.glob("*.txt"):
        old.unlink()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    for name, text in files.items():
        with os.fdopen(os.open(folder / name, flags, 0o644), "wb") as file:
            file.write(text.encode("utf-8", "replace"))
