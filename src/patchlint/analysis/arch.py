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


def fits(path: str, arch: str) -> bool:
    """Say whether a file can be part of a kernel for ``arch``; "" is any."""
    if arch == "x86_64":
        return is_x86_64(path)
    return not arch or not path.startswith("arch/") or path.startswith(f"arch/{arch}/")
