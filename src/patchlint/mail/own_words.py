# SPDX-License-Identifier: GPL-2.0-or-later
"""What a reply says between two quotes: its text, its tags, where it points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchlint.mail.quoting import Row
from patchlint.model.remark import RemarkKind

_HELLO = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))\b[^.?:]{0,50}",
    re.IGNORECASE,
)
_BYE = re.compile(
    r"\s*(?:many |with )?(?:thanks|thank you|thx|thanx|cheers|(?:best |kind |warm )?"
    r"(?:regards|wishes)|best|br|yours|sincerely|mit freundlichen)\b[^.?:]{0,30}[.!]?",
    re.IGNORECASE,
)
_NAME = re.compile(r"\s*(?:[-/~]+ ?)?[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}[,.]?\s*")
_NAME_LINES = 3
_TAG = re.compile(
    r"((?:[A-Z][A-Za-z]*-)*[A-Za-z]+-[Bb]y|N[Aa][Cc][Kk])[ \t]*:[ \t]*(\S.*)"
)
# Patterns look at no line that is longer: none of them is.
_LONG = 400
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_FOLDS = 10


def said(own: Sequence[Row], *, first: bool, last: bool) -> tuple[Row, ...]:
    """Return the rows that say something: no blank ends, no greeting, no good-bye."""
    kept = _stripped(own)
    if first and kept and _HELLO.fullmatch(kept[0].text[:_LONG]):
        kept = _stripped(kept[1:])
    if last:
        kept = _stripped(kept[: _good_bye(kept)])
    return tuple(kept)


def _stripped(own: Sequence[Row]) -> Sequence[Row]:
    first, end = 0, len(own)
    while first < end and not own[first].text.strip():
        first += 1
    while end > first and not own[end - 1].text.strip():
        end -= 1
    return own[first:end]


def _good_bye(own: Sequence[Row]) -> int:
    """Return where the good-bye begins: thanks and a name, or a name below a blank."""
    names = 0
    for at in range(len(own) - 1, -1, -1):
        line = own[at].text[:_LONG]
        if _BYE.fullmatch(line):
            return at
        if not line.strip():
            continue
        if not _NAME.fullmatch(line) or names == _NAME_LINES:
            break
        names += 1
    if (
        len(own) > 1
        and not own[-2].text.strip()
        and _NAME.fullmatch(own[-1].text[:_LONG])
    ):
        return len(own) - 1
    return len(own)


def kind(text: Sequence[str]) -> RemarkKind:
    """Say what a remark is, where its form leaves no doubt."""
    lines = [line for line in text if line.strip()]
    if lines and all(_TAG.fullmatch(line[:_LONG]) for line in lines):
        return RemarkKind.TAG
    if any(line.rstrip().endswith("?") for line in lines):
        return RemarkKind.QUESTION
    return RemarkKind.REMARK


def points(own: Sequence[Row], quoted: str, width: int) -> tuple[int, ...]:
    """Return the columns of a quoted line that ``^`` below it stand under.

    ``quoted`` is the line with its marks, which take ``width`` characters; both lines
    are as they look with tab stops of eight.
    """
    if not own or "^" not in own[0].text:
        return ()
    line = own[0].text[:_LONG].expandtabs()
    head = re.match(r"[ \t]*\^+", line)
    if head is None:
        return ()
    columns = _columns(quoted[:_LONG])
    return tuple(
        at - width + 1
        for at, (begin, end) in enumerate(columns)
        if at >= width
        and any(line[n] == "^" for n in range(begin, min(end, len(line))))
    )


def _columns(line: str) -> list[tuple[int, int]]:
    """Return where each character begins and ends on a screen."""
    found = []
    at = 0
    for char in line:
        wide = 8 - at % 8 if char == "\t" else 1
        found.append((at, at + wide))
        at += wide
    return found


def tags(own: Sequence[Row]) -> Iterator[tuple[int, str, str]]:
    """Yield (line, token, value) of each tag on a line of its own.

    A value is that of git's interpret-trailers: lines that begin with a blank belong to
    the one above. A tag names a person by address; ``NACK`` and thanks do not count.
    """
    for at, row in enumerate(own):
        hit = _TAG.fullmatch(row.text[:_LONG])
        if hit is None or hit[1].lower() == "nack":
            continue
        value = [hit[2].strip()]
        for below in own[at + 1 : at + 1 + _FOLDS]:
            if below.text[:1] not in (" ", "\t") or not below.text.strip():
                break
            value.append(below.text[:_LONG].strip())
        if _ADDRESS.search(" ".join(value)):
            yield row.number, hit[1], " ".join(value)
