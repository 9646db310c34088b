# SPDX-License-Identifier: GPL-2.0-or-later
"""The page as a reader sees it: filters, jumps, proofs, light, sizes, paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit

BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
DARK = "rgb(15, 20, 25)"
WHITE = "rgb(255, 255, 255)"


def remark(page: Page, rule: str) -> Locator:
    return page.locator(".remark", has=page.locator(".rule", has_text=rule))


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@BOTH
def test_severity_is_filtered(visit: Visit, faults: str, *, script: bool) -> None:
    page = visit(faults, java_script_enabled=script)
    nit, error = page.locator(".remark.nit"), page.locator(".remark.error")
    expect(nit).to_have_count(3)
    page.get_by_label("nit", exact=False).first.uncheck()

    for one in (*nit.all(), *page.locator(".index li.s-nit").all()):
        expect(one).to_be_hidden()
    for one in error.all():
        expect(one).to_be_visible()

    page.get_by_label("nit", exact=False).first.check()
    expect(nit.first).to_be_visible()


@BOTH
def test_rule_is_filtered(visit: Visit, faults: str, *, script: bool) -> None:
    page = visit(faults, java_script_enabled=script)
    page.locator(".filters summary").click()
    page.get_by_role("checkbox", name="x86/guard-drift").uncheck()

    expect(remark(page, "x86/guard-drift")).to_be_hidden()
    expect(remark(page, "x86/percpu-after-gs-reset")).to_be_visible()


@BOTH
def test_files_without_remarks_can_go(
    visit: Visit, faults: str, *, script: bool
) -> None:
    page = visit(faults, java_script_enabled=script)
    quiet = page.locator(".file.quiet")
    count = page.locator(".file").count()
    page.get_by_label("only files with remarks").check()

    assert quiet.count() < count
    for file in page.locator(".file").all():
        expect(file).to_be_visible(visible="quiet" not in _classes(file))


def _classes(element: Locator) -> list[str]:
    return (element.get_attribute("class") or "").split()


def test_how_many_are_left_is_said(visit: Visit, faults: str) -> None:
    page = visit(faults)
    page.get_by_label("nit", exact=False).first.uncheck()

    expect(page.get_by_role("status")).to_have_text("8 of 11 remarks shown")


@BOTH
def test_proof_unfolds_and_jumps(visit: Visit, faults: str, *, script: bool) -> None:
    page = visit(faults, java_script_enabled=script, viewport=DESK)
    one = remark(page, "x86/percpu-after-gs-reset")
    step = one.locator(".trace a").first
    expect(step).to_be_hidden()
    one.locator(".trace summary").click()
    step.click()
    row = page.locator("tr:target")

    expect(row).to_contain_text("load_segments();")
    expect(row).to_be_in_viewport()
    row.locator("a.step").first.click()
    expect(one).to_be_in_viewport()


@BOTH
def test_index_jumps_to_the_remark(visit: Visit, faults: str, *, script: bool) -> None:
    page = visit(faults, java_script_enabled=script, viewport=DESK)
    last = page.locator(".remark").last
    expect(last).not_to_be_in_viewport()
    page.locator(".index a").last.click()

    expect(last).to_be_in_viewport()


def test_keys_go_from_remark_to_remark(visit: Visit, faults: str) -> None:
    page = visit(faults, viewport=DESK)
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)

    expect(page.locator("#r2")).to_be_focused()
    page.get_by_label("nit", exact=False).first.uncheck()
    page.keyboard.press("j")
    expect(page.locator(".remark:focus")).not_to_have_class(re.compile(r"\bnit\b"))


def test_tab_comes_to_every_control_and_begins_with_the_skip(
    visit: Visit, faults: str
) -> None:
    page = visit(faults)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the remarks")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#light-auto")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#s-error")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".remark.error").first).to_be_hidden()


def test_guards_are_shown_as_a_table(visit: Visit, faults: str) -> None:
    page = visit(faults)
    table = page.locator(".series .guards").first

    expect(table).to_contain_text("wbinvd in stop_cpu")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["site", "before", "after", "root"]
    )


@BOTH
@pytest.mark.parametrize("system", ["light", "dark"])
def test_light_is_that_of_the_system(
    visit: Visit, faults: str, system: str, *, script: bool
) -> None:
    page = visit(faults, java_script_enabled=script, color_scheme=system)

    assert background(page) == {"light": WHITE, "dark": DARK}[system]


@BOTH
def test_light_can_be_switched(visit: Visit, faults: str, *, script: bool) -> None:
    page = visit(faults, java_script_enabled=script, color_scheme="light")
    page.get_by_label("dark").check()
    assert background(page) == DARK
    page.get_by_label("light", exact=True).check()
    assert background(page) == WHITE


def test_light_is_remembered(visit: Visit, faults: str) -> None:
    page = visit(faults, color_scheme="light")
    page.get_by_label("dark").check()
    page.reload()

    assert background(page) == DARK


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_stands_beside_the_screen(
    visit: Visit, faults: str, width: int
) -> None:
    page = visit(faults, viewport={"width": width, "height": 700})
    page.get_by_role("button", name="unfold proofs").click()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    texts = page.locator(".said, .diff, .text, h2, h3, h4")
    for box in texts.evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().right)"
    ):
        assert box <= width + 1


def test_paper_is_white_and_shows_the_proofs(visit: Visit, faults: str) -> None:
    page = visit(faults, color_scheme="dark")
    page.get_by_label("dark").check()
    page.emulate_media(media="print")

    assert background(page) == WHITE
    expect(page.locator(".side")).to_be_hidden()
    expect(page.locator(".trace li").first).to_be_visible()
    assert len(page.pdf()) > 10_000


@pytest.mark.parametrize(
    ("system", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["light", "dark"]
)
def test_labels_and_contrast_are_as_the_guidelines_ask(
    visit: Visit, faults: str, system: str, viewport: dict[str, int]
) -> None:
    page = visit(faults, color_scheme=system, viewport=viewport, bypass_csp=True)
    page.get_by_role("button", name="unfold proofs").click()
    page.locator(".filters summary").click()
    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_heads_of_files_stay_in_sight(visit: Visit, faults: str) -> None:
    page = visit(faults, viewport={"width": 1280, "height": 300})
    row = page.locator(".diff tr.a").last
    row.evaluate("row => row.scrollIntoView({block: 'end'})")
    file = page.locator(".file").last

    box = file.locator("summary").first.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 300
