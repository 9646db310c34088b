# SPDX-License-Identifier: GPL-2.0-or-later
"""Time the review of single patches with whole files against a bare parse.

Usage: bench_patch.py [--count N] [--profile] [--mbox MBOX] [LINUX]. Accepted patches
are taken back where LINUX still has what they made. Two peers, by tree-sitter alone,
without masks or trees of our own: the windows, which are the functions and other
chunks that a patch touches, on both sides; and the whole files, on both sides.
Medians of the patches; one core, nothing kept from one patch to the next.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec.structs import replace

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from patchlint.adapters.cards import load_rules  # noqa: E402
from patchlint.lint.context import Program, contexts  # noqa: E402
from patchlint.lint.engine import run  # noqa: E402
from patchlint.lint.rule import Rule  # noqa: E402
from patchlint.model.finding import Evidence  # noqa: E402
from patchlint.model.series import Series  # noqa: E402
from patchlint.pipeline import read  # noqa: E402
from patchlint.syntax import c  # noqa: E402
from patchlint.syntax.chunks import chunks  # noqa: E402
from tools.placing import Placed, place  # noqa: E402

SHARED = ROOT.parent / "shared"
MBOX = SHARED / "corpus/accepted/tip-before-2024.mboxrd"
LINUX = ROOT.parent / "linux"
RUNS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A patch that touches C, and what is parsed of its files, as bytes."""

    series: Series
    files: Placed
    windows: tuple[bytes, ...]
    whole: tuple[bytes, ...]


def main() -> int:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--profile", action="store_true", help="say where time goes")
    parser.add_argument("--mbox", type=Path, default=MBOX)
    parser.add_argument("linux", nargs="?", type=Path, default=LINUX)
    given = parser.parse_args()
    for needed in (given.mbox, given.linux):
        if not needed.exists():
            print(f"bench-patch: {needed} is not here; nothing measured")
            return 0
    rules = [r for r in load_rules() if r.card.evidence is not Evidence.MAIL]
    found = list(cases(given.mbox, given.linux, given.count))
    if given.profile:
        profile(rules, found)
        return 0
    tell(found, [seconds(partial(review, rules, case)) for case in found])
    return 0


def cases(mbox: Path, linux: Path, count: int) -> Iterator[Case]:
    """Yield patches of which every file of C and assembly is known."""
    for series in read([mbox.read_bytes()]):
        for patch in series.patches if count > 0 else ():
            single, files = place(replace(series, patches=(patch,)), linux)
            (laid_out, *_) = contexts(single, files).patches or (None,)
            if laid_out is None or not known(laid_out.before):
                continue
            sides = (laid_out.before, laid_out.after)
            windows = tuple(part for side in sides for part in touched(side))
            whole = tuple(
                source.image.text.encode("utf-8", "surrogateescape")
                for side in sides
                for source in side.written_in("c")
            )
            if windows:
                count -= 1
                yield Case(single, files, windows, whole)


def known(program: Program) -> bool:
    """Say whether all files of code are there as a whole."""
    code = [source for source in program.sources if source.language]
    return bool(code) and all(source.image.whole for source in code)


def touched(program: Program) -> Iterator[bytes]:
    """Yield the chunks that have changed lines."""
    for source in program.written_in("c"):
        image = source.image
        for chunk in chunks(image.text, image.numbers):
            rows = range(chunk.first + 1, chunk.end + 1)
            if not source.changed.isdisjoint(rows):
                text = image.text[chunk.begin : chunk.stop]
                yield text.encode("utf-8", "surrogateescape")


def review(rules: Sequence[Rule], case: Case) -> None:
    """Review one patch, from its changes to its findings."""
    c.forget()
    run(rules, [case.series], case.files)


def bare(texts: Sequence[bytes]) -> None:
    """Parse, and nothing else."""
    for text in texts:
        c.bare(text)


def seconds(work: Callable[[], None]) -> float:
    """Return the processor time of the quickest of several runs."""
    taken = []
    for _ in range(RUNS):
        gc.collect()
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def tell(found: Sequence[Case], ours: Sequence[float]) -> None:
    """Print the median time, and the medians of its ratios."""
    windows = [seconds(partial(bare, case.windows)) for case in found]
    files = [seconds(partial(bare, case.whole)) for case in found]
    print(f"{len(found)} patches, every rule that reads files")
    for name, taken in (("review", ours), ("windows", windows), ("files", files)):
        print(f"{name:8} {1000 * statistics.median(taken):8.2f} ms")
    for name, taken in (("windows", windows), ("files", files)):
        pairs = zip(ours, taken, strict=True)
        ratio = statistics.median(one / other for one, other in pairs if other)
        print(f"review / bare parse of the {name}: {ratio:.1f}")


def profile(rules: Sequence[Rule], found: Sequence[Case]) -> None:
    """Print the functions that take most of the time."""
    profiler = cProfile.Profile()
    profiler.enable()
    for case in found:
        review(rules, case)
    profiler.disable()
    statistics_of = pstats.Stats(profiler)
    statistics_of.sort_stats("tottime").print_stats(25)
    statistics_of.sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    sys.exit(main())
