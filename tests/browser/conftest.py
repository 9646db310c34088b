# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Chromium, started once.

Without one, these tests are skipped and say so. ``make check`` installs one where it
may; then PATCHLINT_BROWSER is "required", and they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from fixtures import build
from patchlint.adapters.cards import load_rules
from patchlint.adapters.git import Blobs
from patchlint.adapters.index import Indexes
from patchlint.pipeline import read, review
from patchlint.report.html.page import render

ADDRESS = "http://report.example/"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FIXTURES = Path(build.__file__).parent

Visit = Callable[..., Page]


def _chromium() -> str:
    given = os.environ.get("PATCHLINT_CHROMIUM", "")
    found = given or next(filter(None, map(shutil.which, NAMES)), "")
    if found:
        return found
    why = f"no browser: none of {', '.join(NAMES)} in PATH (sh tools/system.sh)"
    if os.environ.get("PATCHLINT_BROWSER") == "required":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return the browser of all tests."""
    path = _chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Return a function that opens a page; in the end, nothing may have gone wrong.

    Its keywords are those of a browser context. The page must fetch nothing and must
    not write to the console, unless ``is_attacked``: then somebody put something in.
    """
    wrong: list[str] = []
    contexts = []

    def opened(source: str, *, is_attacked: bool = False, **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()

        def answer(route: Route) -> None:
            if route.request.url.split("#")[0] == ADDRESS:
                route.fulfill(body=source, content_type="text/html; charset=utf-8")
            else:
                wrong.append(f"fetched: {route.request.url}")
                route.abort()

        context.route("**", answer)
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        if not is_attacked:
            page.on("console", lambda said: wrong.append(f"console: {said.text}"))
        page.goto(ADDRESS)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="package")
def faults(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of the fixture with planted faults."""
    base = tmp_path_factory.mktemp("base")
    build.make_base("handover-faults", base)
    postings = read([(FIXTURES / "handover-faults" / "series.mbox").read_bytes()])
    with Blobs(base) as blobs, Indexes(base, blobs, base / "index") as trees:
        report = review(postings, load_rules(), blobs, trees)
    return render(report, postings)
