# SPDX-License-Identifier: GPL-2.0-or-later
"""Run rules over series: pure, ordered, and no rule can stop another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from patchlint.lint.context import contexts
from patchlint.lint.profile import EVERYTHING, Policy, Profile
from patchlint.lint.rule import Result, Rule
from patchlint.model.finding import Crash, Finding, Report, Skip
from patchlint.model.rule import RuleInfo
from patchlint.model.series import Series
from patchlint.series.images import BlobSource
from patchlint.series.tree import TreeSource


def run(
    rules: Sequence[Rule],
    postings: Iterable[Series],
    source: BlobSource,
    trees: TreeSource | None = None,
    policy: Policy = EVERYTHING,
) -> Report:
    """Return what the audience is told, by series, then mail, then line, then rule."""
    results: list[Result] = []
    for series in postings:
        laid_out = contexts(series, source, trees)
        order = {mail.message_id: at for at, mail in enumerate(series.messages)}
        profile = policy.profile(series)
        asked = [rule for rule in rules if policy.asks_for(profile, rule.card.id)]
        found = [result for rule in asked for result in rule.apply(laid_out)]
        found = list(_told(found, policy, profile))
        found += _unreadable(asked, series)
        results += sorted(found, key=lambda result: _key(result, order))
    return Report(
        rules=tuple(RuleInfo(rule.card.id, rule.card.summary) for rule in rules),
        findings=tuple(r for r in results if isinstance(r, Finding)),
        skips=tuple(dict.fromkeys(r for r in results if isinstance(r, Skip))),
        crashes=tuple(r for r in results if isinstance(r, Crash)),
    )


def _told(
    results: Iterable[Result], policy: Policy, profile: Profile
) -> Iterator[Result]:
    """Yield the results that the audience is told, as loud as the tree has them."""
    for result in results:
        if not isinstance(result, Finding):
            yield result
            continue
        finding = replace(result, severity=policy.severity(profile, result))
        if policy.says(profile, finding):
            yield finding


def _unreadable(rules: Sequence[Rule], series: Series) -> Iterator[Skip]:
    """A mail or a diff that cannot be read is not checked, rather than clean."""
    for patch in series.patches:
        for defect in (*patch.message.defects, *patch.defects):
            if not defect.hides:
                continue
            needs = f"a diff that can be read: {defect}"
            for rule in rules:
                if rule.card.scope in ("patch", "program"):
                    yield Skip(rule.card.id, patch.message.message_id, needs)


def _key(result: Result, order: Mapping[str, int]) -> tuple[object, ...]:
    """Order by mail and place; at one place the loudest and best proven first."""
    mail = order[result.message_id]
    if not isinstance(result, Finding):
        return mail, 0, 0, 0, 0, result.rule, ""
    at = result.anchor.span
    rank = (-result.severity, -len(result.trace))
    return mail, at.line, at.column, *rank, result.rule, result.message
