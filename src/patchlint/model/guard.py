# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of guards: under which condition an operation stands, before and after."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from patchlint.model.location import Location


class GuardFate(StrEnum):
    """What a patch does to the guard of a site, in the words of a table."""

    KEPT = "as it was"
    REWRITTEN = "same root"
    CHANGED = "changed"


class GuardSide(Struct, frozen=True):
    """A guarded operation on one side of a patch.

    ``asked`` is the condition as it stands there, ``root`` what it comes down to; both
    are empty where the operation is always done.
    """

    where: Location
    asked: str
    root: str


class GuardRow(Struct, frozen=True):
    """One site: what is done (``wbinvd``), in which function, and its two sides."""

    operation: str
    function: str
    before: GuardSide
    after: GuardSide
    fate: GuardFate
