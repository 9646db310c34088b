# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules as SARIF has them, with the words that GitHub sorts by."""

from __future__ import annotations

from collections.abc import Mapping

from patchlint.model.finding import Severity
from patchlint.model.rule import RuleInfo
from patchlint.report.json import Json, clean

LEVELS: Mapping[Severity, str] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.QUESTION: "note",
    Severity.NIT: "note",
    Severity.NOTE: "note",
}
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_LONGEST = 1024


def descriptor(rule: RuleInfo) -> Json:
    """Return what a reader wants to know of a rule, without its examples."""
    why = " ".join(rule.why.split())
    name = rule.severity.upper()
    level = LEVELS[Severity[name]] if name in Severity.__members__ else "note"
    text = "\n\n".join(part for part in (rule.why, rule.fix) if part) or rule.summary
    return {
        "id": clean(rule.id),
        "name": _pascal(rule.id),
        "shortDescription": {"text": clean(rule.summary)[:_LONGEST]},
        "fullDescription": {"text": clean(why or rule.summary)[:_LONGEST]},
        "help": {"text": clean(text), "markdown": clean(text)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": [clean(rule.id.partition("/")[0])],
            "precision": rule.confidence or "medium",
            "problem.severity": _PROBLEMS[level],
        },
    }


def _pascal(rule: str) -> str:
    """Return ``c/split-string`` as ``CSplitString``, the usual form of names."""
    words = clean(rule).replace("/", "-").split("-")
    return "".join(word.capitalize() for word in words)
