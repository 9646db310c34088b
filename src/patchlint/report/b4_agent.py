# SPDX-License-Identifier: GPL-2.0-or-later
"""Review files that b4 takes up: the diff of a patch, quoted, and comments in it.

The form is that of misc/agent-reviewer.md of b4 0.16. A comment stands below the line
it is about; what is about no line of the diff is a note above it. b4 cuts lines where
Python's ``splitlines`` does, so that no other line end may be in one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patchlint.diff.parse import parse_diff
from patchlint.model.finding import Report
from patchlint.model.location import Side
from patchlint.model.series import Series
from patchlint.report.safe import printable
from patchlint.report.spot import Located, Spot, located, said

_Places = Mapping[tuple[Side, str, int], int]


def series_text(report: Report, postings: Sequence[Series]) -> str:
    """Return what is said of the cover letter, and of the series as a whole."""
    found = [one for one in located(report, postings) if one.finding.patch == 0]
    return _note(found) if found else ""


def patch_text(
    report: Report, postings: Sequence[Series], number: int, diff: str
) -> str:
    """Return the file of one patch; nothing where nothing is to be said of it."""
    found = [one for one in located(report, postings) if one.finding.patch == number]
    if not found:
        return ""
    rows = diff.split("\n")
    places = _places(rows)
    below: dict[int, list[str]] = {}
    above: list[Located] = []
    for one in found:
        at = _at(one.spot, places)
        if at is None:
            above.append(one)
        else:
            below.setdefault(at, []).append(_comment(one))
    quoted = [
        line
        for number, row in enumerate(rows[:-1] if diff.endswith("\n") else rows)
        for line in (_quoted(row), *_spaced(below.get(number, ())))
    ]
    note = f"{_note(above)}\n" if above else ""
    return note + "\n".join(quoted) + "\n"


def _places(rows: Sequence[str]) -> _Places:
    """Return the row of each (side, path, line) that a diff shows."""
    places: dict[tuple[Side, str, int], int] = {}
    for change in parse_diff(rows, 0).changes:
        for line in change.lines:
            if line.old is not None:
                places.setdefault(
                    (Side.OLD, change.old_path or "", line.old), line.mail
                )
            if line.new is not None:
                places.setdefault(
                    (Side.NEW, change.new_path or "", line.new), line.mail
                )
    return places


def _at(spot: Spot, places: _Places) -> int | None:
    if spot.in_mail:
        return None
    if spot.was is not None:
        return places.get((Side.OLD, spot.path, spot.was))
    return places.get((Side.NEW, spot.path, spot.line))


def _quoted(row: str) -> str:
    return f"> {printable(row)}" if row else ">"


def _spaced(comments: Sequence[str]) -> list[str]:
    return ["", *"\n\n".join(comments).split("\n"), ""] if comments else []


def _comment(one: Located) -> str:
    """Return what is said of a line; no line of it may look quoted."""
    text = f"{one.finding.severity.name.lower()}: {said(one)} [{one.finding.rule}]"
    rows = [text]
    if one.finding.suggestion:
        rows += ["", *one.finding.suggestion.split("\n")]
    shown = (printable(row) for row in rows)
    return "\n".join(f" {row}" if row.startswith((">", "[ ")) else row for row in shown)


def _note(found: Sequence[Located]) -> str:
    """Return a summary, and what is said of each place."""
    many = f"{len(found)} remarks" if len(found) > 1 else "1 remark"
    told = [
        f"{printable(one.spot.path)}:{one.spot.line}: {_comment(one)}" for one in found
    ]
    return "\n\n".join((f"patchlint: {many} beside the diff", *told)) + "\n"
