# SPDX-License-Identifier: GPL-2.0-or-later
"""The describing part of a card, for those who only show it."""

from __future__ import annotations

from msgspec import Struct


class RuleInfo(Struct, frozen=True):
    """A rule by its id (``group/name``) and the sentence that says what it finds.

    ``why`` and ``fix`` are paragraphs, ``severity`` and ``confidence`` the words of the
    card: a finding may have others.
    """

    id: str
    summary: str
    why: str = ""
    fix: str = ""
    severity: str = ""
    confidence: str = ""
