# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the lines of decoded mails stand in the file that they were cut from.

A box quotes lines, a transfer encoding breaks them, a part has borders: what is the
same there and here is found again, one line after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from patchlint.model.message import Message

_BLANK = re.compile(rb"\r?\n\r?\n")
# How many lines of a file may stand between two lines of the text.
_REACH = 64


class Placed(Struct, frozen=True):
    """For each line of a mail the line of the file, from 1, and whether it is equal."""

    numbers: tuple[int, ...]
    equal: tuple[bool, ...]

    def number(self, line: int) -> int:
        """Return where line ``line`` of the mail stands."""
        return self.numbers[max(min(line, len(self.numbers)), 1) - 1]

    def is_equal(self, line: int) -> bool:
        """Say whether a line of the file is that of the mail."""
        return 0 < line <= len(self.equal) and self.equal[line - 1]


def starts(data: bytes, mails: Iterable[bytes]) -> Iterator[int]:
    """Yield the line of the file, from 1, that each of its mails begins with."""
    at, line, counted = 0, 1, 0
    for mail in mails:
        text = mail.lstrip(b"\r\n")
        blank = _BLANK.search(text)
        found = data.find(text[: blank.start()] if blank else text, at)
        begin = max(found, at)
        line += data.count(b"\n", counted, begin)
        counted = begin
        yield line
        # What a box quotes is longer there; never shorter.
        at = begin if found < 0 else begin + len(text)


def placed(lines: Sequence[str], message: Message, start: int) -> Placed:
    """Find the lines of a mail in the lines of a file, from line ``start`` on.

    Where most of a text cannot be found, since it is encoded, all of it is at the
    subject.
    """
    numbers: list[int] = []
    equal: list[bool] = []
    at, last = start - 1, len(lines) - 1
    for line in message.lines:
        here = _find(lines, line, at)
        equal.append(here is not None)
        numbers.append(min(at if here is None else here, last) + 1)
        if here is not None:
            at = here + 1
        elif line.strip():
            at = min(at + 1, len(lines))
    begin = message.body_start - 1
    told = [n for n, text in enumerate(message.lines[begin:], begin) if text.strip()]
    if 2 * sum(equal[n] for n in told) < len(told):
        subject = numbers[message.subject.line - 1] if numbers else start
        numbers[begin:] = [subject] * (len(numbers) - begin)
        equal[begin:] = [False] * (len(equal) - begin)
    return Placed(tuple(numbers), tuple(equal))


def _find(lines: Sequence[str], line: str, at: int) -> int | None:
    """Return the index of a line, at the place or below; a blank one only there."""
    if at < len(lines) and lines[at] == line:
        return at
    if not line.strip():
        return None
    reach = range(at + 1, min(at + _REACH, len(lines)))
    return next((n for n in reach if lines[n] == line), None)
