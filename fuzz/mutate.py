# SPDX-License-Identifier: GPL-2.0-or-later
"""Change mails as mailers, archives and strangers do, rather than byte by byte."""

from __future__ import annotations

import base64
import quopri
import random
import re
from collections.abc import Callable

from fuzz.words import FIELDS, LINES, VALUES

Change = Callable[[bytes, random.Random], bytes]

_NUMBER = re.compile(rb"\d+")
_HUNK = re.compile(rb"^@@ -[^\n]*\n", re.MULTILINE)
_HEAD = re.compile(rb"\n\n")
_MARK = b"From " + b"0" * 40 + b" Mon Sep 17 00:00:00 2001\n"
_NUMBERS = (b"0", b"1", b"2", b"7", b"99999", b"4294967296", b"9" * 30, b"-1", b"")
_PLAIN_SHARE = 0.3


class Mutator:
    """The custom mutator and crossover of libFuzzer; ``plain`` is its own mutation."""

    def __init__(self, plain: Callable[[bytes, int], bytes]) -> None:
        self._plain = plain

    def mutate(self, data: bytes, longest: int, seed: int) -> bytes:
        """Return another input, made by one to three changes."""
        rng = random.Random(seed)  # noqa: S311 - no secret
        for _ in range(rng.choice((1, 1, 2, 3))):
            if rng.random() < _PLAIN_SHARE:
                data = self._plain(data[:longest], longest)
            else:
                data = rng.choice(CHANGES)(data, rng)
        return data[:longest]

    def cross(self, one: bytes, other: bytes, longest: int, seed: int) -> bytes:
        """Return one input with a part of another."""
        rng = random.Random(seed)  # noqa: S311 - no secret
        kind = rng.randrange(4)
        if kind == 0:  # the header of one, the body of the other
            made = _head(one) + _body(other)
        elif kind == 1:
            made = _MARK + one + b"\n" + _MARK + other
        elif kind == 2:  # a hunk of the other
            at, hunks = _line_at(one, rng), _HUNK.split(other)
            made = one[:at] + b"@@ -1,3 +1,4 @@\n" + rng.choice(hunks) + one[at:]
        else:
            begin, end = sorted((_line_at(other, rng), _line_at(other, rng)))
            at = _line_at(one, rng)
            made = one[:at] + other[begin:end] + one[at:]
        return made[:longest]


def _head(data: bytes) -> bytes:
    hit = _HEAD.search(data)
    return data[: hit.end()] if hit else data


def _body(data: bytes) -> bytes:
    hit = _HEAD.search(data)
    return data[hit.end() :] if hit else b""


def _line_at(data: bytes, rng: random.Random) -> int:
    """Return the offset of a line."""
    return data.find(b"\n", rng.randrange(len(data) + 1)) + 1


def _swap(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _cut(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    del lines[at : at + rng.choice((1, 1, 2, 5, 20))]
    return b"\n".join(lines)


def _repeat(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    part = lines[at : at + rng.choice((1, 1, 3, 8))]
    lines[at:at] = part * rng.choice((1, 1, 2, 9))
    return b"\n".join(lines)


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = _line_at(data, rng)
    return data[:at] + rng.choice(LINES) + b"\n" + data[at:]


def _word(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(VALUES) + data[at:]


def _header(data: bytes, rng: random.Random) -> bytes:
    """Add a field, at the front or behind some line."""
    at = 0 if rng.random() < 0.7 else _line_at(_head(data), rng)
    return data[:at] + rng.choice(FIELDS) + b"\n" + data[at:]


def _number(data: bytes, rng: random.Random) -> bytes:
    hits = list(_NUMBER.finditer(data))
    if not hits:
        return data
    hit = rng.choice(hits)
    return data[: hit.start()] + rng.choice(_NUMBERS) + data[hit.end() :]


def _mark(data: bytes, rng: random.Random) -> bytes:
    """Change the mark of a line of a diff, or what a line begins with."""
    at = _line_at(data, rng)
    return data[:at] + rng.choice((b"+", b"-", b" ", b"\\ ", b"@")) + data[at + 1 :]


def _encode(data: bytes, rng: random.Random) -> bytes:
    head, body = _head(data), _body(data)
    name, made = rng.choice(
        ((b"base64", base64.encodebytes), (b"quoted-printable", quopri.encodestring))
    )
    return b"Content-Transfer-Encoding: " + name + b"\n" + head + made(body)


def _charset(data: bytes, rng: random.Random) -> bytes:
    name = rng.choice(("utf-16", "utf-7", "latin-1", "gb18030", "iso2022_jp", "utf-32"))
    label = f"Content-Type: text/plain; charset={name}\n".encode()
    body = _body(data).decode("utf-8", "replace").encode(name, "replace")
    return label + _head(data) + body


def _part(data: bytes, rng: random.Random) -> bytes:
    """Put the body into one of several parts."""
    kind = rng.choice((b"mixed", b"alternative", b"signed", b"digest", b"x"))
    inner = rng.choice((b"text/plain", b"text/x-patch", b"text/html", b"x"))
    edge = b"b%d" % rng.randrange(3)
    top = b"Content-Type: multipart/%s; boundary=%s\n" % (kind, edge)
    begin = b"--%s\nContent-Type: %s\n\n" % (edge, inner)
    other = rng.choice((b"", b"--%s\n\nother\n" % edge, b"--%s\n" % edge))
    end = rng.choice((b"--%s--\n" % edge, b"--%s\n" % edge, b""))
    return top + _head(data) + other + begin + _body(data) + b"\n" + end


def _attach(data: bytes, _: random.Random) -> bytes:
    return b"Content-Type: message/rfc822\n\n" + data


def _ends(data: bytes, rng: random.Random) -> bytes:
    """Change line ends, in all or in a part."""
    at = _line_at(data, rng)
    end = rng.choice((b"\r\n", b"\r", b"\r\r\n", b"\n\n", b"\0\n", b" \n"))
    return data[:at] + data[at:].replace(b"\n", end, rng.choice((-1, 1, 5)))


def _again(data: bytes, rng: random.Random) -> bytes:
    """Put the same mail behind itself, or a part of it."""
    return _MARK + data + b"\n" + _MARK + data[: rng.randrange(len(data) + 1)]


def _quote(data: bytes, _: random.Random) -> bytes:
    body = _body(data).replace(b"\n", b"\n> ")
    return _head(data) + b"> " + body


CHANGES: tuple[Change, ...] = (
    _swap, _cut, _repeat, _insert, _insert, _word, _word, _header, _number, _number,
    _mark, _mark, _encode, _charset, _part, _attach, _ends, _again, _quote,
)  # fmt: skip
