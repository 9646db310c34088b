# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody asked not to hear is counted, not said; what asks in vain is told.

A line is in vain where its rule ran, could look, and found nothing there. Whoever gets
a patch is not told of the lines of its author.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from patchlint.lint.baseline import Entry
from patchlint.lint.ignores import Ignore, ignores
from patchlint.lint.profile import Audience, Policy
from patchlint.lint.selection import names
from patchlint.lint.vain import OURS, old_entries, vain_ignores
from patchlint.model.finding import (
    Baseline,
    Comparison,
    Finding,
    Ignored,
    Report,
    Silencer,
)
from patchlint.model.rule import RuleInfo
from patchlint.model.series import Series

Used = frozenset[tuple[Ignore, str]]


class Wish(Struct, frozen=True):
    """What is not to be said, and what it takes to tell whether that was in vain.

    ``rules`` are the ids of all rules there are. Comments count where the patches are
    commits, and no mails.
    """

    policy: Policy
    rules: tuple[str, ...]
    today: date
    baseline: tuple[Entry, ...] = ()
    heeds_comments: bool = False


def suppressed(report: Report, postings: Sequence[Series], wish: Wish) -> Report:
    """Return the report without what is not to be said, with what asked in vain."""
    asked = tuple(ignore for series in postings for ignore in ignores(series))
    if not wish.baseline and not asked:
        return report
    gone, used = _gone(report.findings, asked, wish)
    silent = {id(one.finding) for one in gone}
    left = [finding for finding in report.findings if id(finding) not in silent]
    quiet = replace(
        report,
        ignored=gone,
        comparisons=tuple(_without(c, gone, postings) for c in report.comparisons),
    )
    if wish.policy.audience is Audience.AUTHOR:
        in_vain = vain_ignores(report, postings, wish, asked, used)
        told = (*in_vain, *old_entries(report, postings, wish))
        left += (_loud(one, wish) for one in told if _is_wanted(one, wish))
    return _in_order(quiet, left, postings)


def _gone(
    findings: Sequence[Finding], asked: Sequence[Ignore], wish: Wish
) -> tuple[tuple[Ignored, ...], Used]:
    """Return what is not to be said, and which words of which lines asked for it."""
    by_mail: dict[str, list[Ignore]] = {}
    for ignore in asked:
        if ignore.reason and (wish.heeds_comments or not ignore.is_comment):
            by_mail.setdefault(ignore.message_id, []).append(ignore)
    entries = {entry.fingerprint: entry for entry in wish.baseline}
    gone: list[Ignored] = []
    used: set[tuple[Ignore, str]] = set()
    for finding in findings:
        line = finding.anchor.span.line
        near = (i for i in by_mail.get(finding.message_id, ()) if i.covers_line(line))
        words = [(i, w) for i in near for w in i.rules if names(w, finding.rule)]
        used.update(words)
        entry = entries.get(finding.fingerprint)
        if words:
            first = words[0][0]
            by = Silencer.COMMENT if first.is_comment else Silencer.MAIL
            gone.append(Ignored(finding, by, first.reason))
        elif entry and entry.rule == finding.rule and entry.expires >= wish.today:
            gone.append(Ignored(finding, Silencer.BASELINE, entry.reason))
    return tuple(gone), frozenset(used)


def _is_wanted(finding: Finding, wish: Wish) -> bool:
    return wish.policy.selection.asks_for(finding.rule)


def _loud(finding: Finding, wish: Wish) -> Finding:
    level = wish.policy.selection.severity(finding.rule)
    return finding if level is None else replace(finding, severity=level)


def _without(
    found: Comparison, gone: Sequence[Ignored], postings: Sequence[Series]
) -> Comparison:
    """Return a comparison that does not count as new what is not said."""
    series = next((s for s in postings if s.head.message_id == found.message_id), None)
    mails = {mail.message_id for mail in series.messages} if series else set[str]()
    of_it = [one.finding for one in gone if one.finding.message_id in mails]
    new = sum(finding.baseline is Baseline.NEW for finding in of_it)
    return replace(found, new=found.new - new)


def _in_order(
    report: Report, findings: Sequence[Finding], postings: Sequence[Series]
) -> Report:
    """Return the report with these findings, by mail and line."""
    order: dict[str, int] = {}
    for mail in (mail for series in postings for mail in series.messages):
        order.setdefault(mail.message_id, len(order))
    ours = {finding.rule for finding in findings}
    more: tuple[RuleInfo, ...] = tuple(rule for rule in OURS if rule.id in ours)
    place = sorted(findings, key=lambda f: (order[f.message_id], f.anchor.span.line))
    return replace(report, rules=(*report.rules, *more), findings=tuple(place))
