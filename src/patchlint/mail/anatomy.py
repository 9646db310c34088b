# SPDX-License-Identifier: GPL-2.0-or-later
"""Find the parts of a patch mail: commit log, trailers, notes, diff."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from patchlint.mail.begin import ends_log, find_diff
from patchlint.mail.marks import is_footer
from patchlint.model.message import Message, Trailer
from patchlint.model.series import Anatomy

_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*:(?!//)[ \t]*(.*)")
_HANDLER = re.compile(r"\[[^\]]+\]|\(cherry picked from commit .*\)|# .*")
_SIGNED = "signed-off-by"
_KNOWN = frozenset({_SIGNED, "fixes", "link", "cc", "closes"})


def dissect(message: Message) -> Anatomy:
    """Cut where git cuts: at ``---``, or at what it takes for the start of a diff.

    Trailers are the last paragraph before the cut when it holds at least one
    trailer git or the kernel knows (git-interpret-trailers(1)); lines of the chain
    of custody such as ``[ name: what ]`` may stand among them. Prose may too, if the
    paragraph is signed off: a trailer broken over lines is common.
    """
    lines, end = message.lines, len(message.lines) + 1
    first = message.log_start or message.body_start
    diff = find_diff(lines, first - 1) + 1
    cut = _cut(lines, range(first, diff))
    trailers = _trailers(message, range(first, cut))
    log_end = trailers[0].line if trailers else cut
    return Anatomy(
        log=range(first, log_end),
        trailers=trailers,
        notes=range(_after(message, cut, diff), diff),
        diff=range(diff, end),
    )


def _cut(lines: Sequence[str], body: range) -> int:
    """Return the line that ends the log; a signature does so where no cut is."""
    for number in body:
        if ends_log(lines[number - 1]):
            return number
    return next((n for n in body if is_footer(lines, n - 1)), body.stop)


def _after(message: Message, cut: int, diff: int) -> int:
    """Return where the notes begin: a cut is none of them, prose like one is."""
    is_cut = cut < diff and message.line(cut).startswith("--")
    return cut + (is_cut and not message.line(cut)[3:].strip())


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
