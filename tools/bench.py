# SPDX-License-Identifier: GPL-2.0-or-later
"""Time the command against peers, in one run: the median of several, and the ratio.

Start-up against an empty Python, a review against ``git apply --numstat`` of the same
mails, and against checkpatch where ``--checkpatch FILE`` names one. The review is of
the founding series if it is beside the checkout, else of a fixture.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared" / "seed"
RUNS = 9


def main() -> int:
    """Print one line a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpatch", metavar="FILE")
    given = parser.parse_args()
    python = [sys.executable, "-c", "pass"]
    version = [sys.executable, "-m", "patchlint", "--version"]
    compare("start-up", version, "python -c pass", python)
    with tempfile.TemporaryDirectory() as folder:
        repository, mails = subject(Path(folder))
        review = [sys.executable, "-m", "patchlint", "--repo", repository, mails]
        numstat = ["git", "apply", "--numstat", mails]
        compare(f"review of {Path(mails).name}", review, "git apply --numstat", numstat)
        if given.checkpatch:
            other = ["perl", given.checkpatch, "--no-tree", "-q", "--terse", mails]
            compare(f"review of {Path(mails).name}", review, "checkpatch", other)
    return 0


def subject(folder: Path) -> tuple[str, str]:
    """Return a repository and the mails to review with it."""
    if (SEED / "tree.bundle").exists():
        bundle = str(SEED / "tree.bundle")
        clone = ["git", "clone", "-q", "-b", "base", bundle, str(folder / "clone")]
        subprocess.run(clone, check=True)  # noqa: S603
        return str(folder / "clone"), str(SEED / "v3-series.mboxrd")
    name = "handover-faults"
    build = [sys.executable, str(ROOT / "fixtures/build.py"), "--repo", name]
    subprocess.run([*build, str(folder / "base")], check=True)  # noqa: S603
    return str(folder / "base"), str(ROOT / "fixtures" / name / "series.mbox")


def compare(name: str, ours: Sequence[str], peer: str, theirs: Sequence[str]) -> None:
    """Time two commands in turns, and print both medians and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for command, taken in zip((ours, theirs), times, strict=True):
            taken.append(seconds(command))
    mine, other = (1000 * statistics.median(taken) for taken in times)
    print(f"{name}: {mine:.0f} ms; {peer}: {other:.0f} ms; ratio {mine / other:.1f}")


def seconds(command: Sequence[str]) -> float:
    """Return the wall time of a command, its output thrown away."""
    begin = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
