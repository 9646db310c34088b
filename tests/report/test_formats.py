# SPDX-License-Identifier: GPL-2.0-or-later
"""Formats for programs: each valid by its schema, columns in its unit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from jsonschema import Draft4Validator, Draft202012Validator
from msgspec.structs import replace

from patchlint.model.finding import (
    Baseline,
    Comparison,
    Crash,
    Edit,
    Fate,
    Past,
    Repeat,
    Report,
    Severity,
    Skip,
    Step,
)
from patchlint.model.location import InFile, Side, Span
from patchlint.model.message import Address
from patchlint.model.remark import Remark
from patchlint.model.series import Series
from patchlint.model.versions import Pairing
from patchlint.report import FORMATS
from patchlint.report.columns import utf8, utf16
from tests.report.counts import COUNTS
from tests.report.made import PATH, at, few, finding, hostile_cases, is_visible, posting
from tests.report.made import report as report_of

SCHEMAS = Path(__file__).parent / "schemas"


def _schema(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text("utf-8"))


VALIDATORS = {
    "sarif": Draft4Validator(_schema("sarif-2.1.0.json")),
    "rdjson": Draft202012Validator(_schema("rdjson.json")),
    "gitlab": Draft202012Validator(_schema("gitlab.json")),
}
# Two UTF-16 units and four bytes, then a letter of two bytes.
WIDE = "\U0001f600 é Second part"


def _made(form: str, report: Report, *postings: Series) -> str:
    return FORMATS[form](report, postings)


def _sarif(report: Report, *postings: Series) -> Any:
    value = json.loads(_made("sarif", report, *postings))
    VALIDATORS["sarif"].validate(value)
    (run,) = value["runs"]
    return run


def _wide(word: str = "part") -> tuple[Report, Series]:
    """Return a finding about a word behind characters that are wide in bytes."""
    series = posting(log=f"Call cpu.\n\n{WIDE}\n")
    where = at(series.head, WIDE, word)
    line = where.span.line
    edit = Edit(Span(line, 13, line, 17), "half")
    return report_of(finding(series, where, edits=(edit,))), series


@pytest.mark.parametrize("column", range(1, len(WIDE) + 2))
def test_columns_are_those_of_the_encodings(column: int) -> None:
    before = WIDE[: column - 1]

    assert utf16(WIDE, column) == 1 + len(before.encode("utf-16-le")) // 2
    assert utf8(WIDE, column) == 1 + len(before.encode())


def test_a_byte_that_is_no_text_is_one_byte_and_one_unit() -> None:
    assert utf8("\udcffa", 2) == utf16("\udcffa", 2) == 2
    assert utf8("\ud800a", 2) == 4


def test_sarif_counts_utf16_units() -> None:
    report, series = _wide()

    run = _sarif(report, series)
    (result,) = run["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    (change,) = result["fixes"][0]["artifactChanges"]

    assert run["columnKind"] == "utf16CodeUnits"
    assert (region["startColumn"], region["endColumn"]) == (13, 17)
    assert WIDE.encode("utf-16-le")[24:32].decode("utf-16-le") == "part"
    assert change["replacements"][0]["deletedRegion"]["startColumn"] == 14


def test_rdjson_counts_bytes() -> None:
    report, series = _wide()

    (made,) = json.loads(_made("rdjson", report, series))["diagnostics"]
    span = made["location"]["range"]

    assert (span["start"]["column"], span["end"]["column"]) == (16, 20)
    assert WIDE.encode()[15:19] == b"part"
    assert made["suggestions"][0]["text"] == "half"


def test_github_counts_utf16_units_and_includes_the_end() -> None:
    report, series = _wide()

    assert ",col=13,endColumn=16," in _made("github", report, series)


def test_a_place_in_a_file_has_the_columns_of_the_file() -> None:
    series = posting()
    anchor = at(series.head, "+\tb = 2 * n;", "2")
    where = InFile(PATH, Side.NEW, Span(7, 6, 7, 7))
    made = report_of(finding(series, anchor, where=where))

    (result,) = _sarif(made, series)["results"]

    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": PATH, "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 7, "startColumn": 6, "endColumn": 7}
    (mail,) = result["relatedLocations"]
    assert mail["physicalLocation"]["artifactLocation"] == {"uri": "patches/2.patch"}
    assert mail["physicalLocation"]["region"]["startLine"] == anchor.span.line


def test_a_trace_is_a_code_flow() -> None:
    series = posting()
    steps = (
        Step(InFile(PATH, Side.OLD, Span(7)), "b = n;", "before"),
        Step(InFile(PATH, Side.NEW, Span(7)), "b = 2 * n;", "after"),
    )
    made = report_of(finding(series, at(series.head, "Second"), trace=steps))

    (result,) = _sarif(made, series)["results"]

    (flow,) = result["codeFlows"][0]["threadFlows"]
    texts = [step["location"]["message"]["text"] for step in flow["locations"]]
    assert texts == [
        "line 7 of the file before: b = n;: before",
        "b = 2 * n;: after",
    ]


def test_fates_are_the_baseline() -> None:
    series = posting()
    where = at(series.head, "Second")
    new = finding(series, where, baseline=Baseline.NEW)
    still = finding(series, where, baseline=Baseline.UNCHANGED)
    past = tuple(Past(finding(series, where), fate) for fate in Fate)
    id_ = series.head.message_id
    found = Comparison(id_, "1@x", "v2", Pairing((), (), ()), (), past, 1)
    made = replace(report_of(new, still), comparisons=(found,))

    results = _sarif(made, series)["results"]

    states = [result["baselineState"] for result in results]
    assert states == ["new", "unchanged", "absent", "absent"]
    assert COUNTS["sarif"](_made("sarif", made, series)) == 2


def test_what_was_said_is_suppressed() -> None:
    series = posting()
    made = finding(series, at(series.head, "Second"))
    who = Address("A Maintainer", "m@example.org")
    number = made.anchor.span.line
    remark = Remark(
        who, "9@example.org", 5, made.message_id, 2, number, number, None, ("no",)
    )
    report = replace(report_of(), repeated=(Repeat(made, remark),))

    (result,) = _sarif(report, series)["results"]

    (suppression,) = result["suppressions"]
    assert suppression["justification"] == (
        "already said by A Maintainer <m@example.org> in <9@example.org>"
    )


def test_what_was_not_checked_is_a_notification() -> None:
    skips = [Skip("c/a", "2@example.org", "the tree")]
    crashes = [Crash("c/b", "2@example.org", "ValueError: no")]

    run = _sarif(report_of(skips=skips, crashes=crashes), posting())

    (invocation,) = run["invocations"]
    texts = [n["message"]["text"] for n in invocation["toolExecutionNotifications"]]
    assert invocation["executionSuccessful"] is False
    assert texts == [
        "not checked: c/a needs the tree (give --repo)",
        "c/b crashed: ValueError: no",
    ]


def test_fingerprints_of_gitlab_are_unique() -> None:
    series = posting()
    twice = [finding(series, at(series.head, "Second"))] * 2

    made = json.loads(_made("gitlab", report_of(*twice), series))

    assert [issue["fingerprint"] for issue in made] == ["0" * 32, "0" * 32 + "-2"]


def test_github_gets_ten_of_a_level_and_plain_lines_for_the_rest() -> None:
    series = posting()
    where = at(series.head, "Second")
    quiet = [finding(series, where, severity=Severity.NIT)] * 12
    loud = finding(series, where, severity=Severity.ERROR, message="::error::##[x]%\n")

    lines = _made("github", report_of(*quiet, loud), series).splitlines()

    assert lines[0].startswith("::error file=patches/2.patch,line=")
    assert lines[0].endswith(",title=msg/rule::::error::##[x]%25")
    assert sum(line.startswith("::notice ") for line in lines) == 10
    assert [line.startswith("notice: ") for line in lines[11:13]] == [True, True]
    assert lines[13:] == ["patchlint: 2 more than GitHub shows as annotations, above"]


def test_a_file_name_cannot_end_a_property() -> None:
    series = posting()
    where = InFile("a,line=1::b\n%", Side.NEW, Span(3))
    made = report_of(finding(series, at(series.head, "Second"), where=where))

    line = _made("github", made, series)

    assert line.startswith("::warning file=a%2Cline=1%3A%3Ab\u240a%25,line=3,")


def test_junit_tells_what_passed_and_what_was_not_looked_at() -> None:
    skips = [Skip("c/a", "2@example.org", "the tree")]
    crashes = [Crash("c/b", "2@example.org", "ValueError: no")]

    root = ET.fromstring(  # noqa: S314 - we have written it
        _made("junit", report_of(skips=skips, crashes=crashes), posting())
    )

    mail, engine = root
    assert mail.attrib == {
        "name": "2/7 net: foo: fix bar",
        "tests": "1",
        "failures": "0",
        "errors": "0",
        "skipped": "0",
    }
    assert [case.attrib["name"] for case in mail] == ["nothing found"]
    assert [case[0].tag for case in engine] == ["error", "skipped"]


@pytest.mark.parametrize("form", sorted(VALIDATORS))
@few
@given(case=hostile_cases())
def test_any_json_is_valid_and_ascii(form: str, case: tuple[Report, Series]) -> None:
    report, series = case

    answer = _made(form, report, series)

    VALIDATORS[form].validate(json.loads(answer))
    assert answer.isascii()
    assert is_visible(answer)
    assert COUNTS[form](answer) == len(report.findings)


@few
@given(hostile_cases())
def test_any_annotation_is_one_line(case: tuple[Report, Series]) -> None:
    report, series = case

    answer = _made("github", report, series)

    assert is_visible(answer)
    assert COUNTS["github"](answer) == len(report.findings)
    assert "##[" not in "".join(
        line for line in answer.splitlines() if not line.startswith("::")
    )


@few
@given(hostile_cases())
def test_any_junit_is_valid(case: tuple[Report, Series]) -> None:
    schema = pytest.importorskip("xmlschema").XMLSchema(SCHEMAS / "junit-10.xsd")
    report, series = case

    answer = _made("junit", report, series)

    schema.validate(answer)
    assert answer.isascii()
    assert is_visible(answer)
    assert COUNTS["junit"](answer) == len(report.findings)
