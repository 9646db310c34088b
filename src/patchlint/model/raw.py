# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes in: bytes, and the name they came under."""

from __future__ import annotations

from msgspec import Struct


class Raw(Struct, frozen=True):
    """One input before anything is known of it.

    ``name`` is for people, as it is shown when something is wrong: a path, or
    ``ARCHIVE: MEMBER``. It is never used as a path.
    """

    name: str
    data: bytes
