# SPDX-License-Identifier: GPL-2.0-or-later
"""Say what postings are made of real threads, and what is left over.

Usage: measure_threads.py [--show] [THREADS]. THREADS holds a folder a series, with an
mbox for each version, replies included; all of a folder is read as one box. An
index.json beside them may list the versions that each should have. A second reading
with the mails in another order has to give the same; so has one of single mails.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from patchlint.mail.anatomy import dissect
from patchlint.mail.mbox import split_mbox
from patchlint.model.intake import Intake
from patchlint.model.series import Series
from patchlint.pipeline import take_in

THREADS = Path(__file__).parents[2] / "shared/corpus/threads"
SHUFFLED = 30


def main() -> int:
    """Print a line a series and the sums; status 1 if an order made a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="name each oddity")
    parser.add_argument("threads", nargs="?", type=Path, default=THREADS)
    given = parser.parse_args()
    folders = sorted({file.parent for file in given.threads.glob("*/*.mbox")})
    if not folders:
        print(f"measure-threads: {given.threads} is not here; nothing measured")
        return 0
    announced = index(given.threads / "index.json")
    sums: Counter[str] = Counter()
    differ = 0
    for at, folder in enumerate(folders):
        mails = [m for f in sorted(folder.glob("*.mbox")) for m in whole(f)]
        intake = take_in(mails)
        found = counts(intake)
        odd = [*oddities(intake), *unlike(intake, announced.get(folder.name, {}))]
        sums.update(found)
        sums["oddities"] += len(odd)
        print(f"{folder.name[:40]:40} {told(found)}", flush=True)
        for text in odd if given.show else ():
            print(f"    {text}")
        if at % max(1, len(folders) // SHUFFLED) == 0:
            random.Random(at).shuffle(mails)  # noqa: S311
            sums["series read in another order"] += 1
            differ += take_in(mails) != intake
    print(*(f"{name}: {count}" for name, count in sums.items()), sep="\n")
    print(f"differ by order: {differ}")
    return 1 if differ else 0


def whole(file: Path) -> tuple[bytes, ...]:
    """Return the mails of an mbox, each as a text of its own."""
    return split_mbox(file.read_bytes())


def index(file: Path) -> Mapping[str, Mapping[int, int]]:
    """Return, by folder, how many patches each version has, as an index says."""
    if not file.is_file():
        return {}
    return {
        Path(group["dir"]).name: {
            each["ver"]: each["tot"] for each in group["versions"]
        }
        for group in json.loads(file.read_text("utf-8"))
    }


def counts(intake: Intake) -> dict[str, int]:
    """Count what was made of one box."""
    postings = intake.postings
    return {
        "mails": len(intake.messages),
        "postings": len(postings),
        "covers": sum(series.cover is not None for series in postings),
        "announced": sum(series.total for series in postings),
        "patches": sum(len(series.patches) for series in postings),
        "missing": sum(len(series.missing) for series in postings),
        "superseded": sum(len(series.superseded) for series in postings),
        "talk": sum(len(series.thread) for series in postings),
        "left out": len(left_out(intake)),
        "patches left out": sum(is_patch for _, is_patch in left_out(intake)),
        "two at a position": sum(map(twice, postings)),
        "footers": sum(len(series.footers) for series in postings),
        "defects": sum(len(series.defects) for series in postings),
    }


def told(found: Mapping[str, int]) -> str:
    """Return counts in a line, without those that are nothing."""
    return ", ".join(f"{count} {name}" for name, count in found.items() if count)


def left_out(intake: Intake) -> list[tuple[str, bool]]:
    """Return the subjects of mails in no posting, and whether they carry a patch."""
    known = {
        mail.message_id
        for series in intake.postings
        for mail in (*series.messages, *series.superseded, *series.thread)
    }
    return [
        (mail.subject.text, not mail.subject.reply and bool(dissect(mail).diff))
        for mail in intake.messages
        if mail.message_id not in known
    ]


def twice(series: Series) -> int:
    """Count the positions at which more than one patch is."""
    return len(series.patches) - len({patch.position for patch in series.patches})


def oddities(intake: Intake) -> Iterator[str]:
    """Yield what a reader may want to look at."""
    for series in intake.postings:
        name = f"v{series.version} {series.total} {series.head.subject.text[:60]}"
        if len(series.messages) == 1:
            yield f"single: {name} <{series.head.message_id}>"
        for defect in series.defects:
            yield f"{defect.kind}: {name}: {defect}"
        if series.cover and series.cover.subject.position:
            yield f"naked cover: {name} <{series.head.message_id}>"
        yield from (f"patch in the talk: {text}" for text in hidden(series))
    yield from (f"left out: {text} {patch=}" for text, patch in left_out(intake))


def hidden(series: Series) -> Iterator[str]:
    """Yield the talk that carries a diff and is no reply."""
    for mail in series.thread:
        if not mail.subject.reply:
            diff = "a diff" if dissect(mail).diff else "no diff"
            yield f"{mail.subject.text[:70]} ({diff}) <{mail.message_id}>"


def unlike(intake: Intake, announced: Mapping[int, int]) -> Iterator[str]:
    """Yield the versions that an index knows otherwise."""
    here = versions(intake.postings)
    for version, total in announced.items():
        if total not in here.get(version, ()):
            yield f"index: v{version} of {total}, here {sorted(here.get(version, ()))}"
    for version, totals in here.items():
        if version not in announced and announced:
            yield f"index has no v{version}, here of {sorted(totals)}"


def versions(postings: Iterable[Series]) -> dict[int, set[int]]:
    """Return the number of patches of the postings of each version."""
    found: dict[int, set[int]] = {}
    for series in postings:
        found.setdefault(series.version, set()).add(series.total)
    return found


if __name__ == "__main__":
    sys.exit(main())
