# SPDX-License-Identifier: GPL-2.0-or-later
"""JUnit XML, as Jenkins and GitLab read it: a suite for each mail.

Each finding is a test that failed, what was not checked a test that was skipped, a
rule that crashed an error, and a mail without findings a test that passed. There are
no times: the same input gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from patchlint.model.finding import Crash, Report
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.report.posting import place, title
from patchlint.report.safe import printable
from patchlint.report.spot import Located, located, named, said
from patchlint.report.summary import not_checked

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="patchlint">'


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return the report as a document in ASCII; all else is a reference."""
    found = tuple(located(report, postings))
    by_mail = {
        id_: tuple(ones)
        for id_, ones in groupby(found, lambda at: at.mail.message.message_id)
    }
    suites = [
        _mail(series, message, by_mail.get(message.message_id, ()), postings)
        for series in postings
        for message in series.messages
    ]
    skipped = [_skip(text) for text in not_checked(report.skips)]
    if skipped or report.crashes:
        suites.append(_engine(skipped, report.crashes))
    body = "\n".join(suites)
    text = f"{_HEAD}\n{body}\n</testsuites>\n"
    return text.encode("ascii", "xmlcharrefreplace").decode()


def _mail(
    series: Series,
    message: Message,
    found: Sequence[Located],
    postings: Sequence[Series],
) -> str:
    subject = message.subject
    name = f"{subject.position}/{subject.total} {title(message)}"
    path = named(series, subject.position, postings)
    cases = [_failure(at) for at in found]
    cases = cases or [f'    <testcase classname="{path}" name="nothing found"/>']
    return _suite(name, cases, failures=len(found))


def _engine(skipped: Sequence[str], crashes: Sequence[Crash]) -> str:
    errors = [_error(crash) for crash in crashes]
    return _suite(
        "not checked", [*errors, *skipped], errors=len(errors), skipped=len(skipped)
    )


def _suite(
    name: str,
    cases: Sequence[str],
    *,
    failures: int = 0,
    errors: int = 0,
    skipped: int = 0,
) -> str:
    head = (
        f'  <testsuite name="{_safe(name)}" tests="{len(cases)}" '
        f'failures="{failures}" errors="{errors}" skipped="{skipped}">'
    )
    return "\n".join((head, *cases, "  </testsuite>"))


def _failure(at: Located) -> str:
    finding, spot = at.finding, at.spot
    severity = finding.severity.name.lower()
    name = _safe(f"{finding.rule} line {spot.line}")
    words = _safe(said(at))
    text = "\n".join(_safe(line) for line in _lines(at))
    return (
        f'    <testcase classname="{_safe(spot.path)}" name="{name}">\n'
        f'      <failure type="{severity}" message="{words}">{text}</failure>\n'
        f"    </testcase>"
    )


def _lines(at: Located) -> Iterator[str]:
    """Yield the place, the line, what to use, and the steps."""
    finding = at.finding
    yield f"{at.spot.path}:{at.spot.line}: {finding.severity.name.lower()}: {said(at)}"
    yield f"> {finding.quote[:500]}"
    if finding.suggestion:
        yield f"use: {finding.suggestion}"
    for count, step in enumerate(finding.trace, 1):
        where = place(step.where, at.mail)
        yield f"{count}. {where}: {step.text}  {step.note}".rstrip()


def _error(crash: Crash) -> str:
    return (
        f'    <testcase classname="patchlint" name="{_safe(crash.rule)}">\n'
        f'      <error type="crash" message="{_safe(crash.error)}"/>\n'
        f"    </testcase>"
    )


def _skip(text: str) -> str:
    return (
        f'    <testcase classname="patchlint" name="{_safe(text)}">\n'
        f'      <skipped message="{_safe(text)}"/>\n'
        f"    </testcase>"
    )


def _safe(text: str) -> str:
    """Return one line for XML: what it may not hold is U+FFFD, tabs are blanks."""
    shown = printable(text).replace("\t", " ")
    kept = (c if unicodedata.category(c) != "Cn" else "\ufffd" for c in shown)
    return escape("".join(kept))
