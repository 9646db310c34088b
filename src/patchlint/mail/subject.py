# SPDX-License-Identifier: GPL-2.0-or-later
"""Take ``[PATCH net-next v3 2/7] text`` apart."""

from __future__ import annotations

import re

from msgspec.structs import replace

from patchlint.model.message import Subject

_REPLY = re.compile(
    r"[\s:]*(?:re|aw|antw|fwd?|sv|wg|ynt|odp|回复|回覆|答复|答覆|转发|轉發|轉寄)"
    r"(?:\[\d{1,3}\]|\^\d{1,3})?\s*[:\uff1a]\s*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[\s:]*\[([^\]]*)\]")
_JOINED = ("RFC/PATCH", "PATCH/RFC")
_VERSION = re.compile(r"-?v\.?(\d{1,4})(?:\.\d+)?:?$", re.IGNORECASE)
_GLUED = re.compile(r"(\S*PATCH)[-_]?v(\d{1,4})(?:\.\d+)?:?$", re.IGNORECASE)
_COUNT = re.compile(r"(.*?)(\d{1,5})/(\d{1,5}):?$")
_OF = re.compile(r"\b(\d{1,5}) of (\d{1,5})\b", re.IGNORECASE)


def parse_subject(raw: str, line: int = 0) -> Subject:
    """Read reply marks, prefixes, version and position.

    ``raw`` is the decoded, unfolded header. A mail that does not count is 1/1, one
    that names no version is v1.
    """
    words: list[str] = []
    at, reply = 0, False
    while found := _REPLY.match(raw, at) or _BRACKETS.match(raw, at):
        if found.re is _REPLY:
            reply = True
        else:
            words += _OF.sub(r"\1/\2", found[1]).replace(",", " ").split()
        at = found.end()
    text = raw[at:].lstrip(": \t").strip()
    if text[-5:].lower() == "(fwd)":
        text, reply = text[:-5].rstrip(), True
    return _with_words(Subject(text, line, reply=reply), words)


def _with_words(subject: Subject, words: list[str]) -> Subject:
    """Add what the words in the brackets say."""
    version, position, total = 1, 1, 1
    prefixes: list[str] = []
    for word in words:
        if hit := _VERSION.match(word):
            version = int(hit[1])
        elif hit := _GLUED.match(word):
            prefixes.append(hit[1])
            version = int(hit[2])
        elif (hit := _COUNT.match(word)) and hit[1].upper() in ("", "PATCH"):
            prefixes += [hit[1]] if hit[1] else []
            position, total = int(hit[2]), int(hit[3])
        else:
            prefixes += word.split("/") if word.upper() in _JOINED else [word]
    return replace(
        subject,
        prefixes=tuple(prefixes),
        version=version,
        position=position,
        total=total,
    )
