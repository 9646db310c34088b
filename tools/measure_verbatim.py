# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of messages that a maintainer applied as they were posted.

Usage: measure_verbatim.py [--show]. Of the accepted patches beside the checkout, those
are taken whose subject and body are known to be as posted; they are cut in two by a
hash of the commit, as for measure_english. All rules over messages speak by the mail,
in the profile of the tree: once to the author, once to a list.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.profile import Audience, Policy
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import NoSource
from tools.measure_english import ACCEPTED, TOUCHED, half


def main() -> int:
    """Print findings a message, by audience and rule."""
    if not TOUCHED.exists():
        print(f"measure-verbatim: {TOUCHED} is not here; nothing measured")
        return 0
    same = verbatim()
    by_part: dict[str, list[Series]] = {}
    for series in read([ACCEPTED.read_bytes()]):
        part = same.get(series.head.subject.text)
        if part and len(series.patches) == 1:
            by_part.setdefault(part, []).append(series)
    for part, postings in sorted(by_part.items()):
        for audience in (Audience.LIST, Audience.AUTHOR):
            show(part, postings, audience)
    return 0


def verbatim() -> Mapping[str, str]:
    """Return the half of each subject that was applied with its body as posted."""
    with gzip.open(TOUCHED, "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    return {
        pair["subject_applied"]: half(pair["commit"])
        for pair in pairs
        if pair["body_posted"].split() == pair["body_applied"].split()
        and pair["subject_posted"] == pair["subject_applied"]
    }


def show(part: str, postings: Sequence[Series], audience: Audience) -> None:
    """Print what one audience is told."""
    rules = [r for r in load_rules() if r.card.id.startswith(("msg/", "trailer/"))]
    policy = Policy(load_profiles(), audience=audience)
    report = run_in(rules, postings, Surroundings(NoSource(), policy=policy))
    count = len(report.findings)
    print(
        f"{part}, to the {audience}: {count} findings on {len(postings)} messages,"
        f" {count / max(1, len(postings)):.3f} each"
    )
    for rule, number in Counter(f.rule for f in report.findings).most_common():
        print(f"    {number:4} {rule}")
    if "--show" in sys.argv:
        for finding in report.findings:
            print(f"    {finding.rule}: {finding.message}")


if __name__ == "__main__":
    sys.exit(main())
