# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import re

import pytest
from hypothesis import given
from msgspec.structs import replace

from patchlint.model.finding import Report, Severity
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Series
from patchlint.report.terse import render
from tests.report.made import PATH, at, few, finding, hostile_cases, is_visible, posting
from tests.report.made import report as report_of

# What b4 does with the answer of a check (b4 0.16.0, run_local_check).
_FAILED = "ERROR:"


def _statuses(text: str) -> list[str]:
    return ["fail" if _FAILED in line else "warning" for line in text.splitlines()]


def test_silence_is_no_byte() -> None:
    assert render(report_of(), [posting()]) == ""


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (Severity.ERROR, "ERROR"),
        (Severity.WARNING, "WARNING"),
        (Severity.QUESTION, "CHECK"),
        (Severity.NIT, "CHECK"),
        (Severity.NOTE, "CHECK"),
    ],
)
def test_a_finding_is_a_line_as_checkpatch_writes_it(
    severity: Severity, word: str
) -> None:
    series = posting()
    where = InFile(PATH, Side.NEW, Span(7))
    made = finding(
        series, at(series.head, "+\tb = 2 * n;"), where=where, severity=severity
    )

    line = render(report_of(made), [series])

    assert line == f"{PATH}:7: {word}:msg/rule: this is wrong\n"


def test_the_only_mail_is_standard_input_and_one_of_many_a_file() -> None:
    series = posting()
    where = at(series.head, "Second")
    made = report_of(finding(series, where))
    line = where.span.line

    alone = render(made, [series])
    among = render(made, [series, posting(Message_ID="<3@example.org>")])

    assert alone == f"-:{line}: WARNING:msg/rule: this is wrong\n"
    assert among == f"patches/1/2.patch:{line}: WARNING:msg/rule: this is wrong\n"


def test_a_line_that_is_gone_is_told_by_the_one_that_stands_there() -> None:
    series = posting()
    where = InFile(PATH, Side.OLD, Span(7))
    made = finding(series, at(series.head, "-\tb = n;"), where=where)

    line = render(report_of(made), [series])

    assert line.startswith(f"{PATH}:7: ")
    assert line.endswith(": this is wrong (line 7 of the file before)\n")


def test_only_an_error_is_a_failure() -> None:
    series = posting()
    where = at(series.head, "Second")
    quoting = finding(series, where, message='pr_err("ERROR: no")\nERROR:x')
    failing = replace(quoting, severity=Severity.ERROR)

    text = render(report_of(quoting, failing), [series])

    assert _statuses(text) == ["warning", "fail"]


@few
@given(hostile_cases())
def test_any_finding_is_one_printable_line(case: tuple[Report, Series]) -> None:
    report, series = case

    text = render(report, [series])
    lines = text.split("\n")[:-1]

    assert is_visible(text)
    assert len(lines) == len(text.splitlines()) == len(report.findings)
    assert _statuses(text).count("fail") == sum(
        made.severity is Severity.ERROR for made in report.findings
    )
    assert all(
        re.search(r":\d+: (ERROR|WARNING|CHECK):\w/\w: ", line) for line in lines
    )
