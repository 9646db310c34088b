# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint rates``: how often rules speak."""

from __future__ import annotations

from msgspec.json import encode
from msgspec.json import format as spread_out

from patchlint.adapters.scan.look import rules_of
from patchlint.cli.output import write
from patchlint.cli.scan import named, need
from patchlint.cli.scan_options import RatesArguments
from patchlint.cli.status import CLEAN


def run(options: RatesArguments) -> int:
    """Tell the rates of scans, and return the exit status."""
    need("pyarrow", "scan")
    from patchlint.adapters.scan.rates import rates
    from patchlint.adapters.scan.rates_text import text, toml

    cards = [rule.card for rule in rules_of(named(options.rules))]
    found = rates(options.folders, cards, options.examples)
    if options.form == "json":
        told = spread_out(encode(found).decode()) + "\n"
    else:
        told = toml(found) if options.form == "toml" else text(found)
    write(told, options.output)
    return CLEAN
