# SPDX-License-Identifier: GPL-2.0-or-later
"""A remark: what is said, what to use instead, and the proof, which unfolds."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.model.finding import Baseline, Finding, Severity, Step
from patchlint.model.location import Location
from patchlint.report.html.guards import table
from patchlint.report.html.markup import NOTHING, Html, join, tag
from patchlint.report.html.plan import Plan, Said, Sheet
from patchlint.report.posting import is_shown, place
from patchlint.report.safe import cut, lines_of

_WIDE = 500


def remark(said: Said, sheet: Sheet, plan: Plan) -> Html:
    """Return a remark, to be put under its line."""
    finding = said.finding
    severity = word(finding.severity)
    return tag(
        "article",
        tag(
            "header",
            tag("a", f"#{said.number}", href=f"#{said.name}", class_="number"),
            badge(finding.severity),
            tag("span", finding.rule, class_="rule", title=plan.summary(finding.rule)),
            *_facts(said, sheet, plan),
        ),
        tag("p", *_words(finding, sheet), class_="said"),
        _suggestion(finding),
        _guards(said, sheet),
        _trace(finding, sheet),
        id=said.name,
        class_=f"remark {severity} {names(said, plan)}",
        aria_label=f"Remark {said.number}: {severity}, {finding.rule}",
        tabindex=-1,
    )


def names(said: Said, plan: Plan) -> str:
    """Return the classes by which the filters find a remark."""
    return f"s-{word(said.finding.severity)} k{plan.rules[said.finding.rule]}"


def word(severity: Severity) -> str:
    """Return the word for a severity."""
    return severity.name.lower()


def badge(severity: Severity) -> Html:
    """Return the word for a severity in its colour."""
    return tag("b", word(severity), class_=f"badge {word(severity)}")


def where(at: Location, sheet: Sheet) -> Html:
    """Return a place; a link where the page shows it."""
    target = sheet.target(at)
    name = place(at, sheet.mail)
    if target is None:
        return tag("span", name, class_="place")
    return tag("a", name, href=f"#{target}", class_="place")


def _facts(said: Said, sheet: Sheet, plan: Plan) -> Iterator[Html]:
    finding, series = said.finding, sheet.mail.series
    yield tag("span", f"{word_of(finding)} confidence", class_="fact")
    if finding.baseline is Baseline.UNCHANGED and series.previous is not None:
        before = series.previous.version
        yield tag("span", f"still there since v{before}", class_="fact")
    if finding.mended_in is not None:
        other = plan.patch(series, finding.mended_in)
        text = f"mended in {finding.mended_in}/{series.total}"
        href = f"#{other.name}" if other else None
        yield tag("a" if href else "span", text, href=href, class_="fact")


def word_of(finding: Finding) -> str:
    """Return the word for a confidence."""
    return finding.confidence.name.lower()


def _words(finding: Finding, sheet: Sheet) -> Iterator[Html]:
    """Yield the message, and first its place where the line above does not say it."""
    if not is_shown(finding, sheet.mail):
        yield where(finding.where, sheet)
        yield tag("span", ": ")
    for count, line in enumerate(lines_of(finding.message.strip("\n "))):
        if count:
            yield tag("br")
        # What begins with a blank is a table.
        name = "table" if line[:1].isspace() else None
        yield tag("span", line, class_=name)


def _suggestion(finding: Finding) -> Html:
    if not finding.suggestion:
        return NOTHING
    lines = (cut(line, _WIDE) for line in lines_of(finding.suggestion.strip("\n")))
    shown = join((tag("span", line) for line in lines), "")
    return tag(
        "div",
        tag("span", "use", class_="label"),
        tag("pre", shown, tabindex=0, aria_label="Use instead"),
        class_="use",
    )


def _guards(said: Said, sheet: Sheet) -> Html:
    rows = said.finding.guards
    if not rows:
        return NOTHING
    return tag(
        "details",
        tag("summary", f"Conditions before and after: {len(rows)} sites"),
        table(rows, lambda at: where(at, sheet)),
    )


def _trace(finding: Finding, sheet: Sheet) -> Html:
    steps = finding.trace
    if not steps:
        return NOTHING
    count = f"{len(steps)} step{'s' if len(steps) > 1 else ''}"
    return tag(
        "details",
        tag("summary", f"Why: {count}"),
        tag("ol", *(_step(step, sheet) for step in steps)),
        class_="trace",
    )


def _step(step: Step, sheet: Sheet) -> Html:
    note = tag("span", cut(step.note, _WIDE), class_="note") if step.note else NOTHING
    words = cut(" ".join(step.text.split()), _WIDE)
    return tag("li", where(step.where, sheet), " ", tag("code", words), " ", note)
