# SPDX-License-Identifier: GPL-2.0-or-later
"""The page for a browser, as text; what a browser makes of it: tests/browser."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

import pytest
from hypothesis import given
from msgspec.structs import replace

from patchlint.model.finding import Report, Severity, Skip, Step
from patchlint.model.guard import GuardFate, GuardRow, GuardSide
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Series
from patchlint.report.html import room as rooms
from patchlint.report.html.page import render
from tests.report.made import (
    PATH,
    at,
    few,
    finding,
    hostile_cases,
    is_visible,
    posting,
    report,
)
from tests.report.page import Element, Page

SCRIPT = "</style><script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'


def page_of(made: Report, series: Series) -> Page:
    return Page(render(made, (series,)))


def row_above(page: Page, name: str) -> Element:
    """Return the row that a remark stands under."""
    rows = page.of("tr")
    (where,) = (
        n
        for n, row in enumerate(rows)
        if any(e.attributes.get("id") == name for td in row.inside for e in td.inside)
    )
    return rows[where - 1]


@few
@given(hostile_cases())
def test_whatever_a_mail_holds_a_page_shows_each_finding_once(
    case: tuple[Report, Series],
) -> None:
    made, series = case
    text = render(made, (series,))
    page = Page(text)
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    links = [e.attributes["href"] for e in page.of("a")]

    assert len(page.of("article", "remark")) == len(made.findings)
    assert text == render(made, (series,))
    assert is_visible(text)
    assert text.encode()
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert all(link.startswith(("#", "https://lore.kernel.org/r/")) for link in links)
    assert len(page.of("script")) == len(page.of("style")) == 1


def test_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    page = page_of(report(), posting())
    (meta,) = (e for e in page.of("meta") if "http-equiv" in e.attributes)
    policy = dict(part.split(" ", 1) for part in meta.attributes["content"].split("; "))

    def hashed(name: str) -> str:
        (element,) = page.of(name)
        digest = hashlib.sha256(element.text.encode()).digest()
        return f"'sha256-{b64encode(digest).decode()}'"

    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == hashed("style")
    assert policy["script-src"] == hashed("script")
    assert "unsafe" not in meta.attributes["content"]


@pytest.mark.parametrize("bad", [SCRIPT, IMAGE, "javascript:alert(1)"])
def test_subject_and_file_name_are_text(bad: str) -> None:
    series = posting(subject=f"[PATCH] {bad}", From=f"{bad} <a@example.org>")
    (patch,) = series.patches
    change = patch.changes[0]
    changed = replace(change, new_path=bad)
    series = replace(series, patches=(replace(patch, changes=(changed,)),))
    made = finding(series, at(series.messages[0], "cpu and cpu"), message=bad, rule=bad)
    page = page_of(report(made), series)

    assert any(bad in e.text for e in page.of("h3"))
    assert any(bad in e.text for e in page.of("h4"))
    assert any(bad in e.text for e in page.of("article", "remark"))


def test_remark_stands_under_its_line_of_the_message() -> None:
    series = posting()
    made = finding(series, at(series.messages[0], "cpu and cpu", "cpu"))
    page = page_of(report(made), series)

    assert row_above(page, "r1").text == "1Call cpu and cpu."
    assert [e.text for e in page.of("mark")] == ["cpu"]


def test_remark_stands_under_its_line_of_the_diff() -> None:
    series = posting()
    made = finding(series, at(series.messages[0], "+\tb = 2", "2"))
    page = page_of(report(made), series)
    row = row_above(page, "r1")

    assert row.text == "7\tb = 2 * n;"
    assert row.classes == ["a"]
    assert [e.text for e in page.of("mark")] == ["2"]


def test_columns_are_characters_whatever_their_size() -> None:
    series = posting(log="An \U0001f642 and a cpu.")
    made = finding(series, at(series.messages[0], "An ", "cpu"))

    assert [e.text for e in page_of(report(made), series).of("mark")] == ["cpu"]


def test_hidden_characters_are_shown_and_named() -> None:
    series = posting(log="One \u202e two.")
    (shown,) = page_of(report(), series).of("span", "x")

    assert shown.text == "\ufffd"
    assert shown.attributes["title"] == "U+202E RIGHT-TO-LEFT OVERRIDE"


def test_hidden_characters_in_a_row_are_named_once_and_not_all() -> None:
    series = posting(log="One \u202e\u202e\u2066\u2067\u2068 two.")
    (shown,) = page_of(report(), series).of("span", "x")

    assert shown.text == "\ufffd" * 5
    assert shown.attributes["title"] == (
        "U+202E RIGHT-TO-LEFT OVERRIDE, U+2066 LEFT-TO-RIGHT ISOLATE, "
        "U+2067 RIGHT-TO-LEFT ISOLATE, ..."
    )


def test_remark_about_the_header_stands_under_the_field() -> None:
    series = posting()
    made = finding(series, at(series.messages[0], "Subject:"))
    page = page_of(report(made), series)

    assert row_above(page, "r1").text.startswith("Subject: [PATCH net-next")


def test_step_jumps_to_the_line_that_is_shown() -> None:
    series = posting()
    shown, far = (InFile(PATH, Side.NEW, Span(line)) for line in (7, 900))
    trace = (Step(shown, "b = 2", "here"), Step(far, "b", "far away"))
    made = finding(series, at(series.messages[0], "+\tb = 2"), trace=trace)
    page = page_of(report(made), series)
    (steps,) = (e for e in page.of("details", "trace"))
    first, second = (li.inside[0] for li in steps.inside[1].inside)

    assert page.by_id(first.attributes["href"][1:]).text.startswith("7\tb = 2 * n;")
    assert second.name == "span"
    assert second.text == f"{PATH}:900"
    assert [e.text for e in page.of("a", "step")] == ["#1.1"]


def test_guards_are_a_table_of_before_and_after() -> None:
    series = posting()
    before = GuardSide(InFile(PATH, Side.OLD, Span(7)), "dirty", "dirty")
    after = GuardSide(InFile(PATH, Side.NEW, Span(7)), "flag", "dirty")
    row = GuardRow("wbinvd", "foo", before, after, GuardFate.REWRITTEN)
    made = finding(series, at(series.messages[0], "+\tb = 2"), guards=(row,))
    page = page_of(report(made), series)

    # Once with the remark, once for the whole series.
    assert len(page.of("table", "guards")) == 2
    cells = [cell.text for cell in page.of("table", "guards")[0].inside[1].inside]
    assert cells == [f"wbinvd in foodirty{PATH}:7 (old)dirtyfrom flag{PATH}:7same root"]


def test_filters_are_boxes_that_the_style_sheet_asks() -> None:
    series = posting()
    place = at(series.messages[0], "cpu and cpu")
    ones = (
        finding(series, place, rule="a/nit", severity=Severity.NIT),
        finding(series, place, rule="b/error", severity=Severity.ERROR),
    )
    page = page_of(report(*ones), series)
    boxes = [e for e in page.of("input") if e.attributes["type"] == "checkbox"]
    (style,) = page.of("style")

    assert [e.attributes["id"] for e in boxes] == [
        "s-error",
        "s-nit",
        "k1",
        "k2",
        "quiet",
    ]
    assert "html:has(#k2:not(:checked)) .k2{display:none}" in style.text
    assert page.by_id("r2").classes == ["remark", "error", "s-error", "k2"]


def test_what_was_not_checked_is_said() -> None:
    series = posting()
    made = report(skips=(Skip("x/rule", series.head.message_id, "the whole file"),))
    (fold,) = page_of(made, series).of("details", "fold")

    assert "x/rule needs the whole file (give --repo)" in fold.text


def test_of_a_page_that_is_full_the_remarks_are_still_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooms, "MOST", 3)
    monkeypatch.setattr(rooms, "NEAR", 1)
    series = posting()
    made = finding(series, at(series.messages[0], "+\tb = 2"))
    page = page_of(report(made), series)
    table = page.of("table", "diff")[0]
    lines = [row.text for row in table.inside[1].inside]

    assert lines[2:4] == ["7\tb = n;", "7\tb = 2 * n;"]
    assert lines[1] == "3 lines not shown"
    assert row_above(page, "r1").text == "7\tb = 2 * n;"


def test_nothing_is_fetched_from_anywhere() -> None:
    text = render(report(), (posting(),))

    assert not re.search(r"\bsrc=|@import|url\(", text)


def test_mails_of_two_postings_are_told_apart() -> None:
    one, two = posting(), posting(Message_ID="<3@example.org>")
    made = report(finding(two, at(two.messages[0], "cpu and cpu")))
    page = Page(render(made, (one, two)))

    assert [e.attributes["id"] for e in page.of("section", "mail")] == ["m1", "m2"]
    assert "m2-" in row_above(page, "r1").attributes["id"]
