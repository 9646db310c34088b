# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from msgspec.structs import replace

from patchlint.model.finding import Confidence, Finding, Severity
from patchlint.report.choose import Again, choose
from tests.report.made import at, finding, posting

SERIES = posting()
NUMBERS = iter(range(10**6))


def make(severity: Severity, rule: str = "") -> Finding:
    """Return a finding of a rule of its own, or of ``rule``."""
    number = next(NUMBERS)
    made = finding(SERIES, at(SERIES.head, "Second"), severity=severity)
    return replace(made, rule=rule or f"a/{number}", message=str(number))


def test_notes_are_not_mailed() -> None:
    choice = choose([make(Severity.NOTE)])

    assert (choice.points, choice.rest) == ((), ())


def test_five_remarks_at_most_and_defects_before_nits() -> None:
    nits = [make(Severity.NIT) for _ in range(4)]
    asked = [make(Severity.QUESTION) for _ in range(3)]
    error = make(Severity.ERROR)

    choice = choose([*nits, *asked, error])

    assert [point.said for point in choice.points] == [nits[0], *asked, error]
    assert choice.rest == tuple(nits[1:])


def test_errors_and_warnings_may_be_eight() -> None:
    loud = [make(Severity.WARNING) for _ in range(10)]

    choice = choose([make(Severity.NIT), *loud])

    assert [point.said for point in choice.points] == loud[:8]
    assert choice.rest[1:] == tuple(loud[8:])


def test_six_warnings_leave_no_room_for_nits() -> None:
    findings = [make(Severity.NIT), *(make(Severity.WARNING) for _ in range(6))]

    choice = choose(findings)

    assert [point.said for point in choice.points] == findings[1:]


def test_the_surer_one_comes_first() -> None:
    unsure = [replace(make(Severity.NIT), confidence=Confidence.LOW) for _ in range(5)]
    sure = make(Severity.NIT)

    choice = choose([*unsure, sure])

    assert [point.said for point in choice.points] == [*unsure[:4], sure]


def test_nits_of_a_rule_are_one_remark() -> None:
    nits = [make(Severity.NIT, "a/b") for _ in range(7)]

    (point,) = choose(nits).points

    assert (point.said, point.others) == (nits[0], tuple(nits[1:]))


def test_nits_without_room_are_all_named() -> None:
    loud = [make(Severity.WARNING) for _ in range(5)]
    nits = [make(Severity.NIT, "a/b") for _ in range(2)]

    assert choose([*nits, *loud]).rest == tuple(nits)


def test_the_same_words_are_said_once() -> None:
    first = make(Severity.WARNING, "a/b")
    again = replace(first, fingerprint="other")
    other = make(Severity.WARNING, "a/b")

    choice = choose([first, again, other])

    assert [point.again for point in choice.points] == [
        Again.NOTHING,
        Again.WORDS,
        Again.KIND,
    ]
