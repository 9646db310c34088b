# SPDX-License-Identifier: GPL-2.0-or-later
"""The lines that close a report: how much was found, what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from patchlint.model.finding import Finding, Report, Severity, Silencer, Skip
from patchlint.model.series import Series
from patchlint.report.posting import title
from patchlint.report.safe import printable

# What helps where something was missing, by the beginning of the need.
_HINTS = (("the whole file", " (give --repo)"), ("the tree", " (give --repo)"))


def headline(series: Series) -> str:
    """Return title, version and size of a series, and which patches are missing."""
    version = f" v{series.version}" if series.version > 1 else ""
    name = f"[PATCH{version}] {title(series.head)}"
    size = count(max(series.total, len(series.patches)), "patch")
    if missing := series.missing:
        size = f"{len(series.patches)} of {size} (missing: {_runs(missing)})"
    return f"{name}: {size}"


def counted(report: Report) -> str:
    """Return the number of findings in all and by severity, loudest first."""
    if not report.findings:
        return "nothing found"
    counts = Counter(finding.severity for finding in report.findings)
    parts = (
        count(counts[severity], severity.name.lower())
        for severity in sorted(Severity, reverse=True)
        if counts[severity]
    )
    return f"{count(len(report.findings), 'finding')}: {', '.join(parts)}"


def left_out(report: Report) -> Iterator[str]:
    """Yield how many findings are not shown, since somebody has said something."""
    if number := len(report.repeated):
        yield f"{number} not repeated: already said in the thread (--repeat shows them)"
    if number := len(report.answered):
        yield f"{number} left out: answered not-a-bug (--repeat shows them)"
    if report.ignored:
        counts = Counter(one.by for one in report.ignored)
        parts = ", ".join(f"{counts[by]} {by.value}" for by in Silencer if counts[by])
        yield f"{len(report.ignored)} ignored: {parts} (--no-ignores shows them)"


def already_said(report: Report) -> Iterator[str]:
    """Yield a line for each finding that was left out, with who has said it."""
    for repeat in report.repeated:
        remark = repeat.remark
        who = f"{remark.author} in <{remark.message_id}>"
        yield printable(f"{repeat.finding.rule}: {who}")


def closing(report: Report, seconds: float | None) -> str:
    """Return the last line: findings, rules that could not look or failed, time."""
    parts = [counted(report)]
    if skipped := len({skip.rule for skip in report.skips}):
        parts.append(f"{count(skipped, 'rule')} not checked")
    if broken := len({crash.rule for crash in report.crashes}):
        parts.append(f"{count(broken, 'rule')} crashed")
    if seconds is not None:
        parts.append(f"{seconds:.1f} s")
    return "; ".join(parts)


def grounds(finding: Finding) -> str:
    """Return how sure a finding is, what it rests on, and by what name it is known."""
    words = {"mail": "the mail", "file": "whole files", "tree": "the tree"}
    return printable(
        f"confidence {finding.confidence.name.lower()}, "
        f"rests on {words[finding.evidence]}, fingerprint {finding.fingerprint}"
    )


def not_checked(skips: Iterable[Skip], *, each: bool = False) -> Iterator[str]:
    """Yield a line for each thing that was missing, with the rules that need it.

    Several rules are a number, unless ``each`` is to be named.
    """
    by_need: dict[str, dict[str, None]] = {}
    for skip in skips:
        by_need.setdefault(skip.needs, {})[skip.rule] = None
    for needs, rules in by_need.items():
        hint = next((text for start, text in _HINTS if needs.startswith(start)), "")
        verb = "need" if len(rules) > 1 else "needs"
        named = each or len(rules) == 1
        who = ", ".join(rules) if named else f"{len(rules)} rules"
        yield printable(f"not checked: {who} {verb} {needs}{hint}")


def crashed(report: Report) -> Iterator[str]:
    """Yield a line for each check that failed."""
    for crash in report.crashes:
        yield printable(f"crashed: {crash.rule} on <{crash.message_id}>: {crash.error}")


def count(number: int, noun: str) -> str:
    """Return a number of things: ``1 patch``, ``2 patches``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}{'es' if noun.endswith('ch') else 's'}"


def _runs(numbers: Iterable[int]) -> str:
    """Write 2, 3, 4, 7 as ``2-4, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)
