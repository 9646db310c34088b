# SPDX-License-Identifier: GPL-2.0-or-later
"""What there is room for: a page has to open in a browser, whatever the mails hold.

Room is counted in usual lines. When it is used up, lines around remarks are shown and
the others are counted; when that is twice too much, the lines of the remarks alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from patchlint.report.html.code import LONGEST
from patchlint.report.posting import Mail
from patchlint.report.safe import printable

MOST = 50_000
NEAR = 20
# From here on there are no colours: they take 1 us for a character of code, and 30 for
# a hostile one. A hundred patches of usual size take 20,000 lines.
COLOURED = 40_000
_USUAL = 40
# The element around a hidden character is as long as so many others.
_HIDDEN = 30


def room(
    mails: Sequence[tuple[Mail, AbstractSet[int]]],
) -> Iterator[tuple[frozenset[int], bool]]:
    """Yield for each mail the lines to show, and whether there is room for colours.

    A mail comes with the lines that are wanted, whatever the room.
    """
    used = 0
    for mail, wanted in mails:
        shown, used = _shown(mail, sorted(wanted), used)
        yield frozenset(shown), used <= COLOURED


def weight(words: str) -> int:
    """Return how many usual lines a line is as large as."""
    words = words[:LONGEST]
    shown = printable(words)
    hidden = 0
    if shown != words:
        hidden = sum(map(str.__ne__, words, shown))
    return 1 + (len(words) + _HIDDEN * hidden) // _USUAL


def words(mail: Mail) -> range:
    """Return the lines of a mail below its header that are no diff."""
    end = len(mail.message.lines) + 1
    if mail.patch and mail.patch.parts.diff:
        end = min(mail.patch.parts.diff.start, end)
    return range(min(mail.message.body_start, end), end)


def _runs(mail: Mail) -> Iterator[range]:
    """Yield the runs of lines that are shown together: the text, and each hunk."""
    yield words(mail)
    for change in mail.patch.changes if mail.patch else ():
        for hunk in change.hunks:
            last = hunk.lines[-1].mail if hunk.lines else hunk.mail
            yield range(hunk.mail, last + 1)


def _shown(mail: Mail, wanted: Sequence[int], used: int) -> tuple[set[int], int]:
    """Return the lines to show, and the room that is used with them."""
    shown = set(wanted)
    for run in _runs(mail):
        size = _size(mail, run) if len(run) <= MOST - used else MOST
        part: AbstractSet[int] | range = run
        if size > MOST - used:
            part = _near(run, wanted) if used < 2 * MOST else set()
            size = _size(mail, part)
        shown.update(part)
        used += size
    return shown, used


def _size(mail: Mail, numbers: AbstractSet[int] | range) -> int:
    return sum(weight(mail.message.line(number)) for number in numbers)


def _near(run: range, wanted: Sequence[int]) -> set[int]:
    first, last = bisect_left(wanted, run.start), bisect_left(wanted, run.stop)
    return {
        number
        for at in wanted[first:last]
        for number in range(max(run.start, at - NEAR), min(run.stop, at + NEAR + 1))
    }
