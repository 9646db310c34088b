# SPDX-License-Identifier: GPL-2.0-or-later
"""Which findings a mail says: few, the grave ones first, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from patchlint.model.finding import Finding, Severity
from patchlint.model.location import Span

USUAL = 5
"""Remarks in one mail."""
MOST = 8
"""Remarks in one mail that has that many errors and warnings."""


class Again(Enum):
    """What an earlier remark of the mail has: its words, or its rule."""

    NOTHING = auto()
    KIND = auto()
    WORDS = auto()


class Point(Struct, frozen=True):
    """One remark to make: about ``said``, and likewise about ``others``."""

    said: Finding
    others: tuple[Finding, ...] = ()
    again: Again = Again.NOTHING


class Choice(Struct, frozen=True):
    """The points to make, in the order of the mail, and what finds no room."""

    points: tuple[Point, ...]
    rest: tuple[Finding, ...]


def choose(findings: Sequence[Finding], most: int = MOST) -> Choice:
    """Return at most 5 points, or up to 8 if they are errors and warnings.

    Notes are not mailed. All nits of one rule are one point, at the first of them.
    ``most`` allows for fewer, where the mail that is answered is short.
    """
    loud_ones = [f for f in findings if f.severity > Severity.NOTE]
    points = _points([f for f in loud_ones if not _is_covered(f, loud_ones)])
    ranked = sorted(points, key=lambda point: _rank(point.said))
    loud = sum(point.said.severity >= Severity.WARNING for point in points)
    kept = ranked[: min(max(USUAL, min(loud, MOST)), most)]
    left = [point for point in points if point not in kept]
    return Choice(
        points=_marked([point for point in points if point in kept]),
        rest=tuple(
            finding for point in left for finding in (point.said, *point.others)
        ),
    )


def _is_covered(finding: Finding, others: Sequence[Finding]) -> bool:
    """Say whether what another nit would put around its place puts it right too."""
    span = finding.anchor.span
    if finding.severity is not Severity.NIT or span.end_line != span.line:
        return False
    old = finding.quote[span.column - 1 : span.end_column - 1]
    return any(
        other.rule != finding.rule
        and other.severity is Severity.NIT
        and _holds(other.anchor.span, span)
        and finding.suggestion in other.suggestion
        and not _has_word(other.suggestion, old)
        for other in others
        if finding.suggestion and old
    )


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _holds(outer: Span, inner: Span) -> bool:
    """Say whether a span holds another one, and more."""
    return (
        (outer.line, outer.end_line) == (inner.line, inner.end_line)
        and outer.column <= inner.column
        and inner.end_column <= outer.end_column
        and (outer.column, outer.end_column) != (inner.column, inner.end_column)
    )


def _points(findings: Sequence[Finding]) -> list[Point]:
    """Make one point of all nits of a rule, and one of every other finding."""
    groups: dict[tuple[str, int], list[Finding]] = {}
    for number, finding in enumerate(findings):
        alone = 0 if finding.severity is Severity.NIT else number + 1
        groups.setdefault((finding.rule, alone), []).append(finding)
    return [Point(first, tuple(others)) for first, *others in groups.values()]


def _rank(finding: Finding) -> tuple[int, int]:
    return -finding.severity, -finding.confidence


def _marked(points: Sequence[Point]) -> tuple[Point, ...]:
    """Tell what was said before; the order is that of the mail."""
    said: set[tuple[str, str, str]] = set()
    rules: set[str] = set()
    marked = []
    for point in points:
        one = point.said
        words = (one.rule, one.message, one.suggestion)
        kind = Again.KIND if one.rule in rules else Again.NOTHING
        marked.append(replace(point, again=Again.WORDS if words in said else kind))
        said.add(words)
        rules.add(one.rule)
    return tuple(marked)
