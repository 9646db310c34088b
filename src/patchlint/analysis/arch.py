# SPDX-License-Identifier: GPL-2.0-or-later
"""Which architecture a path belongs to."""

from __future__ import annotations


def is_x86_64(path: str) -> bool:
    """Say whether a file can be part of an x86-64 kernel.

    Other architectures and files for 32 bit are not; what is outside ``arch/`` is.
    """
    if path.startswith("arch/") and not path.startswith("arch/x86/"):
        return False
    return "_32." not in path
