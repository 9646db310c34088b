# SPDX-License-Identifier: GPL-2.0-or-later
"""A reply line by line: what is quoted, how deep, and what its writer wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patchlint.mail.marks import is_footer, is_scissors
from patchlint.model.message import Message

_QUOTE = re.compile(r"(?: {0,2}>)+ ?")
# Mailers of old put a name before the mark, some a bar in its place. Both are taken for
# a quote only where a mail has several such lines: they may be anything.
_NAMED = re.compile(r" ?([A-Za-z][A-Za-z.]{0,11})>(?: {0,2}>)* ?")
_BAR = re.compile(r" ?\| ?")
_SEVERAL = 2

_WROTE = re.compile(
    r"(?:.*\b(?:wrote|writes|schrieb|a écrit|said|escribió|ha scritto)\b.{0,80}"
    r"|(?:Quoting|quoting) .*|\* .*@.*):\s*"
)
_WROTE_LINES = 4
_NEAR = 8
# Patterns look at no line that is longer: none of them is.
_LONG = 400
_TRIMMED = frozenset(
    ("snip", "snipped", "snap", "skip", "skipped", "cut", "trim", "trimmed", "deleted")
)
_FRAME = " \t.[](){}<>*-=_/#~|%8:…"
_TRIM_WIDE = 80
_ORIGINAL = re.compile(
    r"\s*(?:-{3,} ?(?:Original|Forwarded) (?:Message|Appointment) ?-{3,}|_{20,})\s*"
)
_TOPPED = re.compile(r"\s*(?:\*?From:\*?)\s.*", re.IGNORECASE)
_TOPPED_MORE = re.compile(r"\s*\*?(?:Sent|Date|To|Cc|Subject):\*?\s", re.IGNORECASE)


class Row(Struct, frozen=True):
    """A line of a reply; ``depth`` counts the marks, 0 is what the writer wrote.

    ``number`` is its line in the mail, ``width`` how many characters the marks take.
    ``cut`` says that the quote goes on elsewhere: an attribution, or ``[...]``.
    """

    number: int
    depth: int
    text: str
    width: int = 0
    cut: bool = False


def rows(message: Message, most: int) -> tuple[Row, ...]:
    """Return the lines of a reply, at most so many; a signature is none of them.

    Quotes are told by their marks (``>``, ``> >``, `` >``, ``name>``). Where a mailer
    quoted without marks, below ``-----Original Message-----`` or a header that was
    copied, all of what follows is a quote.
    """
    first = message.body_start
    lines = message.lines[first - 1 : first - 1 + most]
    read = _marked(lines, first)
    read = read[: _end(lines, read)]
    return tuple(_attributed(_topped(read)))


def _marked(lines: Sequence[str], first: int) -> list[Row]:
    mark = _other_mark(lines)
    found = []
    for number, line in enumerate(lines, first):
        hit = _QUOTE.match(line) or (mark.match(line) if mark else None)
        if hit is None:
            found.append(Row(number, 0, line))
        else:
            depth = max(1, hit[0].count(">"))
            found.append(Row(number, depth, line[hit.end() :], hit.end()))
    return found


def _other_mark(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the mark that this mail uses beside ``>``, if any."""
    names = Counter(hit[1] for line in lines if (hit := _NAMED.match(line)))
    if names:
        name, count = names.most_common(1)[0]
        if count >= _SEVERAL:
            return re.compile(rf" ?{re.escape(name)}>(?: {{0,2}}>)* ?")
    if any(_QUOTE.match(line) for line in lines):
        return None
    bars = sum(_BAR.match(line) is not None for line in lines)
    return _BAR if bars >= _SEVERAL else None


def _end(lines: Sequence[str], read: Sequence[Row]) -> int:
    """Return where the signature or a list's footer begins, below the last quote."""
    last = next((at for at in range(len(read) - 1, -1, -1) if read[at].depth), -1)
    rest = range(last + 1, len(read))
    return next((at for at in rest if is_footer(lines, at)), len(read))


def _topped(read: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows, with what stands below a copied header as a quote."""
    is_below = False
    for at, row in enumerate(read):
        if not is_below and row.depth == 0 and _begins_original(read, at):
            is_below = True
            yield replace(row, depth=1, text="", cut=True)
        elif is_below and row.depth == 0:
            yield replace(row, depth=1)
        else:
            yield row


def _begins_original(read: Sequence[Row], at: int) -> bool:
    text = read[at].text[:_LONG]
    if _ORIGINAL.fullmatch(text):
        head = [row.text for row in read[at + 1 : at + 3]]
        return "Original" in text or any(map(_TOPPED.fullmatch, head))
    if not _TOPPED.fullmatch(text):
        return False
    more = [row.text for row in read[at + 1 : at + 5] if row.depth == 0]
    return sum(_TOPPED_MORE.match(line) is not None for line in more) >= _SEVERAL


def _attributed(read: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows; attributions and trim marks are cuts, without a text."""
    found = list(read)
    gone: set[int] = set()
    for at, row in enumerate(found):
        cuts_off = row.depth == 0 and is_scissors(row.text)
        if cuts_off or _is_trimmed(row):
            gone.add(at)
        elif row.text.rstrip().endswith(":"):
            gone.update(_attribution(found, at))
    for at, row in enumerate(found):
        yield replace(row, text="", cut=True) if at in gone else row


def _attribution(read: Sequence[Row], end: int) -> Iterator[int]:
    """Yield the lines of an attribution that ends here, if a quote follows."""
    depth = read[end].depth
    below = (r for r in read[end + 1 : end + 1 + _NEAR] if _says_something(r))
    if next(below, read[end]).depth <= depth:
        return
    for first in range(end, max(-1, end - _WROTE_LINES), -1):
        row = read[first]
        if row.depth != depth or not row.text.strip():
            return
        whole = " ".join(r.text.strip() for r in read[first : end + 1])
        if len(whole) < _LONG and _WROTE.fullmatch(whole) and _opens(row.text):
            yield from range(first, end + 1)
            return


def _is_trimmed(row: Row) -> bool:
    """Say whether a line stands for text that was left out: ``[...]``, ``<snip>``."""
    text = row.text.strip()
    if not text or len(text) > _TRIM_WIDE:
        return False
    words = text.strip(_FRAME).lower()
    if not words:
        return ".." in text or "…" in text
    return words in _TRIMMED and text[0] in _FRAME


def _says_something(row: Row) -> bool:
    return bool(row.text.strip()) and not _is_trimmed(row)


def _opens(text: str) -> bool:
    """Say whether an attribution may begin with this line, rather than go on."""
    return not re.match(r"\s*(?:<\S+@\S+>|wrote|writes|\d{1,2}:\d\d)", text)
