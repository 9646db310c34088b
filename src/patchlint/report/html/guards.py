# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of guards: each site, and its condition before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from patchlint.model.guard import GuardRow, GuardSide
from patchlint.model.location import Location
from patchlint.report.html.markup import NOTHING, Html, Piece, tag
from patchlint.report.safe import cut

_WIDE = 500
_HEADS = ("site", "before", "after", "")

Where = Callable[[Location], Html]


def table(rows: Sequence[GuardRow], where: Where) -> Html:
    """Return a table; ``where`` makes the link to a place."""
    heads = (tag("th", head, scope="col") for head in _HEADS[:3])
    fate = tag("th", "root", scope="col")
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", *heads, fate)),
            tag("tbody", *(_row(row, where) for row in rows)),
            class_="guards",
        ),
        class_="wide",
        tabindex=0,
        role="group",
        aria_label="Conditions before and after",
    )


def _row(row: GuardRow, where: Where) -> Html:
    return tag(
        "tr",
        tag(
            "th",
            tag("code", row.operation),
            " in ",
            tag("code", row.function),
            scope="row",
        ),
        tag("td", *_side(row.before, where)),
        tag("td", *_side(row.after, where)),
        tag("td", tag("span", row.fate.value, class_=f"fate {row.fate.name.lower()}")),
    )


def _side(side: GuardSide, where: Where) -> tuple[Piece, ...]:
    """Return the condition as it stands, what it comes down to, and the place."""
    asked = " ".join(side.asked.split())
    root = " ".join(side.root.split())
    shown = root or "always"
    stands = asked and asked != root
    return (
        tag("code", cut(shown, _WIDE)) if root else tag("i", shown),
        tag("div", "from ", tag("code", cut(asked, _WIDE)), class_="from")
        if stands
        else NOTHING,
        tag("div", where(side.where), class_="from"),
    )
