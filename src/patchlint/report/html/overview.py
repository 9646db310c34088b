# SPDX-License-Identifier: GPL-2.0-or-later
"""What a reader sees first: how much was found, where, and what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from patchlint.model.change import Kind
from patchlint.model.finding import Comparison, Report, Severity
from patchlint.model.series import Series
from patchlint.report.html.guards import table
from patchlint.report.html.mail import archived, position
from patchlint.report.html.markup import NOTHING, Html, Piece, tag
from patchlint.report.html.plan import Plan, Said, Sheet
from patchlint.report.html.remark import badge, names, where, word
from patchlint.report.posting import is_shown, place, title
from patchlint.report.safe import cut
from patchlint.report.shown import counted as lines_of_kind
from patchlint.report.since import comparison_of, fates, patches, summary
from patchlint.report.summary import counted, crashed, headline, left_out, not_checked

_SAID = 160


def series_head(series: Series, plan: Plan) -> Html:
    """Return title, facts, patches, remarks and guards of a posting."""
    head = series.head
    author = str(head.author or head.sender)
    link = tag("a", head.message_id, href=archived(head.message_id), rel="noreferrer")
    return tag(
        "header",
        tag("h2", headline(series)),
        tag(
            "p",
            tag("span", author),
            tag("span", head.date),
            link if head.message_id else NOTHING,
            class_="from",
        ),
        *_since(comparison_of(plan.report, series), series),
        *_patches(plan.of(series)),
        *_remarks(plan.of(series), plan),
        *_guards(plan.of(series)),
        class_="series",
    )


def totals(report: Report) -> Html:
    """Return how much was found, and what was not looked at."""
    counts = Counter(finding.severity for finding in report.findings)
    tiles = (
        tag("li", tag("b", str(counts[one])), " ", word(one), class_=word(one))
        for one in sorted(Severity, reverse=True)
        if counts[one]
    )
    notes = tuple(left_out(report))
    skipped = tuple(not_checked(report.skips))
    return tag(
        "section",
        tag("p", counted(report), class_="counted"),
        tag("ul", *tiles, class_="tiles") if counts else NOTHING,
        *(tag("p", crash, class_="crash", role="alert") for crash in crashed(report)),
        *(tag("p", note, class_="quiet-note") for note in notes),
        _folded(f"Not checked: {len(skipped)}", skipped) if skipped else NOTHING,
        class_="totals",
        aria_label="Summary",
    )


def _folded(head: str, lines: Iterable[str]) -> Html:
    items = (tag("li", line) for line in lines)
    return tag("details", tag("summary", head), tag("ul", *items), class_="fold")


def _since(found: Comparison | None, series: Series) -> Iterator[Html]:
    if found is None:
        return
    lines = [*patches(found, series)]
    if found.older:
        lines.insert(0, f"not looked at: {', '.join(found.older)}")
    lines += [f"{fate.value}: {text}" for fate, text in fates(found)]
    yield _folded(summary(found), lines)


def _patches(sheets: Sequence[Sheet]) -> Iterator[Html]:
    """Yield the list of the mails, each with its size and what was found in it."""
    if len(sheets) < 2:
        return
    rows = (tag("tr", *_patch(sheet)) for sheet in sheets)
    heads = ("patch", "subject", "lines", "remarks")
    yield tag(
        "table",
        tag("caption", "Patches"),
        tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
        tag("tbody", *rows),
        class_="patches",
    )


def _patch(sheet: Sheet) -> Iterator[Html]:
    hunks = tuple(
        hunk
        for change in (sheet.mail.patch.changes if sheet.mail.patch else ())
        for hunk in change.hunks
    )
    added, removed = (lines_of_kind(hunks, k) for k in (Kind.ADDED, Kind.REMOVED))
    name = title(sheet.mail.message) or "(no subject)"
    yield tag("td", position(sheet))
    yield tag("td", tag("a", name, href=f"#{sheet.name}"))
    yield tag(
        "td",
        tag("span", f"+{added}", class_="plus"),
        " ",
        tag("span", f"\u2212{removed}", class_="minus"),
    )
    yield tag("td", *dots(sheet))


def dots(sheet: Sheet) -> Iterator[Piece]:
    """Yield a count for each severity, the loudest first."""
    counts = Counter(said.finding.severity for said in sheet.said)
    for severity in sorted(counts, reverse=True):
        name = word(severity)
        number = counts[severity]
        label = f"{number} {name}{'s' if number > 1 else ''}"
        yield tag("span", str(number), class_=f"dot {name}", title=label)
        yield " "


def _remarks(sheets: Sequence[Sheet], plan: Plan) -> Iterator[Html]:
    """Yield the list of the remarks, in the order of the mails."""
    items = [_item(said, sheet, plan) for sheet in sheets for said in sheet.said]
    if not items:
        return
    yield tag(
        "details",
        tag("summary", f"Remarks: {len(items)}"),
        tag("ol", *items),
        class_="index",
        open=len(items) <= 40,
    )


def _item(said: Said, sheet: Sheet, plan: Plan) -> Html:
    finding = said.finding
    at = finding.anchor if is_shown(finding, sheet.mail) else finding.where
    message = cut(" ".join(finding.message.split()), _SAID)
    return tag(
        "li",
        badge(finding.severity),
        tag("a", message, href=f"#{said.name}"),
        tag("span", position(sheet) + place(at, sheet.mail), class_="place"),
        class_=names(said, plan),
    )


def _guards(sheets: Sequence[Sheet]) -> Iterator[Html]:
    """Yield the table of all guards that were compared, each site once per patch."""
    for sheet in sheets:
        rows = dict.fromkeys(r for said in sheet.said for r in said.finding.guards)
        if rows:
            head = f"{position(sheet)}Guards: conditions before and after"
            yield tag(
                "details",
                tag("summary", head),
                table(tuple(rows), lambda at, sheet=sheet: where(at, sheet)),  # type: ignore[misc]
                class_="fold",
                open=True,
            )
