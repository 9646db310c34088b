# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lines of a mail a reply quotes above each remark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from patchlint.report.posting import (
    Mail,
    change_at,
    field,
    hunk_at,
    is_diff,
    is_header,
)
from patchlint.report.safe import cut_bytes

REACH = 9
"""Lines above the one in question, at most: a whole comment or paragraph."""
_SMALL = 2
# A line of a mail may have 998 bytes (RFC 5322, 2.1.1), and is quoted again.
_BYTES = 900


def stand(mail: Mail, number: int) -> int:
    """Return the line a remark about line ``number`` goes under.

    It is the line itself; a header field is quoted whole. 0 stands for the top of
    the reply, where the mail has no such line to quote.
    """
    if not is_header(mail.message, number):
        return number
    return field(mail.message, number)[-1] if mail.message.line(number).strip() else 0


def quoted(mail: Mail, number: int) -> str:
    """Return a line as a reply quotes it: printable, and cut where it is too long."""
    return cut_bytes(mail.message.line(number), _BYTES)


def excerpts(
    mail: Mail, stands: Iterable[int], reach: int = REACH
) -> Iterator[tuple[int, ...]]:
    """Yield for each line to remark on, ascending, the lines to quote above it.

    The last one is the line itself, and no line comes twice. In prose that is its
    paragraph so far, in a diff what stands above it in the hunk, ``reach`` lines and
    the line at most; the ``diff --git`` and ``@@`` lines come once.
    """
    done = 0
    for number in stands:
        lines = tuple(_lines(mail, number, done, reach)) if number else ()
        yield lines
        done = max(done, number)


def is_cut(mail: Mail, before: int, after: int) -> bool:
    """Say whether something worth a mark was left out between two quoted lines.

    Blank lines are not; and the name of a file is a heading, not the line above.
    """
    change = change_at(mail, before)
    if is_header(mail.message, before) or (change and change.mail == before):
        return False
    left_out = range(before + 1, after)
    return any(mail.message.line(number).strip() for number in left_out)


def _lines(mail: Mail, number: int, done: int, reach: int) -> Iterator[int]:
    if is_header(mail.message, number):
        yield from field(mail.message, number)
        return
    start = _start(mail, number, reach)
    near = max(done + 1, mail.message.body_start)
    # Two lines are no longer than the mark that they were cut.
    goes_on = done >= mail.message.body_start and number - near <= reach
    start = near if goes_on and start - near <= min(reach, _SMALL) else max(start, near)
    while start < number and not mail.message.line(start).strip():
        start += 1
    yield from (
        heading for heading in _headings(mail, number) if done < heading < start
    )
    yield from range(start, number + 1)


def _start(mail: Mail, number: int, reach: int) -> int:
    if not is_diff(mail, number):
        return _paragraph(mail, number, max(mail.message.body_start, number - reach))
    change = change_at(mail, number)
    hunk = hunk_at(change, number) if change else None
    top = hunk.mail + 1 if hunk else number
    start = _paragraph(mail, number, max(top, number - reach))
    if number - start < _SMALL:
        start = min(start, number - min(reach, _SMALL))
    return min(number, max(start, top))


def _paragraph(mail: Mail, number: int, lowest: int) -> int:
    """Return the first line of a paragraph, of prose or of code."""
    start = number
    while start > lowest and mail.message.line(start - 1).strip(" \t+-*"):
        start -= 1
    return start


def _headings(mail: Mail, number: int) -> Iterator[int]:
    if change := change_at(mail, number):
        yield change.mail
        if hunk := hunk_at(change, number):
            yield hunk.mail
