# SPDX-License-Identifier: GPL-2.0-or-later
"""Which files of a folder are mail or patches, by their names, and in which order."""

from __future__ import annotations

import re

_PACKED = r"(?:\.(?:gz|bz2|xz))?"
_WANTED = re.compile(
    r".*\.(?:patch|diff|eml|mbox|mboxrd|mbx|mail|cover)" + _PACKED
    + r"|.*\.(?:tar|tgz|tbz2?|txz)" + _PACKED
    + r"|\d+|(?:v\d+-)?\d{4}-.*",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)  # fmt: skip
_LEFT_OVER = re.compile(r"\..*|#.*|.*~|.*\.(?:orig|rej|bak|swp)", re.DOTALL)
_DIGITS = re.compile(r"([0-9]+)")
_LONGEST = 120

NaturalKey = tuple[tuple[int, str], ...]


def natural(name: str) -> tuple[NaturalKey, str]:
    """Return the key that sorts ``2-b`` before ``10-a``."""
    parts = _DIGITS.split(name)
    numbers = [part.lstrip("0") for part in parts[1::2]]
    words = [(0, word) for word in parts[0::2]]
    counted = [(len(digits), digits) for digits in numbers]
    mixed = [pair for both in zip(words, counted, strict=False) for pair in both]
    return (*mixed, words[-1]), name


def is_wanted(name: str) -> bool:
    """Say whether a file is named as mail, patches or archives of them are."""
    return _WANTED.fullmatch(name) is not None and not is_left_over(name)


def is_left_over(name: str) -> bool:
    """Say whether an editor or a tool left this file behind, or hid it."""
    return _LEFT_OVER.fullmatch(name) is not None


def shown(name: str) -> str:
    """Return a name that strangers chose as one short, printable line."""
    line = "".join(c if c.isprintable() else "?" for c in name[: _LONGEST + 1])
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def inside(name: str) -> bool:
    """Say whether a name stays in the folder it is looked up in."""
    return bool(name) and not name.startswith("/") and ".." not in name.split("/")
