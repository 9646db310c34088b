# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks of reviewers that need no more than the text: how many are ours.

Usage: measure_text_remarks.py [--show] FOLDER. Each folder in FOLDER holds a patch and
labels of the remarks that people made on it. A remark counts as found where a rule
speaks at the line above it, or at most two lines off: what a remark is about is quoted
just above. A tag that is missing has no line; there a rule on tags counts wherever it
stands. Tells who reads with ``--show`` which rule it was, to see whether both mean the
same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import Surroundings, run_in
from patchlint.model.finding import Finding
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import NoSource

NEAR = 2


def main() -> int:
    """Print the share, and with ``--show`` each remark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    ours = total = 0
    for case in sorted(path.parent for path in given.folder.glob("*/labels.json")):
        for label, hits in judged(case):
            ours += bool(hits)
            total += 1
            if given.show:
                said = ", ".join(hits) or "MISSED"
                print(f"{case.name[:20]:20} {label['expected_finding'][:60]:60} {said}")
    print(f"{ours} of {total}, {100 * ours / max(1, total):.0f} %")
    return 0


def judged(case: Path) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Yield the remarks on the text of a patch, and the rules that said so too."""
    labels = json.loads((case / "labels.json").read_text("utf-8"))
    rows = labels if isinstance(labels, list) else labels["remarks"]
    (series,) = read([(case / "patch.eml").read_bytes()])
    report = run_in(load_rules(), [series], Surroundings(NoSource()))
    for label in rows:
        if label["checkable"] == "text":
            yield label, hits(label, series, report.findings)


def hits(
    label: dict[str, str], series: Series, findings: Sequence[Finding]
) -> list[str]:
    """Return the rules that speak where a remark stands."""
    at = place(label, series.patches[0].message)
    return sorted(
        {
            finding.rule
            for finding in findings
            if (label["region"] == "tags" and finding.rule.startswith("trailer/"))
            or (at and abs(finding.anchor.span.line - at) <= NEAR)
        }
    )


def place(label: dict[str, str], message: Message) -> int:
    """Return the line of the mail that is quoted last above a remark; 0 if none is."""
    tail = [line.removeprefix("> ").rstrip() for line in label["quoted_tail"]]
    rows = [line.rstrip() for line in message.lines]
    for last in reversed([line for line in tail if line.strip()]):
        found = [number for number, row in enumerate(rows, 1) if row == last]
        if len(found) == 1:
            return found[0]
    return 0


if __name__ == "__main__":
    sys.exit(main())
