# SPDX-License-Identifier: GPL-2.0-or-later
"""Find what ``b4 prep`` keeps of the series that a range of commits is."""

from __future__ import annotations

import re
from collections.abc import Callable

from patchlint.mail.prep import MARKER, Letter, Prep, parse_prep, read_prep

# Run git and return what it prints; nothing where it fails.
Ask = Callable[..., bytes]

_FORM = "%T%x00%P%x00%an <%ae>%x00%aD%x00%B"
_ENDS = re.compile(r"(?P<base>[^\s-]\S*?)\.\.(?P<tip>[^.\s-]\S*)?")
_LIST = ("rev-list", "--no-commit-header", "--encoding=UTF-8", f"--format={_FORM}")
_GREP = ("--fixed-strings", f"--grep={MARKER}")


def find_prep(ask: Ask, commits: str) -> tuple[Prep | None, Letter]:
    """Return the cover letter of a range, if it is that of a whole b4 branch.

    It is the one empty commit with b4's marker in the range, or where the range
    begins; or the description of the branch where the range ends.
    """
    ends = _ENDS.fullmatch(commits)
    if not ends:
        return None, Letter("", "", "")
    base, tip = ends["base"], ends["tip"] or "HEAD"
    fork = _line(ask("merge-base", "--end-of-options", base, tip))
    found = _in_commit(ask, base, tip) or _in_branch(ask, tip)
    if found is None or not _is_whole(ask, found[0], fork, tip):
        return None, Letter("", "", fork)
    prep, sender, date = found
    return prep, Letter(sender, date, _base(ask, fork))


def _in_commit(ask: Ask, base: str, tip: str) -> tuple[Prep, str, str] | None:
    many = ("--first-parent", "--max-count=2", "--end-of-options", f"{base}..{tip}")
    told = ask(*_LIST, *_GREP, *many)
    told = told or ask(*_LIST, *_GREP, "--no-walk", "--end-of-options", base)
    fields = told.decode("utf-8", "surrogateescape").split("\0")
    if len(fields) != 5:
        return None
    tree, parent, sender, date, text = fields
    before = _line(ask("rev-parse", "--verify", "--quiet", f"{parent}^{{tree}}"))
    prep = parse_prep(text)
    return (prep, sender, date) if prep and before == tree else None


def _in_branch(ask: Ask, tip: str) -> tuple[Prep, str, str] | None:
    full = _line(ask("rev-parse", "--symbolic-full-name", tip))
    branch = full.removeprefix("refs/heads/")
    if branch == full:
        return None
    tracking = _text(ask("config", "--get", f"branch.{branch}.b4-tracking"))
    cover = _text(ask("config", "--get", f"branch.{branch}.description"))
    prep = read_prep(cover, tracking) if tracking else None
    last = ask(*_LIST, "--max-count=1", "--end-of-options", tip)
    fields = _text(last).split("\0")
    return (prep, fields[2], fields[3]) if prep and len(fields) == 5 else None


def _is_whole(ask: Ask, prep: Prep, fork: str, tip: str) -> bool:
    """Say whether a range is the whole branch, where b4 noted what that is on."""
    branch = prep.base_branch
    if not branch or branch.startswith("-"):
        return True
    noted = _line(ask("merge-base", "--end-of-options", branch, tip))
    return noted in ("", fork)


def _base(ask: Ask, fork: str) -> str:
    """Return what a series is on: not its own cover letter."""
    cover = ask(*_LIST, *_GREP, "--no-walk", "--end-of-options", fork) if fork else b""
    parent = _text(cover).split("\0")[1:2]
    return parent[0] if parent else fork


def _line(raw: bytes) -> str:
    return _text(raw).strip()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
