# SPDX-License-Identifier: GPL-2.0-or-later
"""Take in mail as it is found, show it, review it, and count what came of it.

``python -m tools.measure_intake [FOLDER...]``: each file of ``tricky`` is an input of
its own, each folder of ``threads`` one input; both are looked for beside the checkout.
All rules run by the mails alone, and every renderer writes its answer. Prints a table;
the status is 1 where anything raised an exception or a rule crashed.

``--forms`` writes real series in every form a mail program has for them, and compares
the findings. ``--growth`` reads 1, 2 and 4 times as much, and compares the seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.adapters.inputs import read_inputs
from patchlint.adapters.jobs import review as review_all
from patchlint.adapters.task import Task
from patchlint.adapters.world import World
from patchlint.lint.profile import Policy
from patchlint.lint.rule import Rule
from patchlint.model.defect import DefectKind
from patchlint.model.finding import Evidence
from patchlint.pipeline import take_in
from patchlint.report import FORMATS, show_json, show_text, terminal
from patchlint.report.look import Look
from patchlint.report.shown import Shown
from patchlint.series.images import NoSource, stack
from tools.intake_forms import compare_forms
from tools.intake_growth import measure_growth

CORPUS = Path(__file__).parents[2] / "shared/corpus"
NUMSTAT = Path(__file__).with_name("measure_numstat.py")
SLOW = 20.0
ROWS = (
    "inputs", "mails", "other mails", "series", "patches", "files", "findings",
    "not checked", "limits hit", "crashes", "exceptions", "seconds",
)  # fmt: skip


def main(words: Sequence[str] | None = None) -> int:
    """Print what was asked for; status 1 if anything of it failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", action="store_true")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--jobs", "-j", type=int, default=1)
    parser.add_argument("folders", nargs="*", type=Path)
    given = parser.parse_args(words)
    if given.growth:
        return measure_growth()
    folders = given.folders or [CORPUS / "tricky", CORPUS / "threads"]
    if given.forms:
        return compare_forms(inputs(folders[-1]))
    failed = 0
    for folder in folders:
        if folder.is_dir():
            failed += measure(folder, given.jobs)
        else:
            print(f"measure-intake: {folder} is not here; nothing measured")
    if NUMSTAT.exists():
        print(f"files and lines against those of git: python tools/{NUMSTAT.name} FILE")
    return int(failed > 0)


def inputs(folder: Path) -> list[Path]:
    """Return the folders of threads in a folder; if it has none, its files."""
    groups = sorted(path.parent for path in folder.glob("*/group.json"))
    return groups or sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    )


def measure(folder: Path, jobs: int) -> int:
    """Print the figures of one folder, and how much of it failed."""
    look = partial(look_at, rules=load_rules(), policy=Policy(load_profiles()))
    count: Counter[str] = Counter()
    places, begin = inputs(folder), time.perf_counter()
    for found in each(look, places, jobs):
        count.update(found)
    count["seconds"] = round(time.perf_counter() - begin)
    print(f"\n{folder.name}")
    kinds = [f"defects: {kind.value}" for kind in DefectKind]
    for row in (*ROWS, *(kind for kind in kinds if count[kind])):
        print(f"{count[row]:10,}  {row}")
    return count["exceptions"] + count["crashes"]


def each(
    look: partial[Counter[str]], places: Sequence[Path], jobs: int
) -> Iterator[Counter[str]]:
    """Yield the figures of each input, in one process or several."""
    if jobs < 2:
        yield from map(look, places)
        return
    with Pool(jobs) as pool:
        yield from pool.imap_unordered(look, places)


def look_at(place: Path, rules: Sequence[Rule], policy: Policy) -> Counter[str]:
    """Take in one input, show it, review it, and count."""
    begin = time.process_time()
    try:
        found = _look(place, rules, policy)
    except Exception:  # noqa: BLE001 - it is what we look for
        print(f"{place}:\n{traceback.format_exc()}")
        found = Counter({"inputs": 1, "exceptions": 1})
    seconds = time.process_time() - begin
    if seconds > SLOW:
        print(f"{place}: {seconds:.0f} s")
    return found


def _look(place: Path, rules: Sequence[Rule], policy: Policy) -> Counter[str]:
    names = [str(path) for path in sorted(place.glob("*.mbox"))] or [str(place)]
    read = read_inputs(names)
    intake = take_in(read.raws, known=read.defects)
    stacks = tuple(stack(series, NoSource()) for series in intake.postings)
    shown = Shown(intake, stacks)
    show_text.render(shown, verbose=True)
    show_json.render(shown)
    world = World(Path(), Evidence.MAIL, policy=policy)
    report = review_all(Task(intake.postings, rules, world), jobs=1)
    for render in FORMATS.values():
        render(report, intake.postings)
    terminal.render(report, intake.postings, Look(80))
    for crash in report.crashes:
        print(f"{place}: {crash.rule}: {crash.message_id}: {crash.error}")
    late = {skip for skip in report.skips if "over the limit" in skip.needs}
    for skip in sorted(late, key=str):
        print(f"{place}: {skip.rule}: {skip.message_id}: {skip.needs}")
    patches = [patch for series in intake.postings for patch in series.patches]
    kinds = (f"defects: {defect.kind.value}" for defect in shown.defects)
    return Counter(kinds) + Counter(
        {
            "inputs": 1,
            "mails": len(intake.messages),
            "other mails": len(shown.others),
            "series": len(intake.postings),
            "patches": len(patches),
            "files": sum(len(patch.changes) for patch in patches),
            "findings": len(report.findings),
            "not checked": len(report.skips),
            "crashes": len(report.crashes),
            "limits hit": len(shown.limits) + len(late),
        }
    )


if __name__ == "__main__":
    sys.exit(main())
