# SPDX-License-Identifier: GPL-2.0-or-later
"""Plant faults in real functions and say how many the rules find.

Usage: measure_mutants.py [--linux DIR] [--count N] [--seed N] [--family NAME]
[--out DIR]. Without a Linux tree (or PATCHLINT_LINUX) the small bases of the tests
serve. Status 1 if a family is found less often than its floor (95 %), or a harmless
twin of a mutant draws a remark.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.mutants.run import (  # noqa: E402
    FAMILIES,
    Row,
    code_rules,
    measure,
    named_in_cards,
    write,
    write_pair,
)
from tests.mutants.sources import Tree  # noqa: E402


def main() -> int:
    """Print a line a family; status 1 below the floor or with noise."""
    given = arguments()
    linux = given.linux or os.environ.get("PATCHLINT_LINUX", "")
    root = Path(linux) if linux else ROOT / "tests/mutants/bases"
    tree, rules = Tree(root, given.seed, named_in_cards()), code_rules()
    rows = []
    print(f"{'family':31}{'rule':35}{'mutants':>8}{'found':>7}{'twins':>7}{'noise':>7}")
    for family in FAMILIES:
        if given.family in family.name:
            begin = time.perf_counter()
            row = measure(family, tree, rules, given.count, given.seed)
            rows.append(row)
            show(row, time.perf_counter() - begin)
            if given.out:
                keep(row, given.out)
    return summary(rows)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--linux", default="")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--family", default="")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def show(row: Row, seconds: float) -> None:
    """Print one family."""
    name, rule = row.family.name, ", ".join(row.family.rules)
    if not row.there:
        print(f"{name:31}{rule:35} rule not there yet")
        return
    found = len(row.mutants) - len(row.missed)
    print(
        f"{name:31}{rule:35}{len(row.mutants):8}{found:7}{row.twins:7}"
        f"{len(row.noise):7}  {100 * row.recall:5.1f} %  {seconds:5.1f} s"
    )
    for mutant in row.missed:
        print(f"  missed {mutant.code.label}")
    for noise in row.noise:
        said = noise.finding
        at = f"{noise.what} {noise.mutant.code.label}"
        print(f"  noise {at}: {said.rule}: {said.message}")
    for crash in row.crashes:
        print(f"  crash {crash}")
    sys.stdout.flush()


def keep(row: Row, folder: Path) -> None:
    """Write what was missed, and what was said without need."""
    for mutant in row.missed:
        write(mutant, folder / "missed")
    for at, noise in enumerate(row.noise):
        name = f"{noise.finding.rule.replace('/', '-')}-{noise.mutant.code.name}-{at}"
        write_pair(folder / "noise" / name, noise.before, noise.after)


def summary(rows: Sequence[Row]) -> int:
    """Print the sums; return the exit status."""
    there = [row for row in rows if row.there]
    made = sum(len(row.mutants) for row in there)
    found = made - sum(len(row.missed) for row in there)
    functions = {m.code.label for row in there for m in row.mutants}
    twins = sum(row.twins for row in there)
    noise = sum(len(row.noise) for row in there)
    low = [r.family.name for r in there if r.recall < r.family.floor]
    crashed = any(row.crashes for row in there)
    print(
        f"\n{made} mutants in {len(functions)} functions, {found} found;"
        f" {twins} twins and near misses, {noise} remarks on them"
    )
    for name in low:
        print(f"below its floor: {name}")
    return 1 if low or noise or crashed else 0


if __name__ == "__main__":
    sys.exit(main())
