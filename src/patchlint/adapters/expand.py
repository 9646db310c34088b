# SPDX-License-Identifier: GPL-2.0-or-later
"""Unpack gzip, bzip2 and xz in memory, up to a bound."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

_CHUNK = 1 << 18
_MEMORY = 256 << 20
_GZIP, _BZIP2, _XZ = b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0"
_UNKNOWN = {b"(\xb5/\xfd": "a zstd file", b"PK\3\4": "a zip archive"}


class Expanded(Struct, frozen=True):
    """What was unpacked, and what stopped it; ``over`` where it was the bound."""

    data: bytes
    fault: str = ""
    over: bool = False


def is_packed(data: bytes) -> bool:
    """Say whether this is gzip, bzip2 or xz."""
    return data.startswith(tuple(_READERS))


def cannot_unpack(data: bytes) -> str:
    """Return the name of a format that is not read, or nothing."""
    return next((name for mark, name in _UNKNOWN.items() if data.startswith(mark)), "")


def expand(data: bytes, bound: int) -> Expanded:
    """Unpack, joined files too; what is broken is unpacked as far as it goes."""
    # Only who unpacks pays for the import.
    import lzma

    read = next(reader for mark, reader in _READERS.items() if data.startswith(mark))
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in read(data):
            size += len(piece)
            if size > bound:
                return Expanded(b"", f"unpacks to more than {bound} bytes", over=True)
            pieces.append(piece)
    except EOFError:
        return Expanded(b"".join(pieces), "ends too early")
    except (OSError, zlib.error, lzma.LZMAError, ValueError) as error:
        return Expanded(b"".join(pieces), f"cannot be unpacked: {error}")
    return Expanded(b"".join(pieces))


def _gzip(data: bytes) -> Iterator[bytes]:
    import gzip

    with gzip.GzipFile(fileobj=io.BytesIO(data), mode="rb") as stream:
        while piece := stream.read1(_CHUNK):
            yield piece


def _bzip2(data: bytes) -> Iterator[bytes]:
    import bz2

    with bz2.BZ2File(io.BytesIO(data)) as stream:
        while piece := stream.read1(_CHUNK):
            yield piece


def _xz(data: bytes) -> Iterator[bytes]:
    """Unpack one stream after the other; LZMAFile takes no bound on memory."""
    import lzma

    at = 0
    while data.startswith(_XZ, at):
        stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
        while not stream.eof:
            fed = data[at : at + _CHUNK] if stream.needs_input else b""
            if stream.needs_input and not fed:
                raise EOFError
            at += len(fed)
            yield stream.decompress(fed, _CHUNK)
        at -= len(stream.unused_data)


_READERS: Mapping[bytes, Callable[[bytes], Iterator[bytes]]] = {
    _GZIP: _gzip,
    _BZIP2: _bzip2,
    _XZ: _xz,
}
