# SPDX-License-Identifier: GPL-2.0-or-later
"""Git blob ids: the proof that an image is the right one."""

from __future__ import annotations

import hashlib


def blob_oid(text: str, length: int = 40) -> str:
    """Return the id git gives to a blob of ``text`` (gitformat-pack: "blob N\\0").

    Surrogate escapes stand for their bytes. ``length`` is the length of the ids in
    use: SHA-256 for more than 40 digits, else SHA-1.
    """
    raw = text.encode("utf-8", "surrogateescape")
    data = b"blob %d\0" % len(raw) + raw
    if length > 40:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def is_blob(text: str, oid: str) -> bool:
    """Say whether ``oid``, full or abbreviated, names ``text``.

    A short id may be of either kind.
    """
    return bool(oid) and any(blob_oid(text, n).startswith(oid) for n in (40, 64))
