# SPDX-License-Identifier: GPL-2.0-or-later
"""The names of files in the headers of a diff: quotes, time stamps, prefixes.

Where names end is as in apply.c of git; how much of a name is prefix is not always 1.
"""

from __future__ import annotations

import re

_ESCAPE = r'\\(?:([0-3][0-7]{2})|([abfnrtv"\\]))'
_UNQUOTE = re.compile(_ESCAPE)
_QUOTED = re.compile(r'"((?:[^"\\]|\\[0-3][0-7]{2}|\\[abfnrtv"\\])*)"')
_LETTERS = dict(zip('abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))
_STAMP = re.compile(
    r"(?:\t|(?<! ) +)(?:[0-9]{2})?[0-9]{2}-[0-9]{2}-[0-9]{2}"
    r"(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?: [+-][0-9]{2}:?[0-9]{2})?$"
)
_EPOCH = re.compile(
    r"(1969-12-31|1970-01-01) ([0-2][0-9]):([0-5][0-9]):00(?:\.0+)? "
    r"([+-])([0-2][0-9]):?([0-5][0-9])\s*"
)
_NULL = re.compile(r"/dev/null(?:\s|$)")
_SLASHES = re.compile(r"//+")
_MARKS = frozenset("abciow12")
_TWICE = re.compile(r"(?:[abciow12]|\.|linux[^/]*)/")
_LONGEST = 16_384
"""No path is longer than 4096 bytes; quoted it has up to four times as many."""


def is_null(text: str) -> bool:
    """Say whether a name is that of no file."""
    return _NULL.match(text) is not None


def is_epoch(text: str) -> bool:
    """Say whether the time of a name is 0: so GNU diff says that there is no file."""
    _, tab, stamp = text.rpartition("\t")
    hit = _EPOCH.fullmatch(stamp) if tab else None
    if not hit:
        return False
    zone = (int(hit[5]) * 60 + int(hit[6])) * (-1 if hit[4] == "-" else 1)
    day = 24 * 60 if hit[1].startswith("1969") else 0
    return int(hit[2]) * 60 + int(hit[3]) - zone == day


def read_name(text: str, *, stamped: bool = False, tab: bool = True) -> str | None:
    """Return the name that stands in a header line, prefix included, or None.

    A time stamp may follow where ``stamped``; a ``tab`` ends the name, or is part of
    it (behind ``rename from``).
    """
    if not text or len(text) > _LONGEST:
        return None
    if hit := _QUOTED.match(text):
        return _unquoted(hit[1])
    if stamped and (stamp := _STAMP.search(text)):
        return _squashed(text[: stamp.start()])
    name = text.partition("\r")[0]
    return _squashed(name.partition("\t")[0] if tab else name) or None


def split_pair(text: str) -> tuple[str, str] | None:
    """Take the two names behind ``diff --git`` apart; None where that cannot be told.

    Names with blanks are told by that they are the same behind their prefix.
    """
    text = text.removesuffix("\r")
    if len(text) > 2 * _LONGEST:
        return None
    if hit := _QUOTED.match(text):
        rest = text[hit.end() :]
        new = read_name(rest[1:]) if rest[:1] in (" ", "\t") else None
        return (_unquoted(hit[1]), new) if new else None
    at = text.find(' "')
    if at > 0 and (hit := _QUOTED.fullmatch(text, at + 1)):
        return text[:at], _unquoted(hit[1])
    at = _gap(text)
    return (_squashed(text[:at]), _squashed(text[at + 1 :])) if at else None


def _gap(text: str) -> int:
    """Return where the blank between two plain names stands, or 0."""
    middle = len(text) // 2
    if len(text) % 2 and text[middle] in " \t" and _alike(text, middle):
        return middle
    slash = after = text.find("/")
    for hit in re.finditer(r"[ \t]", text):
        at = hit.start()
        after = text.find("/", at) if 0 <= after < at else after
        if slash < 0 or after < 0:
            break
        if at - slash == len(text) - after and text[slash:at] == text[after:]:
            return at
    return text.find(" ") if text.count(" ") == 1 else 0


def _alike(text: str, middle: int) -> bool:
    old, new = _squashed(text[:middle]), _squashed(text[middle + 1 :])
    count = prefix(old, new)
    return strip(old, count) == strip(new, count)


def prefix(old: str, new: str) -> int:
    """Return how many folders in front of two names of one file are none of its path.

    ``a/x b/x`` and its like have 1, ``x x`` (--no-prefix, svn) has none, and names that
    differ in one folder have that and what is before it: ``src/a/x src/b/x``.
    """
    if old == new:
        return 1 if _TWICE.match(old) else 0
    olds, news = old.split("/"), new.split("/")
    if {olds[0], news[0]} <= _MARKS or len(olds) != len(news):
        return 1
    differ = [n for n in range(len(olds)) if olds[n] != news[n]]
    return differ[0] + 1 if len(differ) == 1 and differ[0] < len(olds) - 1 else 1


def lone_prefix(name: str, usual: int) -> int:
    """Return how many folders to take off a name that stands alone."""
    return 1 if _TWICE.match(name) else usual


def strip(name: str, count: int) -> str:
    """Take ``count`` folders off a name, as far as it has them."""
    parts = name.split("/")
    return "/".join(parts[min(count, len(parts) - 1) :])


def _unquoted(name: str) -> str:
    """Undo the quoting of core.quotePath: C letters, and bytes as octal numbers."""
    raw = name.encode("utf-8", "surrogateescape").decode("latin-1")
    text = _UNQUOTE.sub(
        lambda hit: chr(int(hit[1], 8) if hit[1] else _LETTERS[hit[2]]), raw
    )
    return _squashed(text.encode("latin-1").decode("utf-8", "surrogateescape"))


def _squashed(name: str) -> str:
    return _SLASHES.sub("/", name)
