# SPDX-License-Identifier: GPL-2.0-or-later
"""The comment lines that a patch adds, as far as hunks show them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.prose.blocks import Row
from patchlint.prose.lines import LONGEST

_SUFFIXES = (".c", ".h", ".S", ".s")
_STAR = re.compile(r"[ \t]*\*(?:[ \t/]|$)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')


def added_comments(change: FileChange) -> Iterator[Row]:
    """Yield the text of comments on added lines of C and assembly, marks left out.

    Rows are places in the file as the patch leaves it.
    """
    if change.path.endswith(_SUFFIXES):
        for hunk in change.hunks:
            yield from _hunk_comments(hunk)


def _hunk_comments(hunk: Hunk) -> Iterator[Row]:
    inside = False
    for line in hunk.lines:
        if line.kind is Kind.REMOVED:
            continue
        if len(line.text) > LONGEST:
            inside = _goes_on(line.text, inside)
            continue
        begin, end, inside = _comment(line.text, inside)
        if line.kind is Kind.ADDED and begin < end:
            yield from _row(line, begin, end)


def _goes_on(text: str, inside: bool) -> bool:  # noqa: FBT001
    """Say whether a comment goes on behind a line that is too long to read."""
    opened, closed = text.rfind("/*"), text.rfind("*/")
    return inside if opened == closed else opened > closed


def _comment(text: str, inside: bool) -> tuple[int, int, bool]:  # noqa: FBT001
    """Return where the comment on a line begins and ends, and if it goes on.

    A hunk may begin in the middle of a comment: a line that starts with a star is
    taken for one.
    """
    inside = inside or _STAR.match(text) is not None
    begin = 0 if inside else _opening(text)
    if begin < 0:
        return 0, 0, False
    if text.startswith("//", begin):
        return begin, len(text), False
    end = text.find("*/", begin)
    return (begin, len(text), True) if end < 0 else (begin, end, False)


def _opening(text: str) -> int:
    """Return where ``/*`` or ``//`` stands outside of string literals, or -1."""
    if "/*" not in text and "//" not in text:
        return -1
    bare = _QUOTED.sub(lambda hit: "_" * len(hit[0]), text)
    marks = [at for at in (bare.find("/*"), bare.find("//")) if at >= 0]
    return min(marks, default=-1)


def _row(line: Line, begin: int, end: int) -> Iterator[Row]:
    text = line.text[begin:end]
    kept = text.lstrip(" \t/*")
    if kept.strip():
        column = begin + len(text) - len(kept) + 1
        yield Row(line.new or 0, column, kept.rstrip())
