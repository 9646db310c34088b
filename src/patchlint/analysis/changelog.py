# SPDX-License-Identifier: GPL-2.0-or-later
"""What the mails of a series say of its versions: the list of changes below the cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.message import Message
from patchlint.model.series import Patch, Series

_LONGEST = 400
_V = r"(?:patch\s*|rfc\s*)?(?:v|ver\.?|version|rev\.?|revision)\s?\.?(\d{1,3})"
_STEP = re.compile(
    rf"{_V}\s*(?:-+>|=+>|→|\.\.+|to|and|/)\s*(?:v|version)?\s?(\d{{1,3}})", re.I
)
_SINCE = re.compile(rf"(?:since|from|vs\.?|against|over|after|on top of)\s+{_V}", re.I)
_AT = re.compile(rf"{_V}\b(?!\.\d)", re.I)
_ITEM = re.compile(r"\s*(?:[-*+•o]|\d{1,2}[.)])\s+")
_HEAD = 60
_SHORTLOG = re.compile(r"\S.{0,80} \(\d{1,3}\):\s*")
_DIFFSTAT = re.compile(r" \S.{0,200} \|\s+(?:\d|Bin)| \d+ files? changed,")


class Said(Struct, frozen=True):
    """A line of the message about version ``version``: where, and its words.

    ``text`` has no bullet, and no heading in front of it.
    """

    message: Message
    line: int
    version: int
    text: str


def free_lines(message: Message, patch: Patch | None) -> Iterator[tuple[int, str]]:
    """Yield the lines of a mail that its author wrote, without headers and diff."""
    end = len(message.lines) + 1
    if patch is not None:
        end = min(end, patch.parts.diff.start)
    for number in range(message.log_start or message.body_start, end):
        text = message.line(number)
        if text == "-- " or (patch is None and text.startswith("diff --git ")):
            return
        if not text.startswith(">"):
            yield number, text[:_LONGEST]


def said_of_versions(message: Message, patch: Patch | None) -> Iterator[Said]:
    """Yield what a mail says of versions, by the headings above: ``Changes in v3:``.

    A heading names one version: the later one of ``v2 -> v3``, the one that follows
    that of ``since v2``. Shortlog and diffstat end it.
    """
    version = 0
    for number, text in free_lines(message, patch):
        if not text.strip() or text.startswith("---"):
            continue
        if _SHORTLOG.fullmatch(text) or _DIFFSTAT.match(text):
            return
        head, rest = _heading(text)
        version = head or version
        words = rest if head else _ITEM.sub("", text, count=1)
        if version and words.strip():
            yield Said(message, number, version, words.strip())


def _heading(text: str) -> tuple[int, str]:
    """Return the version that a heading is about, 0 if it is none, and what follows."""
    head, colon, rest = text.partition(":")
    bare = _ITEM.sub("", head, count=1).strip(" \t=-#*[]()<>~_")
    if len(bare) > _HEAD or rest.startswith("//") or (not colon and text[:1].isspace()):
        return 0, ""
    if hit := _STEP.search(bare):
        version = max(int(hit[1]), int(hit[2]))
    elif hit := _SINCE.search(bare):
        version = int(hit[1]) + 1
    elif hit := _AT.search(bare):
        version = int(hit[1])
    else:
        return 0, ""
    is_short = len(bare.split()) <= (6 if colon else 4)
    return (version, rest) if is_short else (0, "")


def mails(series: Series) -> Iterator[tuple[Message, Patch | None]]:
    """Yield each mail of a series, with its patch."""
    if series.cover is not None:
        yield series.cover, None
    yield from ((patch.message, patch) for patch in series.patches)


def words_of(series: Series) -> Iterator[tuple[Message, int, str]]:
    """Yield what the author of a series wrote: no log of a patch, and no diffstat."""
    for message, patch in mails(series):
        log = patch.parts.log if patch else range(0)
        for number, text in free_lines(message, patch):
            if number not in log and not _DIFFSTAT.match(text):
                yield message, number, text
