# SPDX-License-Identifier: GPL-2.0-or-later
"""What is about a posting as a whole, apart from what is about each mail.

Programs that hand us one mail after the other have heard of each when the last comes.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from patchlint.adapters.rulebook import rulebook
from patchlint.model.finding import Report

_GROUP = "series/"
_SCOPES = ("series", "version")
# What these miss may stand in the letter.
_OF_LETTER = frozenset(
    f"{_GROUP}{name}"
    for name in ("base-named", "cover-letter", "history-omits", "version-history")
)


def of_the_whole(report: Report) -> Report:
    """Return what needs more than one mail to be seen."""
    return _only(report, _scoped())


def of_whole_and_letter(report: Report) -> Report:
    """Return that, and what is said of the cover letter: nobody hands us that one."""
    letter = replace(report, findings=tuple(f for f in report.findings if not f.patch))
    whole = of_the_whole(report)
    both = dict.fromkeys((*of_each(letter).findings, *whole.findings))
    return replace(whole, findings=tuple(both))


def of_each(report: Report) -> Report:
    """Return all the rest."""
    is_whole = _scoped()
    return _only(report, lambda rule: not is_whole(rule))


def _scoped() -> Callable[[str], bool]:
    """Return what says of a rule whether it is about a posting.

    One of that group may look at a single mail, and say which others are missing.
    """
    scopes = {card.id: card.scope for card in rulebook().cards}
    return lambda rule: rule.startswith(_GROUP) or scopes.get(rule) in _SCOPES


def _only(report: Report, wanted: Callable[[str], bool]) -> Report:
    return replace(
        report,
        findings=tuple(f for f in report.findings if wanted(f.rule)),
        skips=tuple(skip for skip in report.skips if wanted(skip.rule)),
        crashes=tuple(crash for crash in report.crashes if wanted(crash.rule)),
    )


def without_letter(report: Report) -> Report:
    """Return what can be said where the cover letter may be there, unseen."""
    return _only(report, lambda rule: rule not in _OF_LETTER)
