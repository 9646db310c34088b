# SPDX-License-Identifier: GPL-2.0-or-later
"""Say what is made of series that were posted in several versions.

Usage: measure_series.py [--groups N] [--rules WHICH] [--pairs N] [--show] [THREADS].
THREADS holds a folder a series, with an mbox for each version. Each posting is compared
with the version before it, by the evidence of the mail alone: how its patches were
paired, what became of the findings, which rules over versions spoke. A sample of the
pairs is printed, for somebody to read.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import Surroundings, look
from patchlint.lint.fates import compare
from patchlint.lint.rule import Rule
from patchlint.model.finding import Baseline, Crash, Fate, Finding
from patchlint.model.series import Series
from patchlint.model.versions import By, Pair
from patchlint.pipeline import take_in
from patchlint.series.images import NoSource
from patchlint.series.lineage import lineage
from patchlint.series.pairing import pair_up

THREADS = Path(__file__).parents[2] / "shared/corpus/threads"
PAIRS = 100
Told = tuple[str, Series, Pair]


def main() -> int:
    """Print counts and samples; status 1 if a rule crashed."""
    given = arguments()
    folders = sorted({file.parent for file in given.threads.glob("*/*.mbox")})
    if not folders:
        print(f"measure-series: {given.threads} is not here; nothing measured")
        return 0
    rules = [r for r in load_rules() if r.card.id.startswith(tuple(given.rules))]
    steps = {r.card.id for r in rules if _is_over_versions(r)}
    sums: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    pairs: list[Told] = []
    seconds = 0.0
    for folder in random.Random(1).sample(folders, min(given.groups, len(folders))):  # noqa: S311
        files = sorted(folder.glob("*.mbox"))
        postings = take_in([file.read_bytes() for file in files]).postings
        sums["groups"] += 1
        sums["postings"] += len(postings)
        for series in newer(postings):
            start = time.process_time()
            pairs += paired(folder.name, series, sums)
            seconds += time.process_time() - start
            found = [f for f in judged(rules, series, sums) if f.rule in steps]
            spoke.update(finding.rule for finding in found)
            for finding in found if given.show else ():
                print(f"{finding.rule}: {told(finding, series, folder.name)}")
    rows = [f"{count:7} {name}" for name, count in sorted({**sums, **spoke}.items())]
    print(*rows, f"{seconds:7.1f} seconds of pairing", sep="\n")
    print(*(shown(*one) for one in sample(pairs, given.pairs)), sep="\n")
    return 1 if sums["crashes"] else 0


def arguments() -> argparse.Namespace:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=10_000, help="a sample of them")
    parser.add_argument("--rules", nargs="*", default=[""], help="group, or group/name")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="how many to print")
    parser.add_argument("--show", action="store_true", help="print what was found")
    parser.add_argument("threads", nargs="?", type=Path, default=THREADS)
    return parser.parse_args()


def _is_over_versions(rule: Rule) -> bool:
    return rule.card.scope == "version" or rule.card.check == "version_history"


def newer(postings: Sequence[Series]) -> Iterator[Series]:
    """Yield each posting that has a version before it; all of a chain."""
    for latest in lineage(postings).latest:
        at: Series | None = latest
        while at is not None:
            if at.previous is not None:
                yield replace(at, previous=replace(at.previous, previous=None))
            at = at.previous


def paired(name: str, series: Series, sums: Counter[str]) -> Iterator[Told]:
    """Yield how the patches of a posting were paired, and count that."""
    assert series.previous is not None  # noqa: S101 - newer() yields no other
    pairing = pair_up(series.previous, series)
    sums["steps"] += 1
    sums["patches added"] += len(pairing.added)
    sums["patches dropped"] += len(pairing.dropped)
    for pair in pairing.pairs:
        sums[f"paired by {pair.by.value}"] += 1
        sums[f"change: {pair.change.value}"] += 1
        yield name, series, pair


def judged(
    rules: Sequence[Rule], series: Series, sums: Counter[str]
) -> Iterator[Finding]:
    """Yield what was found in a posting, and count what became of what was before."""
    assert series.previous is not None  # noqa: S101 - newer() yields no other
    around = Surroundings(NoSource())
    before = look(rules, series.previous, around)
    after = look(rules, series, around)
    results, comparison = compare(rules, series, before, after)
    sums["crashes"] += sum(isinstance(result, Crash) for result in (*before, *after))
    for fate in Fate:
        sums[f"findings {fate.value}"] += comparison.count(fate)
    sums["findings new"] += comparison.new
    found = [result for result in results if isinstance(result, Finding)]
    for baseline in (Baseline.UNCHANGED, None):
        key = f"findings now {baseline.value if baseline else 'not known'}"
        sums[key] += sum(finding.baseline is baseline for finding in found)
    yield from found


def told(finding: Finding, series: Series, name: str) -> str:
    """Return a finding in two lines."""
    text = " ".join(finding.message.split())
    where = f"{name[:40]} v{series.version} {finding.patch}"
    return f"{where}: {text}\n    {finding.quote[:100]}\n    <{finding.message_id}>"


def sample(pairs: Sequence[Told], count: int) -> list[Told]:
    """Return pairs to read: half of them of those that only look alike."""
    chance = random.Random(2)  # noqa: S311
    alike = [one for one in pairs if one[2].by is By.LIKENESS]
    rest = [one for one in pairs if one[2].by is not By.LIKENESS]
    some = chance.sample(alike, min(count // 2, len(alike)))
    return [*some, *chance.sample(rest, min(count - len(some), len(rest)))]


def shown(name: str, series: Series, pair: Pair) -> str:
    """Return a pair with subjects, sizes and files, to see whether it is one."""
    assert series.previous is not None  # noqa: S101 - newer() yields no other
    lines = [f"{name[:40]} {pair.by.value}, {pair.change.value}"]
    for version, position in ((series.previous, pair.old), (series, pair.new)):
        patch = next(p for p in version.patches if p.position == position)
        size = sum(line.kind.value != " " for c in patch.changes for line in c.lines)
        files = ", ".join(sorted(patch.touched))[:90]
        at = f"v{version.version} {position}"
        lines.append(f"    {at}: {patch.message.subject.text[:90]} ({size}: {files})")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
