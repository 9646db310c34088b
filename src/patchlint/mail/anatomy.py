# SPDX-License-Identifier: GPL-2.0-or-later
"""Find the parts of a patch mail: commit log, trailers, notes, diff."""

from __future__ import annotations

import re

from patchlint.model.message import Message, Trailer
from patchlint.model.series import Anatomy

_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]+(\S.*)")
_HANDLER = re.compile(r"\[[^\]]+\]|\(cherry picked from commit .*\)|# .*")
_IN_BODY = re.compile(r"(?:From|Subject|Date): \S", re.IGNORECASE)
_DIFF = ("diff --git ", "diff -", "Index: ")
_KNOWN = frozenset({"signed-off-by", "fixes", "link", "cc", "closes"})


def dissect(message: Message) -> Anatomy:
    """Cut at the first ``---`` line and where the diff begins.

    Trailers are the last paragraph before the cut when it holds at least one
    trailer git or the kernel knows (git-interpret-trailers(1)); lines of the chain
    of custody such as ``[ name: what ]`` may stand among them.
    """
    end = len(message.lines) + 1
    first = _after_in_body_headers(message)
    diff = next((n for n in range(first, end) if _is_diff(message, n)), end)
    cut = next((n for n in range(first, diff) if message.line(n) == "---"), diff)
    trailers = _trailers(message, range(first, cut))
    log_end = trailers[0].line if trailers else cut
    return Anatomy(
        log=range(first, log_end),
        trailers=trailers,
        notes=range(min(cut + 1, diff), diff),
        diff=range(diff, end),
    )


def _after_in_body_headers(message: Message) -> int:
    number, end = message.body_start, len(message.lines)
    while number <= end and _IN_BODY.match(message.line(number)):
        number += 1
    return number


def _is_diff(message: Message, number: int) -> bool:
    line = message.line(number)
    if line.startswith(_DIFF):
        return True
    following = message.lines[number : number + 1]
    return (
        line.startswith("--- ") and following[:1] != () and following[0][:4] == "+++ "
    )


def _trailers(message: Message, log: range) -> tuple[Trailer, ...]:
    block: list[int] = []
    for number in reversed(log):
        if message.line(number).strip():
            block.append(number)
        elif block:
            break
    found = []
    for number in reversed(block):
        line = message.line(number)
        if hit := _TRAILER.fullmatch(line):
            found.append(Trailer(hit[1], hit[2], number))
        elif not (_HANDLER.fullmatch(line) or line[:1].isspace()):
            found.clear()
    known = any(_is_known(trailer.token.lower()) for trailer in found)
    return tuple(found) if known else ()


def _is_known(token: str) -> bool:
    return token in _KNOWN or token.endswith("-by")
