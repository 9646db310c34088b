# SPDX-License-Identifier: GPL-2.0-or-later
"""Say what the rules over a series find in real postings, to be read by hand.

Usage: measure_series_rules.py [--repo DIR] [--rule ID]... [--quiet] [THREADS]. THREADS
holds a folder a series, with an mbox for each version; only complete postings count.
With a repository, files and trees come from it as far as they fit, and MAINTAINERS.
Prints each hit with its proof, once a series for what its versions repeat, and the
counts. Status 1 if a rule crashed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from patchlint.adapters.cards import load_rules
from patchlint.adapters.world import World
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.rule import Rule
from patchlint.model.finding import Finding
from patchlint.model.location import InFile
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import NoSource

THREADS = Path(__file__).parents[2] / "shared/corpus/threads"
GROUP = "series"


def main() -> int:
    """Print the hits and the counts of each rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", type=Path)
    parser.add_argument("--rule", action="append", default=[], metavar="ID")
    parser.add_argument("--quiet", action="store_true", help="counts only")
    parser.add_argument("threads", nargs="?", type=Path, default=THREADS)
    given = parser.parse_args()
    rules = [
        rule
        for rule in load_rules()
        if (rule.card.id in given.rule if given.rule else rule.card.scope == GROUP)
    ]
    with ExitStack() as stack:
        around = Surroundings(NoSource())
        if given.repo:
            around = stack.enter_context(World(given.repo).opened())
        counts = measure(rules, given.threads, around, shows=not given.quiet)
    print(*(f"{name}: {count}" for name, count in sorted(counts.items())), sep="\n")
    return 1 if counts["crashes"] else 0


def measure(
    rules: Sequence[Rule], threads: Path, around: Surroundings, *, shows: bool
) -> Counter[str]:
    """Run the rules over all complete postings, and print what they find."""
    counts: Counter[str] = Counter()
    told: set[tuple[str, str, str]] = set()
    for folder, series in complete(threads):
        report = run_in(rules, [series], around)
        counts["postings"] += 1
        counts["patches"] += len(series.patches)
        counts["crashes"] += len(report.crashes)
        for crash in report.crashes:
            print(f"CRASH {crash.rule}: {crash.error}: {folder}")
        for finding in report.findings:
            counts[finding.rule] += 1
            once = (folder, finding.rule, finding.fingerprint)
            if shows and once not in told:
                print(shown(folder, series, finding), flush=True)
            told.add(once)
    return counts


def complete(threads: Path) -> Iterator[tuple[str, Series]]:
    """Yield the postings of which all patches are at hand, with their folders."""
    for folder in sorted({file.parent for file in threads.glob("*/*.mbox")}):
        boxes = [file.read_bytes() for file in sorted(folder.glob("*.mbox"))]
        for series in read(boxes):
            if series.patches and not series.missing:
                yield folder.name, series


def shown(folder: str, series: Series, finding: Finding) -> str:
    """Return a finding with its proof."""
    where = finding.where
    at = f"{where.path}:{where.span.line}" if isinstance(where, InFile) else "mail"
    lines = [
        f"{finding.rule}: {folder} v{series.version} "
        f"{finding.patch}/{series.total} {at}",
        f"  | {finding.quote[:100]}",
        f"  {finding.message}",
    ]
    lines += [f"    {step.text[:100]}  ({step.note})" for step in finding.trace]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
