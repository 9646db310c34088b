# SPDX-License-Identifier: GPL-2.0-or-later
"""The describing part of a card, for those who only show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A rule by its id (``group/name``) and the sentence that says what it finds."""

    id: str
    summary: str
