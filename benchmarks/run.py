# SPDX-License-Identifier: GPL-2.0-or-later
"""Time patchlint beside checkpatch, in one run, and write docs/performance.md.

Usage: python -m benchmarks.run --linux DIR [--corpus DIR] [--count N] [--check].
Each thing is run in turns with its peer; the figure is processor time, children
included, the least of all rounds, and what counts is the ratio. ``--check`` writes
nothing, and ends with 1 where a ratio is worse than the committed one by a fifth.
checkpatch runs inside of its tree, one process a patch, as people run it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from benchmarks.inputs import Inputs, prepare
from benchmarks.page import page, plot
from benchmarks.timing import Command, Cost, Measured, Run, in_turns, one_by_one

ROOT = Path(__file__).parents[1]
RATIOS = Path(__file__).with_name("ratios.json")
WORSE = 0.8


@dataclass(frozen=True)
class Case:
    """One row: what is timed, ours and its peers, each over so many patches."""

    name: str
    runs: Mapping[str, Run]
    of: Mapping[str, int]
    rounds: int


class Bench:
    """Makes the commands of one run."""

    def __init__(self, folder: Path, linux: Path, inputs: Inputs) -> None:
        self._folder, self._linux, self._inputs = folder, linux, inputs
        self._program = (str(Path(sys.executable).with_name("patchlint")),)
        self._cold = 0
        environment = {"HOME": str(folder), "PATH": os.environ["PATH"]}
        self._usual = {**environment, "XDG_CACHE_HOME": str(folder / "cache")}

    def again(self, *words: str) -> Command:
        """Return a run with all that is kept from others."""
        return Command((*self._program, *words), self._folder, self._usual)

    def ours(self, *words: str) -> Command:
        """Return a run that looks anew."""
        return self.again("--no-cache", *words)

    def cold(self, *words: str) -> Cost:
        """Run with nothing kept."""
        self._cold += 1
        kept = {**self._usual, "XDG_CACHE_HOME": str(self._folder / f"c{self._cold}")}
        return Command((*self._program, *words), self._folder, kept).cost()

    def checkpatch(self, *words: str) -> Command:
        """Return a run of checkpatch in its tree."""
        script = str(self._linux / "scripts/checkpatch.pl")
        quiet = ("--no-summary", "-q", "--terse", f"--root={self._linux}")
        return Command(("perl", script, *quiet, *words), self._linux)

    def cases(self) -> Iterator[Case]:
        """Yield all rows but the one of growth."""
        singles = [str(path) for path in self._inputs.singles]
        small = min(singles, key=lambda name: Path(name).stat().st_size)
        long, ten, hundred = str(self._inputs.long), *map(self._box, (10, 100))
        count = len(singles)
        python = Command((sys.executable, "-c", "pass"), self._folder)
        yield self._case(
            "start-up (--version)",
            {"patchlint": self.again("--version").cost, "an empty Python": python.cost},
            rounds=15,
        )
        yield self._case("one small patch", self._both(small), rounds=15)
        yield self._case(
            "one small patch, nothing in the user's cache",
            {"patchlint": partial(self.cold, small)},
        )
        yield self._case(
            "one small patch, looked at before",
            {
                "patchlint": self.again(small).cost,
                "checkpatch": self.checkpatch(small).cost,
            },
            rounds=15,
        )
        yield self._case("10 patches in one go", self._both(ten), of=10)
        yield self._case("100 patches in one go", self._both(hundred), of=100, rounds=3)
        yield self._case("a patch of 14,000 lines", self._both(long), rounds=3)
        alone = [self.ours("-j1", name) for name in singles]
        commands = [self.checkpatch(name) for name in singles]
        # It takes minutes, and is what four rows are compared with.
        theirs = cache(partial(one_by_one, commands))
        yield self._case(
            f"{count} patches, a process each",
            {
                "patchlint": partial(one_by_one, alone),
                "checkpatch": theirs,
            },
            of=count,
            rounds=1,
        )
        batch = self.ours("-j1", self._box(count))
        yield self._case(
            f"{count} patches in one go, checkpatch a process each",
            {"patchlint": batch.cost, "checkpatch": theirs},
            of=count,
            rounds=1,
        )
        yield self._case(
            f"{count} patches in one go, looked at before",
            {
                "patchlint": self.again("-j1", self._box(count)).cost,
                "checkpatch": theirs,
            },
            of=count,
            rounds=1,
        )
        files = self.ours(
            "-j1", "--evidence=file", f"--repo={self._linux}", self._box(count)
        )
        yield self._case(
            f"{count} patches in one go, with whole files",
            {"patchlint": files.cost, "checkpatch": theirs},
            of=count,
            rounds=1,
        )

    def growth(self) -> dict[int, Measured]:
        """Return what a patch costs in boxes of several sizes."""
        return {
            size: Measured((self.ours("-j1", str(box)).cost(),), size)
            for size, box in self._inputs.boxes.items()
        }

    def jobs(self) -> tuple[float, float]:
        """Return the seconds on the wall that all patches take with -j 1 and -j 2."""
        box = self._box(len(self._inputs.singles))
        one, two = (self.ours(f"-j{n}", "--evidence=mail", box).cost() for n in (1, 2))
        return one.wall, two.wall

    def _box(self, size: int) -> str:
        return str(self._inputs.boxes[size])

    def _both(self, name: str) -> dict[str, Run]:
        return {
            "patchlint": self.ours("-j1", name).cost,
            "checkpatch": self.checkpatch(name).cost,
        }

    @staticmethod
    def _case(
        name: str, runs: Mapping[str, Run], *, of: int = 1, rounds: int = 7
    ) -> Case:
        return Case(name, runs, dict.fromkeys(runs, of), rounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything; print, write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--linux", type=Path, required=True)
    parser.add_argument(
        "--corpus", type=Path, default=ROOT / "../shared/corpus/accepted"
    )
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(arguments)
    if shutil.which("perl") is None:
        parser.error("checkpatch needs perl")
    with tempfile.TemporaryDirectory() as name:
        inputs = prepare(Path(name), given.corpus, given.count)
        bench = Bench(Path(name), given.linux.resolve(), inputs)
        for box in (inputs.singles[0], *inputs.boxes.values()):
            bench.again("-j1", str(box)).cost()
        rows = {case.name: _measured(case) for case in bench.cases()}
        growth, jobs = bench.growth(), bench.jobs()
    ratios = {name: _ratio(row) for name, row in rows.items() if len(row) > 1}
    text = page(rows, ratios, growth, jobs)
    print(text)
    if given.check:
        return _compare(ratios)
    (ROOT / "docs/performance.md").write_text(text, "utf-8")
    (ROOT / "docs/pictures").mkdir(exist_ok=True)
    (ROOT / "docs/pictures/performance.svg").write_text(plot(ratios), "utf-8")
    RATIOS.write_text(json.dumps(ratios, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def _measured(case: Case) -> dict[str, Measured]:
    print(f"{case.name} ...", file=sys.stderr, flush=True)
    costs = in_turns(case.runs, case.rounds)
    return {name: Measured(taken, case.of[name]) for name, taken in costs.items()}


def _ratio(row: Mapping[str, Measured]) -> float:
    """Return how often ours fits into what its peer takes."""
    ours, theirs = row.values()
    return round(theirs.cpu / ours.cpu, 2)


def _compare(ratios: Mapping[str, float]) -> int:
    known = json.loads(RATIOS.read_text("utf-8"))
    worse = [
        f"{name}: {ratios[name]}, it was {known[name]}"
        for name in ratios.keys() & known.keys()
        if ratios[name] < WORSE * known[name]
    ]
    print("\n".join(sorted(worse)) or "no ratio is worse than it was by a fifth")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
