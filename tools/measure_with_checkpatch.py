# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold ``--with checkpatch`` against checkpatch that is run by hand.

Usage: measure_with_checkpatch.py --linux DIR [--count N] [--cache DIR] [--strict]
[--tree DIR] FOLDER... Patches are chosen by a hash of their text. By hand is: the mail
as git mailinfo decodes it, on the standard input of checkpatch.pl of a checkout,
without a tree; with --tree, also at the top of that tree, for what is lost without
one. Types and the lines they are said of must be the same; what our own rules say of a
line must not be said twice. Pairs of rules that often meet on a line are printed:
a card may lack the type it stands for.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from patchlint.adapters.asked import Base, rules_with
from patchlint.adapters.cards import load_rules
from patchlint.adapters.checkpatch import read as read_lines
from patchlint.adapters.git import Blobs
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.foreign import Decoded
from patchlint.model.finding import Finding, Report
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.series.images import NoSource
from tools.measure_checkpatch import Case, cases

# (type, text of the line); "" where it has none.
Key = tuple[str, str]
_SCRIPT = "scripts/checkpatch.pl"
_OPTIONS = ("--terse", "--show-types", "--no-summary", "--color=never")


def by_hand(
    case: Case, script: Path, words: Sequence[str], folder: Path
) -> Counter[Key]:
    """Return what checkpatch says of a decoded mail."""
    done = subprocess.run(  # noqa: S603 - the tree was named by whoever measures
        ["perl", str(script), *_OPTIONS, *words, "-"],  # noqa: S607
        input=case.decoded,
        capture_output=True,
        check=False,
        cwd=folder,
        env={"HOME": "/nonexistent", "PATH": os.environ["PATH"], "LC_ALL": "C"},
    )
    lines = case.decoded.decode("utf-8", "surrogateescape").split("\n")
    numbered = Decoded(tuple(lines), tuple(range(1, len(lines) + 1)))
    printed = done.stdout.decode("utf-8", "surrogateescape").split("\n")
    said = dict.fromkeys(read_lines(printed, numbered))
    texts = ((one.type, lines[one.line - 1] if one.line else "") for one in said)
    return Counter((kind, _plain(text)) for kind, text in texts)


def by_us(findings: Iterable[Finding]) -> Counter[Key]:
    """Return what the adapter makes of it."""
    return Counter(
        (f.rule.partition("/")[2], _plain(f.quote))
        for f in findings
        if f.rule.startswith("checkpatch/")
    )


def _plain(text: str) -> str:
    """Headers are written anew by git mailinfo: what has no line is at one of them."""
    text = text.rstrip("\r")
    return "" if text.lower().startswith(("subject:", "from:", "date:")) else text


def doubles(report: Report, types: dict[str, frozenset[str]]) -> list[Finding]:
    """Return what is said of a line by checkpatch and by a rule that stands for it."""
    ours = {
        (f.message_id, f.anchor.span.line, kind)
        for f in report.findings
        for kind in types.get(f.rule, ())
    }
    return [
        f
        for f in report.findings
        if (f.message_id, f.anchor.span.line, f.rule.partition("/")[2]) in ours
    ]


def meetings(report: Report) -> Counter[tuple[str, str]]:
    """Return which rules of ours speak of a line that checkpatch speaks of."""
    ours = [f for f in report.findings if not f.rule.startswith("checkpatch/")]
    met: Counter[tuple[str, str]] = Counter()
    for theirs in report.findings:
        if theirs.rule.startswith("checkpatch/"):
            met.update(
                (theirs.rule, f.rule)
                for f in ours
                if f.message_id == theirs.message_id
                and f.anchor.span.line == theirs.anchor.span.line
            )
    return met


class Measure:
    """What was counted so far."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Bind the rules: ours, and checkpatch."""
        name = "checkpatch:strict" if given.strict else "checkpatch"
        self.given = given
        with Blobs(given.linux) as blobs:
            base = Base(given.linux, blobs.resolve("HEAD"))
        self.rules = rules_with([name], base, DEFAULT_LIMITS)
        self.native = load_rules()
        self.cards = [rule.card for rule in self.native]
        self.strict = ["--strict", "--ignore", "CAMELCASE"] * given.strict
        self.sums: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self.met: Counter[tuple[str, str]] = Counter()

    def look(self, case: Case, empty: Path) -> None:
        """Count one patch."""
        script = self.given.linux / _SCRIPT
        theirs = by_hand(case, script, ["--no-tree", *self.strict], empty)
        around = Surroundings(NoSource())
        report = run_in(self.rules, [case.series], around)
        _differences(case, theirs, by_us(report.findings), self.sums)
        self.sums["not checked"] += len(report.skips)
        if tree := self.given.tree:
            more = by_hand(case, tree / _SCRIPT, self.strict, tree) - theirs
            self.lost.update(kind for kind, _ in more.elements())
        alone = run_in(self.native, [case.series], around)
        told = run_in([*self.native, *self.rules], [case.series], around)
        types = {card.id: frozenset(card.checkpatch) for card in self.cards}
        both = len(alone.findings) + len(report.findings)
        self.sums["left out as doubles"] += both - len(told.findings)
        self.sums["doubles"] += len(doubles(told, types))
        self.met += meetings(told)


def main() -> int:
    """Print what differs, and the sums; 1 where something differs."""
    given = _arguments()
    given.cache.mkdir(parents=True, exist_ok=True)
    measure = Measure(given)
    with tempfile.TemporaryDirectory() as empty:
        for case in cases(given.folders, given.count, given.cache):
            measure.look(case, Path(empty))
    for (theirs, rule), count in measure.met.most_common(25):
        print(f"on one line {count:4}: {theirs} and {rule}")
    print("only with a tree:", dict(measure.lost) if given.tree else "(no --tree)")
    sums = measure.sums
    print(", ".join(f"{name} {count}" for name, count in sums.items()))
    return int(bool(sums["missed"] or sums["invented"] or sums["doubles"]))


def _differences(
    case: Case, theirs: Counter[Key], ours: Counter[Key], sums: Counter[str]
) -> None:
    sums["patches"] += 1
    sums["equal patches"] += theirs == ours
    sums["said by hand"] += theirs.total()
    sums["said by us"] += ours.total()
    for what, rest in (("missed", theirs - ours), ("invented", ours - theirs)):
        sums[what] += rest.total()
        for (kind, line), count in rest.items():
            print(f"{what} {case.id[:8]} {count} {kind}: {line[:90]!r}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--linux", type=Path, required=True)
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("checkpatch-cache"))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("folders", nargs="+", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
