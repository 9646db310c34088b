# SPDX-License-Identifier: GPL-2.0-or-later
"""Learn from accepted patches which subject prefix belongs to which directory.

Usage: learn_prefixes.py [--without FILE] MBOX... Writes rules/tables/prefixes.toml.
``--without`` names a file of subjects, a line each, that are left out: those on which
the result is to be measured.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from patchlint.analysis.prefix import key, prefix_of
from patchlint.model.series import Patch
from patchlint.pipeline import read

TABLE = Path(__file__).parents[1] / "rules/tables/prefixes.toml"
FEW = 3
SHARE = 0.75
HEAD = """\
# SPDX-License-Identifier: GPL-2.0-or-later
# Made by tools/learn_prefixes.py out of patches that were accepted: what their subject
# begins with, by the directory or file that holds all they touch (at least 3 patches of
# 4), and how a prefix is spelled (at least 3 patches, 4 of 5 of them so).
"""


def main() -> int:
    """Read the mailboxes and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", type=Path)
    parser.add_argument("mbox", nargs="+", type=Path)
    given = parser.parse_args()
    without = given.without.read_text("utf-8").splitlines() if given.without else ()
    patches = list(accepted(given.mbox, frozenset(without)))
    TABLE.write_text(table(patches), "utf-8")
    print(f"{TABLE.name}: learned from {len(patches)} patches")
    return 0


def accepted(boxes: Iterable[Path], without: frozenset[str]) -> Iterator[Patch]:
    """Yield the patches whose subject has a prefix, each subject once."""
    seen = set(without)
    for box in boxes:
        for series in read([box.read_bytes()]):
            for patch in series.patches:
                subject = patch.message.subject.text
                if subject not in seen and prefix_of(subject):
                    seen.add(subject)
                    yield patch


def table(patches: Iterable[Patch]) -> str:
    """Return the table as TOML."""
    places: dict[str, Counter[str]] = defaultdict(Counter)
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for patch in patches:
        prefix = prefix_of(patch.message.subject.text)
        spelled[key(prefix)][prefix] += 1
        for place in holding([change.path for change in patch.changes]):
            places[place][prefix] += 1
    kept = dict(chosen(places, SHARE))
    rows = {place: p for place, p in kept.items() if outer(place, kept) != p}
    return (
        HEAD
        + "\n[directories]\n"
        + "".join(
            f'"{place}" = ["{prefix}"]\n' for place, prefix in sorted(rows.items())
        )
        + "\n[spelling]\n"
        + "".join(f'"{k}" = ["{p}"]\n' for k, p in sorted(chosen(spelled, 0.8)))
    )


def chosen(table: dict[str, Counter[str]], share: float) -> Iterator[tuple[str, str]]:
    """Yield the value that most have, where enough have it."""
    for name, counts in table.items():
        (best, count), *_ = counts.most_common(1)
        if count >= FEW and count >= share * counts.total() and best.isascii():
            yield name, best


def holding(paths: list[str]) -> Iterator[str]:
    """Yield the directories that hold all paths, and the path if it is one."""
    if len(set(paths)) == 1:
        yield paths[0]
    parts = [path.split("/")[:-1] for path in paths]
    common: list[str] = []
    for names in zip(*parts, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
        if len(common) > 1:
            yield "/".join(common) + "/"


def outer(place: str, table: dict[str, str]) -> str | None:
    """Return what the nearest directory above says."""
    parts = place.rstrip("/").split("/")
    for end in range(len(parts) - 1, 0, -1):
        above = "/".join(parts[:end]) + "/"
        if above in table:
            return table[above]
    return None


if __name__ == "__main__":
    sys.exit(main())
