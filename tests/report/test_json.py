# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from patchlint.model.finding import Crash, Report, Severity, Skip, Step
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Series
from patchlint.report.json import render
from tests.report.made import PATH, at, few, finding, hostile_cases, is_visible, posting
from tests.report.made import report as report_of

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/schema/report-v1.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["properties"]["schema"] == {"const": 1}


def test_report_without_findings_is_valid_and_says_so() -> None:
    value = json.loads(render(report_of(), [posting()]))

    VALIDATOR.validate(value)
    assert value["findings"] == []
    assert value["series"] == [
        {
            "title": "net: foo: fix bar",
            "version": 3,
            "total": 7,
            "complete": False,
            "message_id": "2@example.org",
        }
    ]


def test_a_quote_is_whole_up_to_ten_thousand_characters() -> None:
    quotes = ["a" * 10_000, "a" * 10_001]
    series = posting()
    where = at(series.head, "Second")
    made = [finding(series, where, quote=quote) for quote in quotes]

    value = json.loads(render(report_of(*made), [series]))

    whole, cut = (found["quote"] for found in value["findings"])
    assert (whole, cut) == (quotes[0], quotes[0] + " [...]")


def test_finding_says_where_it_is_in_file_and_mail() -> None:
    series = posting()
    anchor = at(series.head, "+\tb = 2 * n;")
    steps = (
        Step(InFile(PATH, Side.OLD, Span(7)), "b = n;", "before"),
        Step(at(series.head, "Second"), "Second part", ""),
    )
    made = finding(
        series,
        anchor,
        where=InFile(PATH, Side.NEW, Span(7)),
        trace=steps,
        suggestion="b = n << 1;",
        mended_in=4,
    )

    value = json.loads(render(report_of(made), [series]))

    VALIDATOR.validate(value)
    assert value["findings"] == [
        {
            "rule": "msg/rule",
            "severity": "warning",
            "confidence": "high",
            "evidence": "mail",
            "patch": 2,
            "message_id": "2@example.org",
            "path": PATH,
            "side": "new",
            "line": 7,
            "mail_line": anchor.span.line,
            "quote": "+\tb = 2 * n;",
            "message": "this is wrong",
            "suggestion": "b = n << 1;",
            "trace": [
                {"path": PATH, "line": 7, "text": "b = n;", "note": "before"},
                {
                    "path": None,
                    "line": at(series.head, "Second").span.line,
                    "text": "Second part",
                    "note": "",
                },
            ],
            "introduced_in": 2,
            "mended_in": 4,
            "fingerprint": "0" * 32,
        }
    ]


def test_finding_in_the_mail_has_no_file() -> None:
    series = posting()
    made = finding(series, at(series.head, "Second"))

    (value,) = json.loads(render(report_of(made), [series]))["findings"]

    assert (value["path"], value["side"], value["line"]) == (None, None, None)
    assert (value["suggestion"], value["mended_in"]) == (None, None)


def test_skips_and_crashes_are_told() -> None:
    made = report_of(
        skips=[Skip("c/a", "2@example.org", "the tree")],
        crashes=[Crash("c/b", "2@example.org", "ValueError: no")],
    )

    value = json.loads(render(made, [posting()]))

    VALIDATOR.validate(value)
    assert value["not_checked"] == [
        {"rule": "c/a", "message_id": "2@example.org", "needs": "the tree"}
    ]
    assert value["crashes"] == [
        {"rule": "c/b", "message_id": "2@example.org", "error": "ValueError: no"}
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("\udcff", "\ufffd"), ("\ud83d\ude00", "\ufffd\ufffd"), ("é\x7f", "é\x7f")],
)
def test_only_lone_surrogates_are_replaced(text: str, expected: str) -> None:
    series = posting()
    made = finding(series, at(series.head, "Second"), message=text)

    (value,) = json.loads(render(report_of(made), [series]))["findings"]

    assert value["message"] == expected


def test_keys_come_in_the_order_of_the_schema() -> None:
    series = posting()
    made = finding(series, at(series.head, "Second"), severity=Severity.NIT)
    text = render(report_of(made), [series])

    value = json.loads(text)

    assert list(value) == SCHEMA["required"]
    assert list(value["findings"][0]) == SCHEMA["$defs"]["finding"]["required"]
    assert text == json.dumps(value, indent=2) + "\n"


@few
@given(hostile_cases())
def test_any_output_is_valid_and_harmless(case: tuple[Report, Series]) -> None:
    report, series = case

    text = render(report, [series])

    VALIDATOR.validate(json.loads(text.encode("utf-8")))
    assert is_visible(text)
