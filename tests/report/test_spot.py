# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a program is sent: the tree after the patches."""

from __future__ import annotations

import pytest

from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report.posting import Mail
from patchlint.report.spot import Spot, place
from tests.mails import diff, patch_mail

OLD = "".join(f"line {number}\n" for number in range(1, 41))
NEW = OLD.replace("line 5\n", "line 5\nnew\nnew\n").replace("line 20\n", "")
PATH = "a/b.c"


def _mail(before: dict[str, str], after: dict[str, str]) -> Mail:
    series: Series
    (series,) = read([patch_mail("Log.", diff(before, after)).encode()])
    return Mail(series, series.head, series.patches[0], ())


@pytest.mark.parametrize(
    ("line", "now", "was"),
    [
        (1, 1, None),
        (6, 8, None),
        (12, 14, None),
        (19, 21, None),
        (20, 22, 20),
        (21, 22, None),
        (40, 41, None),
    ],
)
def test_a_line_before_is_told_as_the_one_that_stands_there(
    line: int, now: int, was: int | None
) -> None:
    mail = _mail({PATH: OLD}, {PATH: NEW})

    spot = place(InFile(PATH, Side.OLD, Span(line)), mail, "patches/1.patch")

    assert (spot.path, spot.line, spot.was) == (PATH, now, was)


def test_a_file_that_is_gone_keeps_its_lines() -> None:
    mail = _mail({PATH: OLD}, {})

    spot = place(InFile(PATH, Side.OLD, Span(7)), mail, "patches/1.patch")

    assert spot == Spot(PATH, 7, was=7)


def test_the_last_line_that_goes_is_told_as_the_one_above() -> None:
    mail = _mail({PATH: OLD}, {PATH: OLD.replace("line 40\n", "")})

    spot = place(InFile(PATH, Side.OLD, Span(40)), mail, "patches/1.patch")

    assert (spot.line, spot.was) == (39, 40)
