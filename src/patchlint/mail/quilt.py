# SPDX-License-Identifier: GPL-2.0-or-later
"""The ``series`` file of a quilt: which patches, in which order, with which strip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_NAMES = re.compile(
    rb"^(?P<minus>--- )(?P<old>[^\t\r\n]+)(?P<then>[^\n]*\n)"
    rb"(?P<plus>\+\+\+ )(?P<new>[^\t\r\n]+)(?P<last>[^\n]*\n)(?=@@ )",
    re.MULTILINE,
)
_GIT = re.compile(rb"^diff --git (?P<old>\S+) (?P<new>\S+)(?P<cr>\r?)$", re.MULTILINE)
_NULL = b"/dev/null"


class QuiltPatch(Struct, frozen=True):
    """A line of the series file; ``strip`` leading folders are not of the tree."""

    name: str
    strip: int = 1
    reverse: bool = False


def parse_quilt(text: str) -> Iterator[QuiltPatch]:
    """Yield the patches of a ``series`` file (quilt(1)): a name, options, a comment."""
    for line in text.splitlines():
        words = re.sub(r"(?:^|\s)#.*", "", line).split()
        if not words:
            continue
        options = " ".join(words[1:])
        strip = re.search(r"-p\s*(\d+|ab)(?:\s|$)", options)
        level = int(strip[1]) if strip and strip[1] != "ab" else 1
        yield QuiltPatch(words[0], min(level, 99), "-R" in words[1:])


def to_p1(data: bytes, strip: int) -> bytes:
    """Write the file names of a diff as ``-p1`` wants them; lines stay lines."""
    if strip == 1:
        return data
    data = _GIT.sub(lambda hit: _git_line(hit, strip), data)
    return _NAMES.sub(lambda hit: _name_lines(hit, strip), data)


def _git_line(hit: re.Match[bytes], strip: int) -> bytes:
    old, new = _as_p1(hit["old"], strip, b"a/"), _as_p1(hit["new"], strip, b"b/")
    return b"diff --git %s %s%s" % (old, new, hit["cr"])


def _name_lines(hit: re.Match[bytes], strip: int) -> bytes:
    old, new = _as_p1(hit["old"], strip, b"a/"), _as_p1(hit["new"], strip, b"b/")
    return hit["minus"] + old + hit["then"] + hit["plus"] + new + hit["last"]


def _as_p1(name: bytes, strip: int, side: bytes) -> bytes:
    if name == _NULL:
        return name
    return side + name.split(b"/", strip)[-1] if name.count(b"/") >= strip else name
