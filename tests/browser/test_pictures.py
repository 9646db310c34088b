# SPDX-License-Identifier: GPL-2.0-or-later
"""The pictures of README: still to be made, and of nothing but ourselves."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser

from tools import pictures

ROOT = Path(__file__).parents[2]


def test_end_of_the_answer_fills_a_screen() -> None:
    text = "\n".join(["head", "", *map(str, range(60))])

    assert pictures.screen(text).splitlines()[-1] == "59"
    assert len(pictures.screen(text).splitlines()) == pictures.ROWS
    assert pictures.screen("a\n\nb\nc") == "b\nc"


def test_terminal_is_drawn_in_colours_and_needs_no_fonts() -> None:
    made = pictures.drawn("\x1b[1;31merror:\x1b[0m it <is> wrong")

    assert "error:" in made
    assert "&lt;is&gt;" in made
    assert re.findall(r"https?://[^\"]*", made) == ["http://www.w3.org/2000/svg"]


def test_page_is_photographed_at_its_remark(
    browser: Browser, faults: str, tmp_path: Path
) -> None:
    source = tmp_path / "report.html"
    source.write_text(faults, "utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    assert pictures.photographed(page, source, "dark").startswith(b"\x89PNG")
    remark = page.locator(".remark", has_text=pictures.RULE).first
    box = remark.bounding_box()
    page.close()

    assert box is not None
    assert 0 < box["y"] < 450


def test_pictures_are_small() -> None:
    made = [*(ROOT / "docs/pictures").iterdir()]

    assert {"report-dark.png", "report-light.png", "terminal.svg"} <= {
        picture.name for picture in made
    }
    assert sum(picture.stat().st_size for picture in made) < 300_000
