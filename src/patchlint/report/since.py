# SPDX-License-Identifier: GPL-2.0-or-later
"""What changed since the version before, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from patchlint.model.finding import Comparison, Fate, Finding, Past, Report
from patchlint.model.location import InFile
from patchlint.model.series import Series
from patchlint.model.versions import Change, Pair
from patchlint.report.posting import title
from patchlint.report.safe import cut, printable

_MANY = 50
_TITLE = 60
_WORDS = {
    Change.NOTHING: "the same",
    Change.MESSAGE: "only the message changed",
    Change.CONTEXT: "only what is around it changed",
    Change.DIFF: "changed",
}


def comparison_of(report: Report, series: Series) -> Comparison | None:
    """Return what is known of a posting and the version before it."""
    id_ = series.head.message_id
    return next((c for c in report.comparisons if c.message_id == id_), None)


def summary(found: Comparison) -> str:
    """Return ``since v3: 4 fixed, 2 still there, 1 new, 1 gone with its code``."""
    counts = {fate.value: found.count(fate) for fate in Fate}
    parts = [
        f"{counts[Fate.FIXED.value]} fixed",
        f"{counts[Fate.STILL.value]} still there",
        f"{found.new} new",
        f"{counts[Fate.GONE.value]} gone with its code",
    ]
    if unknown := found.count(Fate.UNKNOWN):
        parts.append(f"{unknown} not known")
    return printable(f"since {found.before}: {', '.join(parts)}")


def patches(found: Comparison, series: Series) -> Iterator[str]:
    """Yield a line for each patch that is not as it was, and one for all others."""
    news = {p.position: title(p.message) for p in series.patches}
    olds = dict(found.titles)
    same = [pair for pair in found.pairing.pairs if pair.change is Change.NOTHING]
    told = {p.new: _pair(p, news) for p in found.pairing.pairs if p not in same}
    told |= {new: f"{new}: new: {_short(news[new])}" for new in found.pairing.added}
    lines = [told[new] for new in sorted(told)]
    lines += [_dropped(old, olds, series) for old in found.pairing.dropped]
    yield from lines[:_MANY]
    if len(lines) > _MANY:
        yield f"and {len(lines) - _MANY} more"
    if same:
        yield f"{len(same)} of {len(series.patches)} as they were"


def _pair(pair: Pair, news: Mapping[int, str]) -> str:
    at = f"{pair.new}" if pair.new == pair.old else f"{pair.new} (was {pair.old})"
    return f"{at}: {_WORDS[pair.change]}: {_short(news[pair.new])}"


def _dropped(old: int, olds: Mapping[int, str], series: Series) -> str:
    gone = "not at hand" if series.missing else "dropped"
    return f"was {old}: {gone}: {_short(olds.get(old, ''))}"


def _short(text: str) -> str:
    return cut(printable(text), _TITLE)


def fates(found: Comparison) -> Iterator[tuple[Fate, str]]:
    """Yield a line for each finding that is not there any more, by its fate.

    What is still there stands above, with a note that says so.
    """
    for fate in (Fate.FIXED, Fate.GONE, Fate.UNKNOWN):
        ones = [past for past in found.past if past.fate is fate]
        for past in ones[:_MANY]:
            yield fate, f"{_place(past)}: {_said(past.finding)}"
        if len(ones) > _MANY:
            yield fate, f"and {len(ones) - _MANY} more"


def _place(past: Past) -> str:
    finding = past.finding
    if isinstance(finding.where, InFile):
        return printable(f"{finding.where.path}:{finding.where.span.line}")
    return f"message {finding.patch}" if finding.patch else "cover letter"


def _said(finding: Finding) -> str:
    text = " ".join(printable(finding.message).split())
    return f"{cut(text, _MANY * 2)} [{printable(finding.rule)}]"


def in_reply(found: Comparison, position: int) -> str:
    """Return a sentence for the reply to one mail: what became of what was said of it.

    It is empty where nothing had been said of it, or all of that stands above.
    """
    pair = found.pairing.of_new(position)
    old = pair.old if pair else 0 if position == 0 else None
    ones = [past.fate for past in found.past if past.finding.patch == old]
    parts = [
        f"{ones.count(fate)} {fate.value}"
        for fate in (Fate.FIXED, Fate.STILL, Fate.GONE)
        if fate in ones
    ]
    return printable(f"Since {found.before}: {', '.join(parts)}.") if parts else ""
