# SPDX-License-Identifier: GPL-2.0-or-later
"""What was measured of a rule (rules/measured.toml) as a section of its page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).parents[1] / "rules" / "measured.toml"
# What a rule must have been tried on before it is called stable.
ENOUGH = 100
_KINDS = ("posted", "superseded", "accepted")
_BAR = 20
# The share that fills a bar, at least; percent. Years of a few mails set no scale.
_FULL = 1.0
_LISTS = 6

Measured = Mapping[str, Any]


def measured() -> Measured:
    """Return the file; {} where there is none."""
    if not MEASURED.exists():
        return {}
    return tomllib.loads(MEASURED.read_text("utf-8"))


def looked(rule: str, found: Measured) -> int:
    """Return how many mails, patches or postings a rule has looked at."""
    entry = found.get("rules", {}).get(rule, {})
    return sum(entry[kind][0] for kind in ("posted", "accepted") if kind in entry)


def section(rule: str, found: Measured) -> str:
    """Return the section of a rule; "" where nothing was measured of it."""
    entry = found.get("rules", {}).get(rule)
    if entry is None:
        return ""
    return "\n".join(_lines(entry, found["scan"])) + "\n"


def _lines(entry: Measured, scan: Measured) -> Iterator[str]:
    yield "## How often\n"
    skipped = entry["not_checked"]
    more = f"; {skipped} more could not be checked" if skipped else ""
    told = "mails alone" if scan["evidence"] == "mail" else "mails and files"
    yield f"In {scan['mails']} mails of {len(scan['lists'])} lists, {told}{more}:\n"
    yield f"| {entry['of']} | looked at | spoke of | share | |\n|---|--:|--:|--:|---|"
    rows = {kind: entry[kind] for kind in _KINDS} | dict(sorted(entry["years"].items()))
    large = (_percent(pair) for pair in rows.values() if pair[0] >= ENOUGH)
    full = max([_FULL, *large])
    for name, pair in rows.items():
        bar = "█" * min(_BAR, round(_BAR * _percent(pair) / full))
        yield f"| {name} | {pair[0]} | {pair[1]} | {_share(pair)} | {bar} |"
    yield ""
    if lists := _loudest(entry["lists"]):
        yield f"Most on: {lists}.\n"
    if links := ", ".join(map(_link, entry["examples"])):
        yield f"For instance: {links}.\n"
    yield "[How that is counted](../../scan.md#rates)"


def _loudest(lists: Mapping[str, list[int]]) -> str:
    order = sorted(lists.items(), key=lambda pair: (-_percent(pair[1]), pair[0]))
    return ", ".join(f"{name} ({_share(pair)})" for name, pair in order[:_LISTS])


def _percent(pair: list[int]) -> float:
    return 100 * pair[1] / pair[0] if pair[0] else 0.0


def _share(pair: list[int]) -> str:
    return f"{_percent(pair):.2f} %" if pair[0] else "-"


def _link(message_id: str) -> str:
    """Return a link to a mail; what is named by its commit has none."""
    name, _, host = message_id.partition("@")
    if host == "tip":
        return f"commit {name}"
    is_plain = not set(message_id) & set(" ()[]<>|`")
    url = f"https://lore.kernel.org/all/{message_id}/"
    return f"<{url}>" if is_plain else f"`{message_id}`"
