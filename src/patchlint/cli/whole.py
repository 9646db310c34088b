# SPDX-License-Identifier: GPL-2.0-or-later
"""What is about a posting as a whole, apart from what is about each mail.

Programs that hand us one mail after the other have heard of each when the last comes.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from patchlint.adapters.rulebook import rulebook
from patchlint.model.finding import Report

_SCOPES = ("series", "version")


def of_the_whole(report: Report) -> Report:
    """Return what rules say that look at more than one mail."""
    scopes = {card.id: card.scope for card in rulebook().cards}
    return _only(report, lambda rule: scopes.get(rule) in _SCOPES)


def of_each(report: Report) -> Report:
    """Return all the rest."""
    scopes = {card.id: card.scope for card in rulebook().cards}
    return _only(report, lambda rule: scopes.get(rule) not in _SCOPES)


def _only(report: Report, wanted: Callable[[str], bool]) -> Report:
    return replace(
        report,
        findings=tuple(f for f in report.findings if wanted(f.rule)),
        skips=tuple(skip for skip in report.skips if wanted(skip.rule)),
        crashes=tuple(crash for crash in report.crashes if wanted(crash.rule)),
    )
