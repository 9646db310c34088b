# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths that no file of a tree can have: git refuses them, and so do we."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GIT = re.compile(r"(?:\.git|git~1)(?::.*)?[ .]*(?::.*)?", re.IGNORECASE)


def unsafe(path: str) -> str:
    """Return why no file of a repository may be called ``path``, or nothing.

    The rules are those of git (verify_path() in its read-cache.c, with the names that
    HFS+ and NTFS take for ``.git``), and no control character but a tab: such a name
    is one line for git, and several, or a colour, for everybody else.
    """
    if not path:
        return "is empty"
    if _CONTROL.search(path):
        return "has a control character"
    if path.startswith("/"):
        return "is absolute"
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "leaves the tree, or goes in circles"
    if any(_GIT.fullmatch(_IGNORED.sub("", part)) for part in re.split(r"[/\\]", path)):
        return "is inside of .git"
    return ""


def printed(path: str) -> str:
    """Return a name for a sentence: quoted, in ASCII, and not too long."""
    shown = ascii(path)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
