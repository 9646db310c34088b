# SPDX-License-Identifier: GPL-2.0-or-later
"""How much input is read before the rest is refused, with a reason."""

from __future__ import annotations

from msgspec import Struct

_MIB = 1 << 20


class Limits(Struct, frozen=True):
    """The bounds of one run. Mail comes from strangers: none may be endless.

    Bytes are those after decompression. ``depth`` is that of nested MIME parts.
    ``unpackings`` is how often one thing may be unpacked in another, and ``expansion``
    how many bytes a byte may become (text becomes 3 to 10). Seconds are CPU seconds,
    but for ``child_seconds``: how long another program may take to answer of one patch;
    ``child_bytes`` is how much it may answer.
    """

    input_bytes: int = 2048 * _MIB
    mail_bytes: int = 64 * _MIB
    line_bytes: int = 1 * _MIB
    mails: int = 50_000
    patches: int = 2_000
    files: int = 20_000
    hunk_lines: int = 1_000_000
    log_lines: int = 10_000
    depth: int = 50
    archive_members: int = 100_000
    unpackings: int = 2
    expansion: int = 200
    rule_seconds: float = 20.0
    series_seconds: float = 300.0
    child_seconds: float = 60.0
    child_bytes: int = 8 * _MIB


DEFAULT_LIMITS = Limits()
