# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how often each rule speaks on patches that were accepted as they are.

Usage: measure_accepted.py [--count N] [--every N] [--show RULE] [MBOX]. The default
is 200 patches spread over the accepted tip patches beside the checkout. Only the
mails are at hand, so rules that need files are counted as not checked.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.profile import Policy
from patchlint.model.finding import Finding, Severity
from patchlint.pipeline import read
from patchlint.series.images import NoSource

MBOX = Path(__file__).parents[2] / "shared/corpus/accepted/tip-before-2024.mboxrd"
LIMIT = 2.0
WIDE = {"msg/run-on-sentence": 4.0, "msg/also-opener": 4.0}


def main() -> int:
    """Print a line a rule; status 1 if one is over its limit or a rule crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--show", default="", metavar="RULE")
    parser.add_argument("mbox", nargs="?", type=Path, default=MBOX)
    given = parser.parse_args()
    if not given.mbox.exists():
        print(f"measure-accepted: {given.mbox} is not here; nothing measured")
        return 0
    postings = read([given.mbox.read_bytes()])
    chosen = postings[:: max(1, len(postings) // given.count)][: given.count]
    rules = load_rules()
    policy, begin = Policy(load_profiles()), time.perf_counter()
    report = run_in(rules, chosen, Surroundings(NoSource(), policy=policy))
    seconds = time.perf_counter() - begin
    patches = sum(len(series.patches) for series in chosen)
    spoke = {(f.rule, f.message_id) for f in report.findings if loud(f)}
    rates = Counter(rule for rule, _ in spoke)
    over = 0
    for rule in sorted(rule.card.id for rule in rules):
        rate = 100 * rates[rule] / patches
        too_often = rate >= WIDE.get(rule, LIMIT)
        over += too_often
        print(f"{rates[rule]:5} {rate:5.2f} % {'OVER ' if too_often else ''}{rule}")
    for finding in report.findings:
        if finding.rule == given.show:
            print(f"{finding.message_id}: {finding.quote!r}: {finding.message}")
    print(f"{patches} patches, {len(report.crashes)} crashes, {seconds:.1f} s")
    return 1 if over or report.crashes else 0


def loud(finding: Finding) -> bool:
    """Leave out notes, which no reply mentions."""
    return finding.severity > Severity.NOTE


if __name__ == "__main__":
    sys.exit(main())
