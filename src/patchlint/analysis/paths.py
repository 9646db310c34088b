# SPDX-License-Identifier: GPL-2.0-or-later
"""Where in the tree a rule holds."""

from __future__ import annotations

from patchlint.lint.options import Options


def is_covered(options: Options, path: str) -> bool:
    """Say whether a path begins like one of ``paths`` and like none of ``but_not``.

    Both are lists of folders, ending in a slash, or of files.
    """
    inside = path.startswith(options.words("paths"))
    return inside and not path.startswith(options.words("but_not"))
