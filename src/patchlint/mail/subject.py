# SPDX-License-Identifier: GPL-2.0-or-later
"""Take ``[PATCH net-next v3 2/7] text`` apart."""

from __future__ import annotations

import re

from patchlint.model.message import Subject

_REPLY = re.compile(r"\s*(?:re|aw|fwd?|sv|回复|答复)\s*(?::|\uff1a)\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\[([^\]]*)\]")
_VERSION = re.compile(r"v(\d{1,4})(?:\.\d+)?$", re.IGNORECASE)
_GLUED = re.compile(r"(\S*PATCH)v(\d{1,4})(?:\.\d+)?$", re.IGNORECASE)
_COUNT = re.compile(r"(\d{1,5})/(\d{1,5})$")


def parse_subject(raw: str, line: int = 0) -> Subject:
    """Read reply marks, prefixes, version and position.

    ``raw`` is the decoded, unfolded header. A mail that does not count is 1/1, one
    that names no version is v1.
    """
    reply = False
    words: list[str] = []
    rest = raw
    while found := _REPLY.match(rest) or _BRACKETS.match(rest):
        if found.re is _REPLY:
            reply = True
        else:
            words += found[1].replace(",", " ").split()
        rest = rest[found.end() :]
    version, position, total = 1, 1, 1
    prefixes: list[str] = []
    for word in words:
        if hit := _VERSION.match(word):
            version = int(hit[1])
        elif hit := _GLUED.match(word):
            prefixes.append(hit[1])
            version = int(hit[2])
        elif hit := _COUNT.match(word):
            position, total = int(hit[1]), int(hit[2])
        else:
            prefixes.append(word)
    return Subject(rest.strip(), line, tuple(prefixes), version, position, total, reply)
