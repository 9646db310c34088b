# SPDX-License-Identifier: GPL-2.0-or-later
"""Read tar archives in memory: ustar, pax and GNU names, nothing else.

Written here because archives come from strangers: the tarfile of Python loops for ever
on a size below zero (CVE-2025-8194) and backtracks in pax headers (CVE-2024-6232) on
versions we run on. Nothing is ever extracted, so that little is needed: headers of 512
bytes, each followed by its data (pax(1), tar(5)).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

_BLOCK = 512
_REGULAR = (b"0", b"\0", b"7")
_LONG_NAME, _PAX = b"L", b"x"
_BESIDE = (_LONG_NAME, _PAX, b"K", b"g")
_FOLDER = b"5"
_LONGEST = 4096
_PAX_LONGEST = 1 << 20
_SUM = slice(148, 156)


class TarError(Exception):
    """The archive cannot be read from here on; the text says why."""


class Member(Struct, frozen=True):
    """A file of an archive; ``data`` is None for links, devices and the like."""

    name: str
    data: bytes | None


class _Header(Struct, frozen=True):
    name: bytes
    size: int
    kind: bytes


def is_tar(data: bytes) -> bool:
    """Say whether this is a tar archive."""
    return data[257:262] == b"ustar" and _is_header(data[:_BLOCK])


def members(data: bytes) -> Iterator[Member]:
    """Yield the members but folders; raises TarError where the archive is broken."""
    at, told = 0, dict[bytes, bytes]()
    while any(block := data[at : at + _BLOCK]):
        header = _header(block)
        size = header.size
        if header.kind not in _BESIDE and b"size" in told:
            size = _decimal(told[b"size"])
        start, end = at + _BLOCK, at + _BLOCK + size
        if end > len(data):
            raise TarError("ends in the middle of a file")
        at = end + -size % _BLOCK
        if header.kind in _BESIDE:
            told |= _told(header.kind, data[start:end])
            continue
        name = told.get(b"path", header.name)
        if header.kind != _FOLDER and not name.endswith(b"/"):
            sparse = any(key.startswith(b"GNU.sparse") for key in told)
            plain = header.kind in _REGULAR and not sparse
            yield Member(_text(name), data[start:end] if plain else None)
        told = {}


def _header(block: bytes) -> _Header:
    if not _is_header(block):
        raise TarError("not a tar header where one must be")
    name, prefix = _until_nul(block[:100]), b""
    if block[257:263] == b"ustar\0":
        prefix = _until_nul(block[345:500])
    full = prefix + b"/" + name if prefix else name
    return _Header(full, _number(block[124:136]), block[156:157])


def _is_header(block: bytes) -> bool:
    if len(block) < _BLOCK:
        return False
    told = _until_nul(block[_SUM]).strip()
    blank = sum(block) - sum(block[_SUM]) + 8 * ord(" ")
    return told.isdigit() and len(told) < 9 and told == b"%0*o" % (len(told), blank)


def _number(field: bytes) -> int:
    """Return a size: octal digits, or big numbers in base 256."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = _until_nul(field).strip() or b"0"
    if not all(digit in b"01234567" for digit in digits):
        raise TarError("a size that is no number")
    return int(digits, 8)


def _told(kind: bytes, data: bytes) -> dict[bytes, bytes]:
    """Return what stands beside the header of the next member."""
    if kind == _LONG_NAME:
        return {b"path": _until_nul(data[:_LONGEST])}
    return _records(data[:_PAX_LONGEST]) if kind == _PAX else {}


def _records(data: bytes) -> dict[bytes, bytes]:
    """Return the records of a pax header, each ``LENGTH KEY=VALUE`` and a newline."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        length, blank, _ = data[at : at + 10].partition(b" ")
        size = _decimal(length) if blank else 0
        if size <= len(length) + 1:
            break
        key, _, value = data[at + len(length) + 1 : at + size - 1].partition(b"=")
        found[key] = value
        at += size
    return found


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > 15:
        raise TarError("a size that is no number")
    return int(digits)


def _until_nul(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _text(name: bytes) -> str:
    return name[:_LONGEST].decode("utf-8", "replace")
