# SPDX-License-Identifier: GPL-2.0-or-later
"""How a report is to look on a screen: how wide, how much, what leads where."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from msgspec import Struct


class Detail(IntEnum):
    """How much is said around the findings."""

    QUIET = 0
    USUAL = 1
    VERBOSE = 2


def _nowhere(path: str, line: int) -> str:  # noqa: ARG001
    """Know no place of a file."""
    return ""


class Look(Struct, frozen=True):
    """Our own words wrap at ``width`` columns.

    ``seconds`` is how long it took; None where the same input must give the same
    bytes. ``link`` names the place of a line of a file as a URL of printable ASCII, or
    "" where there is none.
    """

    width: int = 80
    detail: Detail = Detail.USUAL
    seconds: float | None = None
    link: Callable[[str, int], str] = _nowhere


PLAIN = Look()
