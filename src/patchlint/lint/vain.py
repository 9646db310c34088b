# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines and entries that ask for silence, and have nothing to silence any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Protocol

from patchlint.lint.baseline import Entry
from patchlint.lint.ignores import Ignore
from patchlint.lint.profile import Policy
from patchlint.lint.selection import PROGRAMS, names, unknown
from patchlint.lint.stamp import fingerprint_of
from patchlint.model.finding import (
    Confidence,
    Evidence,
    Finding,
    Match,
    Report,
    Severity,
)
from patchlint.model.location import InMessage, Location, Span
from patchlint.model.message import Message
from patchlint.model.rule import RuleInfo
from patchlint.model.series import Patch, Series

UNUSED = RuleInfo("patchlint/unused-ignore", "A line asks for silence in vain.")
KNOWN = RuleInfo("patchlint/baseline", "An entry of the baseline is old, or not used.")
OURS = (UNUSED, KNOWN)
_MAILED = (
    "A comment silences nothing in what is mailed, and enters the tree: "
    "say it below the cut."
)


class Wishes(Protocol):
    """What is not to be said: see suppress.py."""

    @property
    def policy(self) -> Policy:
        """Who is told what."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of all rules there are."""

    @property
    def today(self) -> date:
        """The day of the run."""

    @property
    def baseline(self) -> tuple[Entry, ...]:
        """What is known."""

    @property
    def heeds_comments(self) -> bool:
        """Whether comments in files count."""


def vain_ignores(
    report: Report,
    postings: Sequence[Series],
    wish: Wishes,
    asked: Sequence[Ignore],
    used: Collection[tuple[Ignore, str]],
) -> Iterator[Finding]:
    """Yield a finding for each line that the author had better take out, or mend."""
    patches = {p.message.message_id: (s, p) for s in postings for p in s.patches}
    blind = _blind(report)
    for ignore in (ignore for ignore in asked if ignore.is_new):
        series, patch = patches[ignore.message_id]
        for text in _faults(ignore, wish, series, used, blind):
            span = Span(ignore.line)
            yield _finding(UNUSED, patch.message, span, ignore.where, text)


def _faults(
    ignore: Ignore,
    wish: Wishes,
    series: Series,
    used: Collection[tuple[Ignore, str]],
    blind: Collection[tuple[str, str]],
) -> Iterator[str]:
    """Yield what is wrong with a line."""
    if why := _form(ignore, wish):
        yield why
        return
    for word in (word for word in ignore.rules if (ignore, word) not in used):
        if word.partition("/")[0] in PROGRAMS:
            # Whether it was asked, and for this type, others need not know.
            continue
        rules = [rule for rule in wish.rules if names(word, rule)]
        if why := unknown(word, wish.rules):
            yield f"{why[0].upper()}{why[1:]}."
        elif all(_looked(rule, ignore, wish, series, blind) for rule in rules):
            yield f"{word} finds nothing here: this line can go."


def _form(ignore: Ignore, wish: Wishes) -> str:
    """Return why a line silences nothing, whatever is found; or ""."""
    if ignore.is_comment and not wish.heeds_comments:
        return _MAILED
    if not ignore.rules:
        return 'No rule is named: "patchlint: ignore RULE -- reason".'
    if not ignore.reason:
        return 'No reason is given, so that nothing is ignored: "... -- reason".'
    return ""


def _looked(
    rule: str,
    ignore: Ignore,
    wish: Wishes,
    series: Series,
    blind: Collection[tuple[str, str]],
) -> bool:
    """Say whether a rule would have found what there is to find in a mail."""
    policy = wish.policy
    if (rule, ignore.message_id) in blind or (rule, series.head.message_id) in blind:
        return False
    if not policy.asks_for(policy.profile(series), rule):
        return False
    settings = policy.selection.paths
    placed = (word for s in settings for word in (*s.ignore, *s.severity))
    return not any(names(word, rule) for word in placed)


def old_entries(
    report: Report, postings: Sequence[Series], wish: Wishes
) -> Iterator[Finding]:
    """Yield a finding for each entry of the baseline that expired, or is not used."""
    found = {finding.fingerprint: finding for finding in report.findings}
    mails = {mail.message_id: mail for series in postings for mail in series.messages}
    for entry in wish.baseline:
        finding = found.get(entry.fingerprint)
        if finding and entry.expires < wish.today:
            text = f"{entry.place}: known until {entry.expires} ({entry.owner}: "
            text += f"{entry.reason}): settle it, or say for how long it stays."
            mail = mails[finding.message_id]
            yield _finding(KNOWN, mail, finding.anchor.span, finding.where, text)
    for entry, patch in spent(report, postings, wish.baseline):
        span = Span(patch.message.subject.line)
        text = f"{entry.place}: {entry.rule} finds this no more: "
        text += '"patchlint baseline update" takes it out.'
        yield _finding(KNOWN, patch.message, span, InMessage(span), text)


def spent(
    report: Report, postings: Sequence[Series], entries: Sequence[Entry]
) -> Iterator[tuple[Entry, Patch]]:
    """Yield the entries that find nothing any more, each with its patch.

    An entry is about the patch of its subject: where that is not at hand, or its rule
    did not look at it, nothing is known of it.
    """
    by_title: dict[str, Patch] = {}
    for patch in (patch for series in postings for patch in series.patches):
        by_title.setdefault(patch.message.subject.text, patch)
    heads = {id(p): s.head.message_id for s in postings for p in s.patches}
    found = {finding.fingerprint for finding in report.findings}
    blind, ran = _blind(report), {rule.id for rule in report.rules}
    for entry in entries:
        about = by_title.get(entry.patch)
        if about is None or entry.rule not in ran or entry.fingerprint in found:
            continue
        mails = (about.message.message_id, heads[id(about)])
        if not any((entry.rule, mail) in blind for mail in mails):
            yield entry, about


def _blind(report: Report) -> Collection[tuple[str, str]]:
    """Return which rules could not look at which mails."""
    skipped = {(skip.rule, skip.message_id) for skip in report.skips}
    return skipped | {(crash.rule, crash.message_id) for crash in report.crashes}


def _finding(
    rule: RuleInfo, mail: Message, span: Span, where: Location, text: str
) -> Finding:
    quote = mail.line(span.line)
    return Finding(
        rule=rule.id,
        severity=Severity.NIT,
        confidence=Confidence.HIGH,
        evidence=Evidence.MAIL,
        patch=mail.subject.position,
        message_id=mail.message_id,
        where=where,
        anchor=InMessage(span),
        quote=quote,
        message=text,
        suggestion="",
        trace=(),
        mended_in=None,
        fingerprint=fingerprint_of(rule.id, Match(where, text), quote),
    )
