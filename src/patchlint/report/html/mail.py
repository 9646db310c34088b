# SPDX-License-Identifier: GPL-2.0-or-later
"""One mail of a posting: who wrote it, what it says, what it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from patchlint.report.html.code import line as code
from patchlint.report.html.diff import files, marked, quoted, remarks
from patchlint.report.html.markup import NOTHING, Html, join, tag
from patchlint.report.html.plan import Plan, Sheet
from patchlint.report.html.room import words
from patchlint.report.posting import change_at, field, is_header, title

_ARCHIVE = "https://lore.kernel.org/r/"


def mail(sheet: Sheet, plan: Plan) -> Html:
    """Return the section of a mail, with everything that is said in it."""
    name = "mail" if sheet.said else "mail quiet"
    return tag(
        "section",
        tag("h3", *_title(sheet)),
        _head(sheet),
        *_lines(_header_lines(sheet, plan), "head"),
        *_text(sheet, plan),
        *files(sheet, plan),
        *_lines(_rest(sheet, plan), "head"),
        id=sheet.name,
        class_=name,
        aria_label=position(sheet) + title(sheet.mail.message),
    )


def position(sheet: Sheet) -> str:
    """Return ``2/7 `` where there is more than one mail, or is to be."""
    series, subject = sheet.mail.series, sheet.mail.message.subject
    if len(series.messages) == 1 and not series.missing:
        return ""
    return f"{subject.position}/{subject.total} "


def archived(message_id: str) -> str:
    """Return the address of a mail in the archive of the kernel."""
    return _ARCHIVE + quote(message_id.encode("utf-8", "replace"), safe="@.-_") + "/"


def _title(sheet: Sheet) -> Iterator[Html]:
    if at := position(sheet):
        yield tag("span", at, class_="position")
    yield tag("a", title(sheet.mail.message) or "(no subject)", href=f"#{sheet.name}")


def _head(sheet: Sheet) -> Html:
    message = sheet.mail.message
    author = message.author or message.sender
    id_ = message.message_id
    link = tag("a", id_, href=archived(id_), rel="noreferrer") if id_ else NOTHING
    return tag(
        "p",
        tag("span", str(author)),
        tag("span", message.date),
        link,
        class_="from",
    )


def _lines(made: Iterable[Html], name: str) -> Iterator[Html]:
    """Yield a table of rows, if there is one."""
    if found := tuple(made):
        columns = join([tag("col")] * (2 if name == "text" else 3))
        body = tag("tbody", *found)
        yield tag("table", tag("colgroup", columns), body, class_=name)


def _header_lines(sheet: Sheet, plan: Plan) -> Iterator[Html]:
    """Yield the header fields that something is said about."""
    message = sheet.mail.message
    wanted = [said.line for said in sheet.said if is_header(message, said.line)]
    for number in sorted({n for at in wanted for n in field(message, at)}):
        yield from quoted(sheet, number, plan)


def _text(sheet: Sheet, plan: Plan) -> Iterator[Html]:
    """Yield the message; what stands below the cut is folded if nobody minds it."""
    every = words(sheet.mail)
    patch = sheet.mail.patch
    cut = patch.parts.notes.start if patch and patch.parts.notes else every.stop
    cut = min(max(cut, every.start), every.stop)
    yield from _lines(_words(sheet, plan, range(every.start, cut)), "text")
    below = range(cut, every.stop)
    is_said = any(said.line in below for said in sheet.said)
    if not is_said and not any(sheet.mail.message.line(n).strip() for n in below):
        return
    yield tag(
        "details",
        tag("summary", "Below the cut: notes and diffstat"),
        *_lines(_words(sheet, plan, below), "text"),
        open=is_said,
        class_="notes",
    )


def _words(sheet: Sheet, plan: Plan, numbers: range) -> Iterator[Html]:
    message = sheet.mail.message
    first, above = message.body_start - 1, numbers.start - 1
    for number in _trimmed(sheet, numbers):
        if number not in sheet.shown:
            continue
        if number > above + 1 and above >= numbers.start:
            gap = f"{number - above - 1} lines not shown"
            yield tag("tr", tag("td", gap, colspan=2), class_="gap")
        above = number
        shown = code(message.line(number), (), marked(sheet.under(number)))
        yield tag(
            "tr",
            tag("td", str(number - first)),
            tag("td", shown),
            id=sheet.place(number),
        )
        yield from remarks(sheet, number, plan, 2)


def _trimmed(sheet: Sheet, numbers: range) -> range:
    """Cut blank lines off both ends, where nothing is said about them."""
    message = sheet.mail.message
    start, stop = numbers.start, numbers.stop

    def is_blank(number: int) -> bool:
        return not message.line(number).strip() and not sheet.under(number)

    while start < stop and is_blank(start):
        start += 1
    while start < stop and is_blank(stop - 1):
        stop -= 1
    return range(start, stop)


def _rest(sheet: Sheet, plan: Plan) -> Iterator[Html]:
    """Yield what is said about lines that stand nowhere else: a signature, trash."""
    shown = {*words(sheet.mail), *_diff_lines(sheet)}
    for number in sorted({said.line for said in sheet.said}):
        is_head = is_header(sheet.mail.message, number)
        if number not in shown and not is_head and not _in_file(sheet, number):
            yield from quoted(sheet, number, plan)


def _diff_lines(sheet: Sheet) -> Iterator[int]:
    """Yield the lines of the mail that the hunks are made of."""
    for change in sheet.mail.patch.changes if sheet.mail.patch else ():
        for hunk in change.hunks:
            yield hunk.mail
            yield from (line.mail for line in hunk.lines)


def _in_file(sheet: Sheet, number: int) -> bool:
    """Say whether a line is shown above the hunks of its file."""
    change = change_at(sheet.mail, number)
    if change is None:
        return False
    end = change.hunks[0].mail if change.hunks else change.mail + 20
    return change.mail <= number < end
