# SPDX-License-Identifier: GPL-2.0-or-later
"""SARIF 2.1.0 (OASIS), as GitHub code scanning and editors read it.

One run. A result names its place first, then the line of the mail that shows it; a
trace is a code flow. Columns are UTF-16 units. What was fixed since the version before
is a result that is ``absent``, what somebody has said already one that is suppressed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchlint import __version__
from patchlint.model.finding import Fate, Finding, Past, Repeat, Report, Step
from patchlint.model.location import InFile
from patchlint.model.rule import RuleInfo
from patchlint.model.series import Series
from patchlint.report.json import Json, clean, dump
from patchlint.report.posting import Mail, mails
from patchlint.report.safe import printable
from patchlint.report.sarif_places import fix, physical, snippet
from patchlint.report.sarif_rules import LEVELS, descriptor
from patchlint.report.spot import (
    Located,
    Spot,
    located,
    mail_path,
    one_line,
    place,
    said,
    spot,
)
from patchlint.report.summary import not_checked

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# What GitHub takes; more would make it refuse the file.
_MOST_RESULTS = 25_000
_MOST_STEPS = 1000


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return the log of one run, in ASCII."""
    rules = tuple(_spoken_of(report))
    indexes = {rule.id: number for number, rule in enumerate(rules)}
    results = [_result(at, postings) for at in located(report, postings)]
    results += [
        _absent(past)
        for found in report.comparisons
        for past in found.past
        if past.fate in (Fate.FIXED, Fate.GONE)
    ]
    results += _repeats(report, postings)
    for result in results:
        if (index := indexes.get(str(result["ruleId"]))) is not None:
            result["ruleIndex"] = index
    run: Json = {
        "tool": {"driver": _driver(rules)},
        "invocations": [_invocation(report)],
        "automationDetails": {"id": f"patchlint/{_named(postings)}/"},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "The tree, with the series applied."}}
        },
        "results": results[:_MOST_RESULTS],
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _spoken_of(report: Report) -> Iterator[RuleInfo]:
    """Yield the rules that found something; those that did not are many."""
    past = (past.finding for found in report.comparisons for past in found.past)
    told = (repeat.finding for repeat in report.repeated)
    names = {finding.rule for finding in (*report.findings, *past, *told)}
    yield from (rule for rule in report.rules if rule.id in names)


def _driver(rules: Sequence[RuleInfo]) -> Json:
    return {
        "name": "patchlint",
        "semanticVersion": __version__,
        "rules": [descriptor(rule) for rule in rules],
    }


def _named(postings: Sequence[Series]) -> str:
    """Return the title of the only posting, as a part of an id."""
    titles = [series.head.subject.text for series in postings]
    text = titles[0] if len(titles) == 1 else f"{len(titles)} series"
    return clean(printable(" ".join(text.split())).replace("/", "-"))[:200]


def _result(at: Located, postings: Sequence[Series]) -> Json:
    finding = at.finding
    value = _base(finding, said(at), at.spot, at.copy)
    if related := tuple(_related(at, postings)):
        value["relatedLocations"] = related
    if finding.trace:
        name = mail_path(at.mail, postings)
        steps = [_step(step, at.mail, name) for step in finding.trace[:_MOST_STEPS]]
        value["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    if finding.edits:
        value["fixes"] = [fix(finding, at.mail, mail_path(at.mail, postings))]
    if finding.baseline is not None:
        value["baselineState"] = finding.baseline.value
    return value


def _base(finding: Finding, text: str, at: Spot, copy: int) -> Json:
    """Return what every result has."""
    use = one_line(finding.suggestion)
    hash_ = clean(finding.fingerprint)
    return {
        "ruleId": clean(finding.rule),
        "level": LEVELS[finding.severity],
        "message": {"text": f"{text}\nUse: {use}" if use else text},
        "locations": [{"physicalLocation": physical(at)}],
        "partialFingerprints": {
            "patchlint/v1": hash_,
            "primaryLocationLineHash": f"{hash_[:16]}:{copy}",
        },
        "properties": {
            "severity": finding.severity.name.lower(),
            "confidence": finding.confidence.name.lower(),
            "evidence": finding.evidence.value,
            "patch": finding.patch,
            "messageId": clean(finding.message_id),
        },
    }


def _related(at: Located, postings: Sequence[Series]) -> Iterator[Json]:
    """Yield the line of the mail that shows a place in a file."""
    if at.spot.in_mail:
        return
    line = at.finding.anchor.span.line
    shown = Spot(mail_path(at.mail, postings), line, at.finding.quote, in_mail=True)
    yield {
        "id": 1,
        "physicalLocation": snippet(shown),
        "message": {"text": "the line of the mail that shows it"},
    }


def _step(step: Step, mail: Mail, name: str) -> Json:
    at = place(step.where, mail, name)
    words = one_line(step.text)
    was = f"line {at.was} of the file before: " if at.was is not None else ""
    note = f": {printable(step.note)}" if step.note else ""
    return {
        "location": {
            "physicalLocation": physical(at),
            "message": {"text": f"{was}{words}{note}" or "here"},
        }
    }


def _absent(past: Past) -> Json:
    """Return what was found in the version before and is not there any more."""
    finding = past.finding
    where = finding.where
    at = (
        Spot(where.path, where.span.line)
        if isinstance(where, InFile)
        else Spot(f"patches/{finding.patch}.patch", where.span.line, in_mail=True)
    )
    text = one_line(finding.message)
    value = _base(finding, f"{text} ({past.fate.value})", at, 1)
    return value | {"baselineState": "absent"}


def _repeats(report: Report, postings: Sequence[Series]) -> Iterator[Json]:
    """Yield what somebody has said in the thread, with who did."""
    said_by = {id(repeat.finding): repeat for repeat in report.repeated}
    only = Report(report.rules, tuple(r.finding for r in report.repeated), (), ())
    for mail in mails(only, postings):
        name = mail_path(mail, postings)
        for finding in mail.findings:
            at = Located(finding, mail, spot(finding, mail, name))
            yield _result(at, postings) | {
                "suppressions": [_suppression(said_by[id(finding)])]
            }


def _suppression(repeat: Repeat) -> Json:
    remark = repeat.remark
    who = printable(f"{remark.author} in <{remark.message_id}>")
    return {"kind": "external", "justification": f"already said by {who}"}


def _invocation(report: Report) -> Json:
    notes = [_notification("note", text) for text in not_checked(report.skips)]
    notes += [
        _notification("error", printable(f"{crash.rule} crashed: {crash.error}"))
        for crash in report.crashes
    ]
    return {
        "executionSuccessful": not report.crashes,
        "toolExecutionNotifications": notes,
    }


def _notification(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": text}}
