# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands beside the page: where to go, what to see, in which light.

Filters are boxes that the style sheet asks, so they work without a script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from patchlint.model.finding import Severity
from patchlint.report.html.mail import position
from patchlint.report.html.markup import NOTHING, Html, tag
from patchlint.report.html.overview import dots
from patchlint.report.html.plan import Plan
from patchlint.report.html.remark import word
from patchlint.report.posting import title

_LIGHTS = (("auto", "as the system"), ("light", "light"), ("dark", "dark"))


def sidebar(plan: Plan) -> Html:
    """Return the filters and the list of mails."""
    return tag(
        "div",
        _filters(plan) if plan.report.findings else NOTHING,
        tag("nav", _list(plan), aria_label="Patches"),
        class_="side",
    )


def lights() -> Html:
    """Return the switch between dark and light."""
    return tag(
        "fieldset",
        tag("legend", "Light", class_="hidden"),
        *(
            tag(
                "label",
                tag(
                    "input",
                    type="radio",
                    name="light",
                    id=f"light-{name}",
                    checked=name == "auto",
                ),
                tag("span", name),
                title=words,
            )
            for name, words in _LIGHTS
        ),
        class_="lights",
    )


def rules(plan: Plan) -> Iterator[str]:
    """Yield a rule of style for each filter: what it takes out is not shown."""
    for severity in Severity:
        yield _unless(f"s-{word(severity)}")
    for number in plan.rules.values():
        yield _unless(f"k{number}")


def _unless(name: str) -> str:
    return f"html:has(#{name}:not(:checked)) .{name}{{display:none}}"


def _filters(plan: Plan) -> Html:
    severities = Counter(finding.severity for finding in plan.report.findings)
    by_rule = Counter(finding.rule for finding in plan.report.findings)
    return tag(
        "section",
        tag(
            "fieldset",
            tag("legend", "Show"),
            *(
                _box(f"s-{word(one)}", word(one), severities[one], word(one))
                for one in sorted(severities, reverse=True)
            ),
        ),
        tag(
            "details",
            tag("summary", f"Rules: {len(by_rule)}"),
            tag(
                "fieldset",
                tag("legend", "Rules", class_="hidden"),
                *(
                    _box(f"k{number}", rule, by_rule[rule], "rule", plan.summary(rule))
                    for rule, number in plan.rules.items()
                ),
            ),
        ),
        tag(
            "label",
            tag("input", type="checkbox", id="quiet"),
            tag("span", "only files with remarks"),
        ),
        tag("p", "", id="status", role="status"),
        tag("p", id="tools"),
        class_="filters",
        aria_label="Filters",
    )


def _box(name: str, words: str, number: int, kind: str, title: str = "") -> Html:
    return tag(
        "label",
        tag("input", type="checkbox", id=name, checked=True),
        tag("span", words, class_=f"name {kind}"),
        tag("span", str(number), class_="count"),
        title=title or None,
    )


def _list(plan: Plan) -> Html:
    items = (
        tag(
            "li",
            tag(
                "a",
                tag("span", at, class_="position") if (at := position(sheet)) else "",
                title(sheet.mail.message) or "(no subject)",
                href=f"#{sheet.name}",
            ),
            " ",
            *dots(sheet),
            class_=None if sheet.said else "quiet",
        )
        for sheet in plan.sheets
    )
    return tag("ol", *items)
