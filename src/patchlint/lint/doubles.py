# SPDX-License-Identifier: GPL-2.0-or-later
"""One voice: what another program says too is left out, and its rules are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from patchlint.lint.card import Card
from patchlint.lint.rule import Result
from patchlint.lint.selection import PROGRAMS
from patchlint.model.finding import Finding
from patchlint.model.rule import RuleInfo

# What checkpatch says of a patch as a whole, on whatever line.
_WHOLE = frozenset((
    "COMMIT_MESSAGE", "FROM_SIGN_OFF_MISMATCH", "MISSING_FIXES_TAG",
    "MISSING_SIGN_OFF", "NO_AUTHOR_SIGN_OFF", "NOT_UNIFIED_DIFF",
))  # fmt: skip
# The types of checkpatch that other programs find, too.
_SAME = {"codespell/spelling": "TYPO_SPELLING"}


def is_foreign(rule: str) -> bool:
    """Say whether a rule is one of another program, or the program itself."""
    return rule.partition("/")[0] in PROGRAMS


def without_doubles(
    results: Iterable[Result], cards: Iterable[Card]
) -> tuple[Result, ...]:
    """Leave out what another program says of a line that a rule of ours speaks of.

    The cards of our rules name the types of checkpatch that they stand for.
    """
    results = tuple(results)
    types = {card.id: frozenset(card.checkpatch) for card in cards if card.checkpatch}
    ours = {
        (finding.message_id, kind, line)
        for finding in results
        if isinstance(finding, Finding)
        for kind in types.get(finding.rule, ())
        for line in (finding.anchor.span.line, 0)
    }
    return tuple(r for r in results if not (_doubles(r) & ours))


def _doubles(result: Result) -> set[tuple[str, str, int]]:
    """Return what one of ours would be known by that says the same."""
    if not isinstance(result, Finding):
        return set()
    tool, _, kind = result.rule.partition("/")
    kind = _SAME.get(result.rule, kind if tool == "checkpatch" else "")
    line = 0 if kind in _WHOLE else result.anchor.span.line
    return {(result.message_id, kind, line)} if kind else set()


def introduced(rules: Sequence[RuleInfo], results: Iterable[Result]) -> list[RuleInfo]:
    """Return the rules of other programs of which something was found."""
    known = {info.id: info for info in rules}
    found = {r.rule for r in results if isinstance(r, Finding)}
    return [_info(rule, known) for rule in sorted(found - {*known})]


def _info(rule: str, known: Mapping[str, RuleInfo]) -> RuleInfo:
    tool, _, kind = rule.partition("/")
    of = known.get(tool)
    why = of.why if of else ""
    return RuleInfo(rule, f"{tool} says {kind}.", why, "", "warning", "medium")
