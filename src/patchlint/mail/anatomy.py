# SPDX-License-Identifier: GPL-2.0-or-later
"""Find the parts of a patch mail: commit log, trailers, notes, diff."""

from __future__ import annotations

import re
from dataclasses import replace

from patchlint.model.message import Message, Trailer
from patchlint.model.series import Anatomy

_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*:(?!//)[ \t]*(.*)")
_HANDLER = re.compile(r"\[[^\]]+\]|\(cherry picked from commit .*\)|# .*")
_IN_BODY = re.compile(r"(?:From|Subject|Date): \S", re.IGNORECASE)
_DIFF = ("diff --git ", "diff -", "Index: ")
_OLD_HEADER = re.compile(r"\+\+\+ \S.*\n@@")
_DIFF_HEADER = re.compile(
    r"diff --git a/\S.* b/\S|--- \S|index [0-9a-f]{4}"
    r"|(?:old|new|new file|deleted file) mode \d"
    r"|(?:dis)?similarity index \d|(?:rename|copy) from |Binary files "
)
_SIGNED = "signed-off-by"
_KNOWN = frozenset({_SIGNED, "fixes", "link", "cc", "closes"})


def dissect(message: Message) -> Anatomy:
    """Cut at the first ``---`` line and where the diff begins.

    Trailers are the last paragraph before the cut when it holds at least one
    trailer git or the kernel knows (git-interpret-trailers(1)); lines of the chain
    of custody such as ``[ name: what ]`` may stand among them. Prose may too, if the
    paragraph is signed off: a trailer broken over lines is common.
    """
    end = len(message.lines) + 1
    first = _after_in_body_headers(message)
    diff = next((n for n in range(first, end) if _is_diff(message, n)), end)
    cut = _cut(message, range(first, diff))
    trailers = _trailers(message, range(first, cut))
    log_end = trailers[0].line if trailers else cut
    return Anatomy(
        log=range(first, log_end),
        trailers=trailers,
        notes=range(min(cut + 1, diff), diff),
        diff=range(diff, end),
    )


def _after_in_body_headers(message: Message) -> int:
    """Return the first line of the log; ``From:`` may stand behind empty lines."""
    number, end = message.body_start, len(message.lines)
    while number <= end and not message.line(number).strip():
        number += 1
    first = number
    while number <= end and _IN_BODY.match(message.line(number)):
        number += 1
    return number if number > first else message.body_start


def _cut(message: Message, body: range) -> int:
    """Return the line that ends the log; a signature does so where no cut is."""
    for number in body:
        if message.line(number).rstrip() == "---":
            return number
    return next((n for n in body if message.line(n) == "-- "), body.stop)


def _is_diff(message: Message, number: int) -> bool:
    """Say whether a diff begins here; prose that only looks like it does not count."""
    line = message.line(number)
    following = message.lines[number : number + 6]
    if line.startswith(_DIFF):
        return any(_DIFF_HEADER.match(text) for text in (line, *following))
    return (
        line.startswith("--- ") and _OLD_HEADER.match("\n".join(following)) is not None
    )


def _trailers(message: Message, log: range) -> tuple[Trailer, ...]:
    found: list[Trailer] = []
    mixed = False
    for number in _last_paragraph(message, log):
        line = message.line(number)
        if hit := _TRAILER.fullmatch(line):
            found.append(Trailer(hit[1], hit[2].strip(), number))
        elif line[:1].isspace() and found:
            last = found[-1]
            found[-1] = replace(last, value=f"{last.value} {line.strip()}".strip())
        elif not (line[:1].isspace() or _HANDLER.fullmatch(line)):
            mixed = any(map(_is_known, found))
            found = found if mixed else []
    if mixed and not any(trailer.token.lower() == _SIGNED for trailer in found):
        return ()
    return tuple(found) if any(map(_is_known, found)) else ()


def _last_paragraph(message: Message, log: range) -> list[int]:
    block: list[int] = []
    for number in reversed(log):
        if message.line(number).strip():
            block.append(number)
        elif block:
            break
    return block[::-1]


def _is_known(trailer: Trailer) -> bool:
    token = trailer.token.lower()
    return token in _KNOWN or token.endswith("-by")
