# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings for programs: version 1 of docs/schema/report-v1.json.

The schema is a contract: a key that is there stays and keeps its meaning; a change
that could break a reader gets a new number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from patchlint import __version__
from patchlint.model.finding import (
    Comparison,
    Crash,
    Fate,
    Finding,
    Ignored,
    Repeat,
    Report,
    Silencer,
    Skip,
    Step,
)
from patchlint.model.location import InFile, Side
from patchlint.model.series import Series

SCHEMA = 1
_LONGEST = 10_000

_SIDES = {Side.OLD: "old", Side.NEW: "new"}

Json = dict[str, object]

_SILENCERS = {
    Silencer.MAIL: "mail",
    Silencer.COMMENT: "comment",
    Silencer.BASELINE: "baseline",
}

_FATES = {
    Fate.FIXED: "fixed",
    Fate.STILL: "still-there",
    Fate.GONE: "gone",
    Fate.UNKNOWN: "unknown",
}


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return the report as JSON, with the same order of keys every time.

    The text is ASCII: whatever a mail holds arrives as an escape, and is harmless
    to look at. Lone surrogates, which stand for bytes that are not UTF-8, become
    U+FFFD.
    """
    value: Json = {
        "schema": SCHEMA,
        "tool": {"name": "patchlint", "version": __version__},
        "series": [_series(series) for series in postings],
        "findings": [_finding(finding) for finding in report.findings],
        "not_checked": [_skip(skip) for skip in report.skips],
        "crashes": [_crash(crash) for crash in report.crashes],
    }
    if report.comparisons:
        value["comparisons"] = [_comparison(found) for found in report.comparisons]
    if report.repeated:
        value["repeated"] = [_repeat(repeat) for repeat in report.repeated]
    if report.ignored:
        value["ignored"] = [_ignored(one) for one in report.ignored]
    if report.answered:
        value["answered"] = [_finding(finding) for finding in report.answered]
    return dump(value)


def dump(value: Json, *, sort_keys: bool = False) -> str:
    """Return a value as ASCII: each character that is not is an escape."""
    # DEL is ASCII and the one control character that json leaves as it is.
    text = json.dumps(value, indent=2, sort_keys=sort_keys)
    return text.replace("\x7f", "\\u007f") + "\n"


def _series(series: Series) -> Json:
    return {
        "title": clean(series.head.subject.text),
        "version": series.version,
        "total": series.total,
        "complete": not series.missing,
        "message_id": clean(series.head.message_id),
    }


def _finding(finding: Finding) -> Json:
    where = finding.where if isinstance(finding.where, InFile) else None
    value: Json = {
        "rule": clean(finding.rule),
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "evidence": finding.evidence.value,
        "patch": finding.patch,
        "message_id": clean(finding.message_id),
        "path": clean(where.path) if where else None,
        "side": _SIDES[where.side] if where else None,
        "line": where.span.line if where else None,
        "mail_line": finding.anchor.span.line,
        "quote": clean(_quoted(finding.quote)),
        "message": clean(finding.message),
        "suggestion": clean(finding.suggestion) or None,
        "trace": [_step(step) for step in finding.trace],
        "introduced_in": finding.patch,
        "mended_in": finding.mended_in,
        "fingerprint": clean(finding.fingerprint),
    }
    # Without a version before, an answer is what it always was.
    if finding.baseline is not None:
        value["baseline"] = finding.baseline.value
    return value


def _comparison(found: Comparison) -> Json:
    return {
        "message_id": clean(found.message_id),
        "before_id": clean(found.before_id),
        "before": clean(found.before),
        "not_looked_at": [clean(name) for name in found.older],
        "patches": [
            *(
                {"old": p.old, "new": p.new, "by": p.by.value, "change": p.change.value}
                for p in found.pairing.pairs
            ),
            *(_alone(None, new) for new in found.pairing.added),
            *(_alone(old, None) for old in found.pairing.dropped),
        ],
        "new": found.new,
        "before_findings": [
            {**_finding(past.finding), "fate": _FATES[past.fate]} for past in found.past
        ],
    }


def _alone(old: int | None, new: int | None) -> Json:
    return {"old": old, "new": new, "by": None, "change": None}


def _repeat(repeat: Repeat) -> Json:
    remark = repeat.remark
    return {
        "finding": _finding(repeat.finding),
        "said_by": clean(str(remark.author)),
        "said_in": clean(remark.message_id),
        "line": remark.start,
    }


def _ignored(one: Ignored) -> Json:
    return {
        "finding": _finding(one.finding),
        "by": _SILENCERS[one.by],
        "reason": clean(one.reason),
    }


def _step(step: Step) -> Json:
    return {
        "path": clean(step.where.path) if isinstance(step.where, InFile) else None,
        "line": step.where.span.line,
        "text": clean(step.text),
        "note": clean(step.note),
    }


def _skip(skip: Skip) -> Json:
    return {
        "rule": clean(skip.rule),
        "message_id": clean(skip.message_id),
        "needs": clean(skip.needs),
    }


def _crash(crash: Crash) -> Json:
    return {
        "rule": clean(crash.rule),
        "message_id": clean(crash.message_id),
        "error": clean(crash.error),
    }


def _quoted(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} [...]"


def clean(text: str) -> str:
    """Put U+FFFD for each lone surrogate; two of them must not become a pair."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
