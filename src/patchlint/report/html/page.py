# SPDX-License-Identifier: GPL-2.0-or-later
"""The page: one file, which fetches nothing and runs nothing but its own script.

The policy in its head names style and script by their hashes, so that nothing else
runs or paints, should a mail ever get past the escaping. The same report gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import pkgutil
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache

from patchlint import __version__
from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.report.html.mail import mail
from patchlint.report.html.markup import Html, tag
from patchlint.report.html.overview import series_head, totals
from patchlint.report.html.palette import palette
from patchlint.report.html.plan import Plan, plan
from patchlint.report.html.sidebar import lights, rules, sidebar
from patchlint.report.posting import title
from patchlint.report.summary import counted


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return the report as an HTML document, with lone surrogates as U+FFFD."""
    made = plan(report, postings)
    style = _asset("style.css") + palette() + "\n".join(rules(made)) + "\n"
    script = _asset("script.js")
    page = tag("html", _head(made, style, script), _body(made, script), lang="en")
    return f"<!DOCTYPE html>\n{page.source}\n"


def _head(made: Plan, style: str, script: str) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content="; ".join(_policy(style, script)),
        ),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content=f"patchlint {__version__}"),
        tag("title", _title(made)),
        # Else a browser asks the server for one.
        tag("link", rel="icon", href="data:,"),
        tag("style", Html(style)),
    )


def _policy(style: str, script: str) -> Iterator[str]:
    yield "default-src 'none'"
    yield f"style-src '{_hash(style)}'"
    yield f"script-src '{_hash(script)}'"
    yield "img-src data:"
    yield "base-uri 'none'"
    yield "form-action 'none'"
    yield "require-trusted-types-for 'script'"
    yield "trusted-types 'none'"


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{b64encode(digest).decode()}"


def _title(made: Plan) -> str:
    heads = [title(series.head) for series in made.postings]
    more = f" and {len(heads) - 1} more" if len(heads) > 1 else ""
    return f"{heads[0] if heads else ''}{more}: {counted(made.report)}"


def _body(made: Plan, script: str) -> Html:
    return tag(
        "body",
        tag("a", "Skip to the remarks", href="#main", class_="skip"),
        tag("header", tag("h1", "patchlint"), lights(), class_="top"),
        tag(
            "div",
            sidebar(made),
            tag(
                "main",
                totals(made.report),
                *(_series(series, made) for series in made.postings),
                id="main",
                tabindex=-1,
            ),
            class_="layout",
        ),
        tag("footer", f"patchlint {__version__}"),
        tag("script", Html(script)),
    )


def _series(series: Series, made: Plan) -> Html:
    mails = (mail(sheet, made) for sheet in made.of(series))
    return tag("section", series_head(series, made), *mails, aria_label="Series")


@cache
def _asset(name: str) -> str:
    """Return a file that lies beside this module."""
    raw = pkgutil.get_data(__package__, name)
    if raw is None:
        raise FileNotFoundError(name)
    return raw.decode("utf-8")
