# SPDX-License-Identifier: GPL-2.0-or-later
"""Annotations of GitHub: lines of a log that the runner takes for commands.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions. A step
may have ten of each level; the rest are plain lines, the loudest come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from patchlint.model.finding import Report, Severity
from patchlint.model.series import Series
from patchlint.report.columns import utf16
from patchlint.report.safe import printable
from patchlint.report.spot import Located, Spot, located, one_line, said

_LEVELS: Mapping[Severity, str] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.QUESTION: "notice",
    Severity.NIT: "notice",
    Severity.NOTE: "notice",
}
_MOST = 10
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return a command for each finding, as many as GitHub shows, and a line each."""
    found = sorted(located(report, postings), key=lambda at: -at.finding.severity)
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Sequence[Located]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    plain: list[str] = []
    for at in found:
        level = _LEVELS[at.finding.severity]
        counts[level] += 1
        if counts[level] > _MOST:
            plain.append(_plain(level, at))
        else:
            yield _command(level, at)
    yield from plain
    if plain:
        yield f"patchlint: {len(plain)} more than GitHub shows as annotations, above"


def _command(level: str, at: Located) -> str:
    properties = {"file": printable(at.spot.path), **_place(at.spot)}
    properties["title"] = printable(at.finding.rule)
    shown = ",".join(f"{k}={_escaped(v, _PROPERTY)}" for k, v in properties.items())
    return f"::{level} {shown}::{_escaped(_text(at), _DATA)}"


def _place(spot: Spot) -> dict[str, str]:
    line = {"line": str(spot.line), "endLine": str(spot.line)}
    if spot.columns is None:
        return line
    first, end = (utf16(spot.text, column) for column in spot.columns)
    # Here the end is the last character, not the one after it.
    return line | {"col": str(first), "endColumn": str(max(end - 1, first))}


def _text(at: Located) -> str:
    use = one_line(at.finding.suggestion)
    return f"{said(at)}\nUse: {use}" if use else said(at)


def _escaped(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)


def _plain(level: str, at: Located) -> str:
    """Return a line that is no command in either form, whatever it quotes."""
    place = f"{printable(at.spot.path)}:{at.spot.line}"
    text = f"{level}: {place}: {said(at)} [{printable(at.finding.rule)}]"
    return text.replace("##[", "# # [")
