# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how much of what people said in real threads is found at its line.

Usage: measure_thread.py [--sample N] [--seed N] [CORPUS]. CORPUS holds ``threads`` (a
mailbox for each version of a series) and ``reviews/cases`` (a patch, its series, its
reviews, and remarks whose places people have written down in ``labels.json``). A sample
of mapped remarks is printed, for somebody to read.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from patchlint.model.message import Message
from patchlint.model.remark import Remark, RemarkKind
from patchlint.model.series import Series
from patchlint.pipeline import take_in
from patchlint.series.run import key
from patchlint.series.talk import talk

CORPUS = Path(__file__).parents[2] / "shared/corpus"
ENOUGH = 90
_MACHINE = re.compile(
    r"\b(?:robot|bot|syzbot|patchwork|lkp)\b|-bot\d?@|bot[+@]|lkp@", re.IGNORECASE
)


def main() -> int:
    """Print counts and a sample; status 1 if too few quotes of diffs are found."""
    given = arguments()
    if not given.corpus.is_dir():
        print(f"measure-thread: {given.corpus} is not here; nothing measured")
        return 0
    sums: Counter[str] = Counter()
    placed: list[tuple[Message, Remark]] = []
    start = time.process_time()
    for mails in boxes(given.corpus):
        for series in take_in(mails).postings:
            if series.thread:
                placed += counted(series, sums)
    for name in sorted(sums):
        print(f"{sums[name]:6} {name}")
    print(f"{time.process_time() - start:6.0f} s, reading the mail included")
    share = 100 - 100 * sums["changed lines quoted, lost"] / max(
        1, sums["changed lines quoted"]
    )
    print(f"{share:6.1f} % of the changed lines quoted above a remark are found")
    labelled(given.corpus)
    sample(placed, given.sample, given.seed)
    return 0 if share >= ENOUGH else 1


def arguments() -> argparse.Namespace:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    return parser.parse_args()


def boxes(corpus: Path) -> Iterator[list[bytes]]:
    """Yield the mails of each version of a series, and of each case."""
    for file in sorted(corpus.glob("threads/*/*.mbox")):
        yield [file.read_bytes()]
    for folder in cases(corpus):
        yield case(folder)


def cases(corpus: Path) -> list[Path]:
    """Return the folders of the cases."""
    return sorted(file.parent for file in corpus.glob("reviews/cases/*/labels.json"))


def case(folder: Path) -> list[bytes]:
    """Return the series of a case, and the reviews of it."""
    files = [folder / "series.mbox", *sorted(folder.glob("review-*.eml"))]
    return [file.read_bytes() for file in files]


def counted(series: Series, sums: Counter[str]) -> list[tuple[Message, Remark]]:
    """Count what a thread says; return the remarks of people that have a place."""
    found = talk(series)
    people = [mail for mail in series.thread if not is_machine(str(mail.sender))]
    words = [r for r in found.remarks if r.kind is not RemarkKind.TAG]
    human = [r for r in words if not is_machine(str(r.author))]
    placed = [r for r in human if r.line]
    sums["threads"] += 1
    sums["replies"] += len(series.thread)
    sums["replies of people"] += len(people)
    sums["remarks"] += len(words)
    sums["remarks of people"] += len(human)
    sums["remarks of people at a line"] += len(placed)
    sums["remarks of people at a line of a diff"] += sum(
        r.where is not None for r in placed
    )
    sums["answers among them"] += sum(bool(r.answers) for r in placed)
    sums["tags"] += len(found.tags)
    sums["changed lines quoted"] += found.lines
    sums["changed lines quoted, lost"] += found.lost
    mails = {m.message_id: m for m in (*series.messages, *series.superseded)}
    return [(mails[r.about], r) for r in placed]


def is_machine(sender: str) -> bool:
    """Say whether a mail was written by a program."""
    return _MACHINE.search(sender) is not None


def labelled(corpus: Path) -> None:
    """Compare with the places that somebody wrote down: the line above the remark."""
    right = wrong = 0
    for folder in cases(corpus):
        labels = json.loads((folder / "labels.json").read_text("utf-8"))
        reviews = {n: r["message_id"] for n, r in enumerate(labels["reviews"], 1)}
        found = [
            (mails[remark.about], remark)
            for series in take_in(case(folder)).postings
            for mails in [{m.message_id: m for m in series.messages}]
            for remark in talk(series).remarks
            if remark.about in mails
        ]
        for label in labels["remarks"]:
            tail = [line for line in label["quoted_tail"] if line.strip()]
            if not tail:
                continue
            name, words = reviews[label["review"]], key(label["remark"][:40])
            ones = [
                (mail, remark)
                for mail, remark in found
                if remark.message_id == name and words in key(" ".join(remark.text))
            ]
            fits = any(
                remark.line and is_of(key(tail[-1]), key(mail.line(remark.line)))
                for mail, remark in ones
            )
            right, wrong = right + fits, wrong + (not fits)
            if not fits:
                print(f"  not so: {folder.name}: {tail[-1]!r} {label['remark'][:60]!r}")
                for mail, remark in ones:
                    print(f"    but: {mail.line(remark.line) if remark.line else ''!r}")
    print(f"{right} of {right + wrong} places that were written down are the same")


def is_of(quote: str, line: str) -> bool:
    """Say whether a quote is a line, or a piece of one where it was wrapped anew."""
    return quote == line or (len(quote) > len(line) // 4 and quote in line)


def sample(placed: list[tuple[Message, Remark]], most: int, seed: int) -> None:
    """Print some remarks with the lines around their places."""
    chosen = random.Random(seed).sample(placed, min(most, len(placed)))  # noqa: S311
    for number, (mail, remark) in enumerate(chosen, 1):
        print(f"\n#{number} {remark.author} <{remark.message_id}> on {remark.patch}")
        for at in range(max(1, remark.line - 2), remark.line + 2):
            if at <= len(mail.lines):
                mark = ">" if at == remark.line else " "
                print(f"  {mark}{at:5} | {mail.line(at)[:100]}")
        for line in [line for line in remark.text if line.strip()][:6]:
            print(f"        {line[:100]}")


if __name__ == "__main__":
    sys.exit(main())
