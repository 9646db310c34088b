# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile mails make no huge pages, and no slow ones."""

from __future__ import annotations

import time

import pytest

from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report.html import room as rooms
from patchlint.report.html.code import LONGEST
from patchlint.report.html.page import render
from patchlint.report.html.room import weight
from tests.mails import diff, patch_mail
from tests.report.made import at, finding, report
from tests.report.page import Page

MEGABYTE = 1_000_000
# What is hostile about it, and a line.
LINES = {
    "long": "x" * 3000,
    "escaped": "<&\"'" * 750,
    "short": "",
    "hidden": "\u202e" * 80,
    "hidden here and there": "a\u202e" * 40,
    "numbers": "1," * 39,
    "quotes": "\"'" * 39,
    "names": "a," * 39,
    "brackets": "({[<" * 20,
    "comments": "/*" * 39,
    "blanks": " " * 79,
}


def series_of(files: dict[str, str]) -> Series:
    mail = patch_mail("Add it.", diff({}, files))
    (series,) = read([mail.encode("utf-8", "surrogateescape")])
    return series


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("has_colours", [True, False], ids=["colours", "plain"])
def test_page_is_bounded_whatever_the_lines_hold(
    monkeypatch: pytest.MonkeyPatch, line: str, *, has_colours: bool
) -> None:
    """A tenth of what a page has room for, and ten times as much to put in there."""
    monkeypatch.setattr(rooms, "MOST", 5000)
    monkeypatch.setattr(rooms, "COLOURED", 5000 if has_colours else 0)
    count = 5 * 5000 // weight(line)
    size = max(count // 100, 1)
    files = {f"drivers/f{n}.c": f"{line}\n" * size for n in range(1 + count // size)}
    series = series_of(files)
    start = time.process_time()
    page = render(report(), (series,))

    assert "lines not shown" in page
    assert len(page.encode()) < 1.5 * MEGABYTE
    assert time.process_time() - start < 5


def test_line_of_a_megabyte_is_cut() -> None:
    series = series_of({"a.c": "x" * MEGABYTE + "\n"})
    page = render(report(), (series,))

    assert len(page) < 50_000
    assert "x" * LONGEST + " [...]" in page


def test_time_grows_with_the_lines() -> None:
    code = "\tif (ring->size < count)\n\t\treturn -EINVAL;\n" * 100

    def seconds(files: int) -> float:
        series = series_of({f"drivers/f{n}.c": code for n in range(files)})
        message = series.messages[0]
        made = finding(series, at(message, "+\tif"))
        start = time.process_time()
        render(report(*[made] * files), (series,))
        return time.process_time() - start

    seconds(1)
    few, many = seconds(10), seconds(40)

    assert many < 4 * few * 2.5


def test_colours_end_where_the_room_for_them_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, two = (series_of({"a.c": f"int a{n};\n" * 20}) for n in range(2))

    def coloured() -> list[int]:
        page = Page(render(report(), (one, two)))
        return [len(page.of("span", "k")), len(page.of("table", "diff"))]

    assert coloured() == [40, 2]
    monkeypatch.setattr(rooms, "COLOURED", 40)
    assert coloured() == [20, 2]


@pytest.mark.parametrize(
    ("line", "lines"),
    [("", 1), ("x" * 39, 1), ("\t" * 39, 1), ("x" * 80, 3), ("x" * MEGABYTE, 26)],
)
def test_long_line_takes_the_room_of_many(line: str, lines: int) -> None:
    assert weight(line) == lines


def test_hidden_characters_take_room() -> None:
    assert weight("\u202e") == 1
    assert weight("\u202e" * 40) == 32
    assert weight("\u4e2d" * 39) == 1
