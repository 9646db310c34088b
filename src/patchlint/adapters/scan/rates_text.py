# SPDX-License-Identifier: GPL-2.0-or-later
"""Rates of rules: for people, and in the form of rules/measured.toml."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from patchlint.adapters.scan.rates import (
    ACCEPTED,
    POSTED,
    SUPERSEDED,
    Rate,
    Rates,
    Share,
)
from patchlint.model.finding import Evidence

KINDS = (POSTED, SUPERSEDED, ACCEPTED)
_HEAD = """\
# SPDX-License-Identifier: GPL-2.0-or-later
# Made by "patchlint rates --format toml" (docs/scan.md): do not edit.
# A pair is: how many were looked at, and of how many of them the rule spoke. Lists of
# which nothing was said are left out.
"""


def text(rates: Rates) -> str:
    """Return a table, a line a rule."""
    lines = [_about(rates)]
    width = max((len(rate.rule) for rate in rates.rules), default=0)
    names = " ".join(f"{kind:>18}" for kind in KINDS)
    lines.append(f"{'rule':{width}}  {'of':8} {names}  not checked  example")
    for rate in rates.rules:
        shares = " ".join(f"{_share(rate.kinds.get(kind)):>18}" for kind in KINDS)
        example = next(iter(rate.examples), "")
        line = f"{rate.rule:{width}}  {rate.of:8} {shares}  {rate.not_checked:11}"
        lines.append(f"{line}  {example}".rstrip())
    return "\n".join(lines) + "\n"


def _about(rates: Rates) -> str:
    told = ", ".join(f"{count} {kind}" for kind, count in rates.patches.items())
    left = f"; {rates.left} units are not done" if rates.left else ""
    return (
        f"{rates.mails} mails; patches: {told}{left}; evidence: {rates.terms.evidence}"
    )


def _share(share: Share | None) -> str:
    if share is None or not share.looked:
        return "-"
    return f"{share.fired}/{share.looked} {share.percent:5.2f}%"


def toml(rates: Rates) -> str:
    """Return the text of rules/measured.toml."""
    return _HEAD + "\n".join(_toml(rates)) + "\n"


def _toml(rates: Rates) -> Iterator[str]:
    terms = rates.terms
    yield "[scan]"
    yield f"version = {_string(terms.version)}"
    yield f"rules = {_string(terms.digest)}"
    yield f"evidence = {_string(terms.evidence)}"
    if terms.evidence is Evidence.MAIL:
        yield 'absent = "files and trees: rules that need them were not checked"'
    yield f"mails = {rates.mails}"
    yield f"patches = {_inline(rates.patches)}"
    yield f"lists = [{', '.join(map(_string, rates.lists))}]"
    for rate in rates.rules:
        yield ""
        yield f"[rules.{_string(rate.rule)}]"
        yield from _rule(rate)


def _rule(rate: Rate) -> Iterator[str]:
    yield f"of = {_string(rate.of)}"
    for kind in KINDS:
        yield f"{kind} = {_pair(rate.kinds.get(kind, Share()))}"
    yield f"not_checked = {rate.not_checked}"
    yield f"years = {_pairs(rate.years)}"
    fired = {name: share for name, share in rate.lists.items() if share.fired}
    yield f"lists = {_pairs(fired)}"
    yield f"examples = [{', '.join(map(_string, rate.examples))}]"


def _pairs(shares: Mapping[str, Share]) -> str:
    return _inline({name: _pair(share) for name, share in sorted(shares.items())})


def _pair(share: Share) -> str:
    return f"[{share.looked}, {share.fired}]"


def _inline(values: Mapping[str, object]) -> str:
    """Return an inline table."""
    inside = ", ".join(f"{_string(name)} = {value}" for name, value in values.items())
    return f"{{ {inside} }}" if inside else "{}"


def _string(value: str) -> str:
    """Return a basic string; what JSON escapes, TOML reads, but for one character."""
    return json.dumps(str(value)).replace("\x7f", "\\u007f")
