# SPDX-License-Identifier: GPL-2.0-or-later
"""Globs over paths, in time that grows with their length, whoever wrote them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_ANY = "*"
_FOLDERS = "**"


def fits(glob: str, path: str) -> bool:
    """Say whether a path fits a glob.

    ``*`` and ``?`` stay within a name, ``**`` stands for any folders. A glob without a
    slash is about the last name of a path, one that ends with a slash about all below.
    """
    if "/" not in glob.rstrip("/"):
        glob = f"**/{glob}"
    if glob.endswith("/"):
        glob += _FOLDERS
    return _match(
        glob.removeprefix("/").split("/"), path.split("/"), _FOLDERS, _name_fits
    )


def _name_fits(glob: str, name: str) -> bool:
    return _match(glob, name, _ANY, lambda sign, char: sign in ("?", char))


def _match(
    signs: Sequence[str],
    parts: Sequence[str],
    star: str,
    fits_one: Callable[[str, str], bool],
) -> bool:
    """Match signs to parts; a star takes as few as it can, then one more.

    Only the last star need ever take more: what stands before it has been found as
    early as that can be.
    """
    at, sign, back, taken = 0, 0, -1, 0
    while at < len(parts):
        if sign < len(signs) and signs[sign] == star:
            back, taken = sign, at
            sign += 1
        elif sign < len(signs) and fits_one(signs[sign], parts[at]):
            at, sign = at + 1, sign + 1
        elif back >= 0:
            taken += 1
            at, sign = taken, back + 1
        else:
            return False
    return all(rest == star for rest in signs[sign:])
