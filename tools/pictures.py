# SPDX-License-Identifier: GPL-2.0-or-later
"""Make the pictures of README: the answer in a terminal, and the page in a browser.

Usage: pictures.py [FOLDER]; without one, docs/pictures. Needs the extra "pictures" and
a Chromium. Both show the fixture with planted faults. The terminal is the end of what
the command prints, as far as a screen goes, by rich; the page is a screenshot by
Chromium, in light and in dark, where it jumps to a guard that changed.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.text import Text

from fixtures import build
from patchlint.adapters.cards import load_rules
from patchlint.adapters.git import Blobs
from patchlint.adapters.index import Indexes
from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.pipeline import read, review
from patchlint.report import terminal
from patchlint.report.html import page as html
from patchlint.report.look import Look

HERE = Path(build.__file__).parent
OUT = HERE.parent / "docs" / "pictures"
FIXTURE = "handover-faults"
RULE = "x86/guard-drift"
COLUMNS, ROWS = 96, 40
WIDTH, HEIGHT = 1200, 900
ABOVE = 170
# Of rich's own, without the fonts, which it fetches from a server.
FONT = "ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"
SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
<style>
.p-matrix {{ font: {char_height}px/{line_height}px FONT }}
{styles}
</style>
<defs>
<clipPath id="p-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#p-clip-terminal)">
{backgrounds}
<g class="p-matrix">
{matrix}
</g>
</g>
</svg>
""".replace("FONT", FONT)


def reviewed() -> tuple[Report, tuple[Series, ...]]:
    """Review the fixture in the tree it is for."""
    postings = tuple(read([(HERE / FIXTURE / "series.mbox").read_bytes()]))
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        build.make_base(FIXTURE, base)
        with Blobs(base) as blobs, Indexes(base, blobs, base / "index") as trees:
            return review(postings, load_rules(), blobs, trees), postings


def screen(text: str) -> str:
    """Return the end of a text, from the head of a file on, as far as a screen goes."""
    rows = text.splitlines()[-ROWS:]
    begin = rows.index("") + 1 if "" in rows else 0
    return "\n".join(rows[begin:])


def drawn(ansi: str) -> str:
    """Return text with colours as an SVG that needs nothing from elsewhere."""
    console = Console(
        record=True,
        width=COLUMNS + 1,
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
    )
    console.print(Text.from_ansi(ansi))
    title = f"patchlint {FIXTURE}/series.mbox"
    return console.export_svg(title=title, code_format=SVG, unique_id="p")


def photographed(page: Page, source: Path, light: str) -> bytes:
    """Return a screenshot of the page at the remark, with its proof unfolded."""
    page.emulate_media(color_scheme="dark" if light == "dark" else "light")
    page.goto(source.as_uri())
    remark = page.locator(".remark", has=page.locator(".rule", has_text=RULE)).first
    for summary in remark.locator("summary").all():
        summary.click()
    page.mouse.move(0, 0)
    remark.evaluate("e => e.scrollIntoView()")
    page.evaluate("above => scrollBy(0, -above)", ABOVE)
    return page.screenshot(animations="disabled")


def small(picture: bytes) -> bytes:
    """Return a PNG of 256 colours: a page has few more, and it is a third the size."""
    from PIL import Image

    out = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    method = Image.Quantize.MEDIANCUT
    flat = image.quantize(256, method=method, kmeans=4, dither=Image.Dither.NONE)
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=OUT)
    out = parser.parse_args().folder
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.exit("pictures.py: no chromium in PATH (sh tools/system.sh)")
    out.mkdir(parents=True, exist_ok=True)
    report, postings = reviewed()
    ansi = terminal.render(report, postings, Look(width=COLUMNS))
    (out / "terminal.svg").write_text(drawn(screen(ansi)), "utf-8")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        source = Path(folder) / "report.html"
        source.write_text(html.render(report, postings), "utf-8")
        started = playwright.chromium.launch(executable_path=browser)
        for light in ("light", "dark"):
            page = started.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            picture = small(photographed(page, source, light))
            (out / f"report-{light}.png").write_bytes(picture)
        started.close()
    for made in sorted(out.iterdir()):
        print(f"{made.name}: {made.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
