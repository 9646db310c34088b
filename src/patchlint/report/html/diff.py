# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a patch: their lines with two numbers, coloured, remarks under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.report.html.code import line as code
from patchlint.report.html.colour import Span, coloured
from patchlint.report.html.markup import NOTHING, Html, join, tag
from patchlint.report.html.plan import Mark, Plan, Said, Sheet
from patchlint.report.html.remark import remark, word
from patchlint.report.posting import change_at, spans
from patchlint.report.shown import counted, kind_of

_CLASSES: Mapping[Kind, str | None] = {
    Kind.ADDED: "a",
    Kind.REMOVED: "d",
    Kind.CONTEXT: None,
}
_MARKS = 6


def files(sheet: Sheet, plan: Plan) -> Iterator[Html]:
    """Yield the files that a patch touches."""
    patch = sheet.mail.patch
    minded = {id(change_at(sheet.mail, said.line)) for said in sheet.said}
    for count, change in enumerate(patch.changes if patch else (), 1):
        name = "file" if id(change) in minded else "file quiet"
        rows = _rows(change, sheet, plan)
        yield _file(change, rows, id=f"{sheet.name}f{count}", class_=name)


def remarks(sheet: Sheet, number: int, plan: Plan, columns: int) -> Iterator[Html]:
    """Yield the rows under a line of the mail: one for each remark."""
    for said in sheet.under(number):
        cell = tag("td", remark(said, sheet, plan), colspan=columns)
        yield tag(
            "tr", cell, class_=f"r s-{word(said.finding.severity)} {_rule(said, plan)}"
        )


def marked(said: Sequence[Said]) -> tuple[tuple[int, int], ...]:
    """Return the columns that remarks point at, from 0."""
    found = spans(one.finding for one in said)
    return tuple((first - 1, end - 1) for first, end in found)


def _rule(said: Said, plan: Plan) -> str:
    return f"k{plan.rules[said.finding.rule]}"


def _rows(change: FileChange, sheet: Sheet, plan: Plan) -> Iterator[Html]:
    yield from _head(change, sheet, plan)
    for hunk in change.hunks:
        yield from _hunk(change, hunk, sheet, plan)


def _file(change: FileChange, rows: Iterable[Html], **attributes: str) -> Html:
    columns = tag("colgroup", tag("col"), tag("col"), tag("col"))
    found = tuple(rows)
    table = tag("table", columns, tag("tbody", *found), class_="diff")
    return tag(
        "details",
        tag("summary", *_title(change)),
        table if found else NOTHING,
        open=True,
        **attributes,
    )


def _title(change: FileChange) -> Iterator[Html]:
    old, new = change.old_path, change.new_path
    path = change.path if not (old and new) or old == new else f"{old} \u2192 {new}"
    yield tag("h4", path)
    kind = "binary" if change.binary else kind_of(change)
    if kind != "modified":
        yield tag("span", kind, class_="fact")
    added, removed = (
        counted(change.hunks, kind) for kind in (Kind.ADDED, Kind.REMOVED)
    )
    yield tag("span", f"+{added}", class_="plus")
    yield tag("span", f"\u2212{removed}", class_="minus")


def _head(change: FileChange, sheet: Sheet, plan: Plan) -> Iterator[Html]:
    """Yield the lines above the first hunk that something is said about."""
    end = change.hunks[0].mail if change.hunks else change.mail + 20
    for number in range(change.mail, end):
        if sheet.under(number) and change_at(sheet.mail, number) is change:
            yield from quoted(sheet, number, plan)


def quoted(sheet: Sheet, number: int, plan: Plan) -> Iterator[Html]:
    """Yield a line of the mail that is no line of a hunk, and what is said of it."""
    words = sheet.mail.message.line(number)
    said = sheet.under(number)
    shown = code(words, (), marked(said))
    yield tag("tr", tag("td", shown, colspan=3), id=sheet.place(number), class_="h")
    yield from remarks(sheet, number, plan, 3)


def _hunk(change: FileChange, hunk: Hunk, sheet: Sheet, plan: Plan) -> Iterator[Html]:
    """Yield the rows of a hunk; of one for which there is no room, what matters."""
    lines = [line for line in hunk.lines if line.mail in sheet.shown]
    if lines or hunk.mail in sheet.shown:
        head = f"@@ -{hunk.old_start} +{hunk.new_start} @@ {hunk.heading}"
        cell = tag("td", code(head), colspan=3)
        yield tag("tr", cell, id=sheet.place(hunk.mail), class_="h")
        yield from remarks(sheet, hunk.mail, plan, 3)
    colours = _colours(change, lines) if sheet.has_colours else {}
    above = hunk.mail
    for line in lines:
        if line.mail > above + 1:
            yield _gap(line.mail - above - 1)
        above = line.mail
        yield _line(line, colours.get(line.mail, ()), sheet)
        yield from remarks(sheet, line.mail, plan, 3)
    if rest := sum(line.mail > above for line in hunk.lines):
        yield _gap(rest)


def _gap(number: int) -> Html:
    return tag("tr", tag("td", f"{number} lines not shown", colspan=3), class_="gap")


def _line(line: Line, colours: Sequence[Span], sheet: Sheet) -> Html:
    # The first column of the mail holds the sign, which the style sheet writes.
    marks = [(first - 1, end - 1) for first, end in marked(sheet.under(line.mail))]
    bare = [(max(first, 0), end) for first, end in marks if end > 0]
    missing = NOTHING if line.newline else tag("i", "no newline at the end")
    return tag(
        "tr",
        tag("td", str(line.old or "")),
        tag("td", str(line.new or "")),
        tag("td", code(line.text, colours, bare), missing, _steps(line.mail, sheet)),
        id=sheet.place(line.mail),
        class_=_CLASSES[line.kind],
    )


def _steps(number: int, sheet: Sheet) -> Html:
    """Return links from a line to the proofs that it is a step of."""
    marks = sheet.marks.get(number, ())[:_MARKS]
    return join(_mark(mark) for mark in marks)


def _mark(mark: Mark) -> Html:
    title = f"step {mark.step} of remark {mark.said.number}: {mark.note}"
    text = f"#{mark.said.number}.{mark.step}"
    return tag("a", text, href=f"#{mark.said.name}", class_="step", title=title)


def _colours(
    change: FileChange, lines: Sequence[Line]
) -> Mapping[int, tuple[Span, ...]]:
    """Return the colours of lines by their numbers in the mail.

    Each side is read as a text of its own: a comment that was removed does not begin
    in what was added.
    """
    found: dict[int, tuple[Span, ...]] = {}
    sides = (
        (Kind.REMOVED, Kind.ADDED, change.old_path),
        (Kind.ADDED, Kind.REMOVED, change.new_path),
    )
    for own, other, path in sides:
        # What both sides have is read with the new one, which comes last.
        if own is Kind.REMOVED and not any(line.kind is own for line in lines):
            continue
        side = [line for line in lines if line.kind is not other]
        spans_of = coloured(path or "", [line.text for line in side])
        found |= {line.mail: s for line, s in zip(side, spans_of, strict=True)}
    return found
