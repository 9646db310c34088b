# SPDX-License-Identifier: GPL-2.0-or-later
"""Run rules over series: pure, ordered, and no rule can stop another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patchlint.lint.budget import UNBOUNDED, Bounds, OverLimitError
from patchlint.lint.card import Card
from patchlint.lint.context import NO_HISTORY, Contexts, contexts
from patchlint.lint.doubles import introduced, is_foreign, without_doubles
from patchlint.lint.profile import EVERYTHING, Policy
from patchlint.lint.rule import Result, Rule
from patchlint.model.finding import Comparison, Crash, Finding, Report, Skip
from patchlint.model.rule import RuleInfo
from patchlint.model.series import Patch, Series
from patchlint.series.history import History
from patchlint.series.images import BlobSource
from patchlint.series.tree import TreeSource

# Crashes that no rule is to blame for carry this name.
ENGINE = "patchlint/engine"


class Surroundings(Struct, frozen=True):
    """What a review may look at beside the mails, its bounds, and who is told what.

    ``paced`` hands out the rules of a series one by one, so that somebody can see how
    far it is.
    """

    source: BlobSource
    trees: TreeSource | None = None
    bounds: Bounds = UNBOUNDED
    policy: Policy = EVERYTHING
    history: History = NO_HISTORY
    paced: Callable[[Sequence[Rule]], Iterable[Rule]] = iter


def run(
    rules: Sequence[Rule],
    postings: Iterable[Series],
    source: BlobSource,
    trees: TreeSource | None = None,
    bounds: Bounds = UNBOUNDED,
) -> Report:
    """Return every finding, by series, then mail, then line, then rule."""
    return run_in(rules, postings, Surroundings(source, trees, bounds))


def run_in(
    rules: Sequence[Rule], postings: Iterable[Series], around: Surroundings
) -> Report:
    """Return what the audience is told, by series, then mail, then line, then rule."""
    return report(rules, (look(rules, series, around) for series in postings))


def look(
    rules: Sequence[Rule], series: Series, around: Surroundings
) -> tuple[Result, ...]:
    """Return what the rules have to say of one series, in order.

    Nothing that is kept outside changes by it, so that series may be looked at in any
    order, and in other processes.
    """
    found: list[Result] = []
    profile = around.policy.profile(series)
    rules = [rule for rule in rules if around.policy.asks_for(profile, rule.card.id)]
    most = around.bounds.limits.patches
    if len(series.patches) > most:
        found += _too_long(rules, series, most)
        series = replace(series, patches=series.patches[:most])
        rules = [r for r in rules if r.card.scope not in ("series", "version")]
    try:
        laid_out = contexts(
            series, around.source, around.trees, around.bounds, around.history
        )
    except OverLimitError as limit:
        head = series.head.message_id
        found += [Skip(rule.card.id, head, str(limit)) for rule in rules]
    except Exception as error:  # noqa: BLE001 - one series stops no other
        found.append(died(series, f"{type(error).__name__}: {error}"))
    else:
        found += _too_wordy(rules, series, around.bounds.limits.log_lines)
        laid_out = _short(laid_out, around.bounds.limits.log_lines)
        results = (r for rule in around.paced(rules) for r in rule.apply(laid_out))
        found += _in_one_voice(rules, _told(results, around.policy, series))
        laid_out.facts.forget()
    found += _unreadable(rules, series)
    order = {mail.message_id: at for at, mail in enumerate(series.messages)}
    return tuple(sorted(found, key=lambda result: _key(result, order)))


def report(rules: Sequence[Rule], looks: Iterable[Iterable[Result]]) -> Report:
    """Put together what was found in each series, in their order."""
    results = [result for found in looks for result in found]
    return assembled(rules, results)


def assembled(
    rules: Sequence[Rule],
    results: Sequence[Result],
    comparisons: Sequence[Comparison] = (),
) -> Report:
    """Put together what was found, and what became of what was found before."""
    infos = [_info(rule.card) for rule in rules]
    if _with_foreign(rules):
        infos += introduced(infos, results)
    return Report(
        rules=tuple(infos),
        findings=tuple(r for r in results if isinstance(r, Finding)),
        skips=tuple(dict.fromkeys(r for r in results if isinstance(r, Skip))),
        crashes=tuple(r for r in results if isinstance(r, Crash)),
        comparisons=tuple(comparisons),
    )


def _in_one_voice(rules: Sequence[Rule], told: Iterable[Result]) -> Iterable[Result]:
    """Return what is told, without what another program says that we say, too."""
    if not _with_foreign(rules):
        return told
    return without_doubles(told, [rule.card for rule in rules])


def _with_foreign(rules: Iterable[Rule]) -> bool:
    return any(is_foreign(rule.card.id) for rule in rules)


def _info(card: Card) -> RuleInfo:
    return RuleInfo(
        card.id,
        card.summary,
        why=card.why,
        fix=card.fix,
        severity=card.severity.name.lower(),
        confidence=card.confidence.name.lower(),
    )


def _told(
    results: Iterable[Result], policy: Policy, series: Series
) -> Iterator[Result]:
    """Yield the results that the audience is told, as loud as the tree has them."""
    profile = policy.profile(series)
    touched = {patch.message.message_id: patch.touched for patch in series.patches}
    everything = frozenset[str]().union(*touched.values())
    for result in results:
        if not isinstance(result, Finding):
            yield result
            continue
        if not policy.asks_for(profile, result.rule):
            # One of the rules of another program, which runs for all of them.
            continue
        finding = replace(result, severity=policy.severity(profile, result))
        paths = touched.get(finding.message_id, everything)
        placed = policy.selection.placed(finding, paths)
        if placed is not None and policy.says(profile, placed):
            yield placed


def died(series: Series, error: str) -> Crash:
    """Return what is said of a series that could not be looked at at all."""
    return Crash(ENGINE, series.head.message_id, error)


def _too_long(rules: Sequence[Rule], series: Series, most: int) -> Iterator[Skip]:
    """Patches over the limit are not checked; nor is the series as a whole."""
    count = len(series.patches)
    needs = (
        f"a shorter series: {count} patches, over the limit: {most} (--limit patches)"
    )
    for rule in rules:
        yield Skip(rule.card.id, series.head.message_id, needs)


def _too_wordy(rules: Sequence[Rule], series: Series, most: int) -> Iterator[Skip]:
    """Nobody writes logs of such a length; no rule over the message reads them."""
    for patch in series.patches:
        if (count := _log_lines(patch)) > most:
            needs = (
                f"a shorter log: {count} lines, over the limit: {most} "
                "(--limit log-lines)"
            )
            for rule in rules:
                if rule.card.scope == "message":
                    yield Skip(rule.card.id, patch.message.message_id, needs)


def _short(laid_out: Contexts, most: int) -> Contexts:
    """Return the contexts without the messages whose log is over the limit."""
    kept = tuple(
        context
        for context in laid_out.messages
        if context.patch is None or _log_lines(context.patch) <= most
    )
    return replace(laid_out, messages=kept)


def _log_lines(patch: Patch) -> int:
    return patch.parts.log.stop - patch.parts.log.start


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
