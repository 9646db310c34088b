# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the commit log begins, and the headers that stand before it in the body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from patchlint.mail.begin import ends_log
from patchlint.mail.marks import is_scissors

_HEADER = re.compile(r"(From|Subject|Date):[ \t]*(\S.*)", re.IGNORECASE)
_PLAIN = re.compile(r"\[PATCH\]\s")
_MARK = re.compile(r">?From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001\s*")


class Opening(Struct, frozen=True):
    """The index of the first line of the log, and the headers of the body.

    ``headers`` maps ``from``, ``subject`` and ``date`` to the value, not decoded, and
    the index of its line.
    """

    first: int
    headers: dict[str, tuple[str, int]]


def read_opening(lines: Sequence[str], start: int, diff: int) -> Opening:
    """Read as ``git mailinfo --scissors`` does, up to the cut or the diff.

    Headers of the body stand before everything else; what stands above scissors is no
    part of the log, and headers may follow them. Without a diff there is no commit, so
    that scissors cut nothing.
    """
    first, headers = _headers(lines, start, diff)
    if diff < len(lines):
        for index in range(first, diff):
            if ends_log(lines[index]):
                break
            if is_scissors(lines[index]):
                first, headers = _headers(lines, index + 1, diff)
    values = {name: (" ".join(parts), at) for name, (parts, at) in headers.items()}
    return Opening(first, values)


def _headers(
    lines: Sequence[str], start: int, end: int
) -> tuple[int, dict[str, tuple[list[str], int]]]:
    """Return the first line of the log; ``From:`` may stand behind empty lines."""
    found: dict[str, tuple[list[str], int]] = {}
    last: list[str] = []
    index = _skip_blank(lines, start, end)
    while index < end:
        line = lines[index]
        hit = _HEADER.match(line)
        if last and line[:1] in (" ", "\t") and line.strip() and not is_scissors(line):
            last.append(line.strip())
        elif hit and hit[1].lower() not in found:
            last = [hit[2].strip()]
            found[hit[1].lower()] = (last, index)
        elif _PLAIN.match(line) and "subject" not in found:
            found["subject"] = ([line.strip()], index)
            last = []
        elif not _MARK.fullmatch(line):
            break
        index += 1
    return (index if index > _skip_blank(lines, start, end) else start), found


def _skip_blank(lines: Sequence[str], index: int, end: int) -> int:
    while index < end and not lines[index].strip():
        index += 1
    return index
