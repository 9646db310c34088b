# SPDX-License-Identifier: GPL-2.0-or-later
"""Which architecture a path belongs to."""

from __future__ import annotations

import re

# Folders whose files are linked into programs of their own.
_APART = re.compile(
    r"(?:tools|scripts|samples|usr|Documentation)/"
    r"|arch/\w+/(?:boot/compressed|boot|tools|purgatory|realmode|(?:\w+/)?vdso\w*)/"
)


def is_x86_64(path: str) -> bool:
    """Say whether a file can be part of an x86-64 kernel.

    Other architectures and files for 32 bit are not; what is outside ``arch/`` is.
    The emulation of the floating-point unit is only built for 32 bit.
    """
    if path.startswith("arch/") and not path.startswith("arch/x86/"):
        return False
    return "_32." not in path and "/math-emu/" not in path


def fits(path: str, arch: str) -> bool:
    """Say whether a file can be part of a kernel for ``arch``; "" is any."""
    if arch == "x86_64":
        return is_x86_64(path)
    return not arch or not path.startswith("arch/") or path.startswith(f"arch/{arch}/")


def family(path: str) -> str | None:
    """Return the architecture a file is for: ``x86``, ``arm64``, or "" for any.

    None for those whose operations are not known here.
    """
    if not path.startswith("arch/"):
        return ""
    if path.startswith("arch/arm64/"):
        return "arm64"
    return "x86" if is_x86_64(path) else None


def can_mean(path: str, other: str) -> bool:
    """Say whether code in ``path`` can mean what the file ``other`` defines.

    Not what another architecture defines, nor what is linked into another program:
    boot code, the vDSO, tools.
    """
    theirs = _architecture(other)
    return _program(path) == _program(other) and theirs in ("", _architecture(path))


def _architecture(path: str) -> str:
    folders = path.split("/")
    return folders[1] if folders[0] == "arch" else ""


def _program(path: str) -> str:
    found = _APART.match(path)
    return found[0] if found else ""
