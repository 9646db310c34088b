# SPDX-License-Identifier: GPL-2.0-or-later
"""Say whether replies to real patches are such as people want to get.

Usage: measure_replies.py [--series N] [--show N] [--drafts FILE] [CORPUS]. CORPUS holds
``reviews/cases``, a folder a patch with its ``series.mbox``, and ``threads``, a folder
a series with an mbox for each version. All are reviewed by mail, and the drafts are
read as their readers see them: how much is quoted (R7), how long remarks and lines are
(R8), how many there are, in which order, and none twice (R9). The bounds are those of
docs/replies.md.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.lint.engine import Surroundings, look, report
from patchlint.lint.profile import Policy
from patchlint.model.finding import Report, Severity
from patchlint.model.series import Series
from patchlint.pipeline import take_in
from patchlint.report.blocks import TINY, Quote, Remark, size_of
from patchlint.report.draft import box, write
from patchlint.report.manner import Manner
from patchlint.report.posting import mails
from patchlint.report.reply import Reply, Silence, outcomes
from patchlint.report.safe import printable
from patchlint.series.images import NoSource

CORPUS = Path(__file__).parents[2] / "shared/corpus"
SERIES = 300
USUAL, MOST, WIDTH, SENTENCES = 5, 8, 72, 3
_TAG = re.compile(r"\s*[\w-]+-by\s*:", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!](?=\s+[A-Z]|$)")


@dataclass(frozen=True, slots=True)
class Seen:
    """One reply as its reader sees it, and what is wrong with it."""

    quoted: int
    lines: int
    size: int
    remarks: int
    sentences: int
    faults: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part of the mail that is quoted."""
        return self.quoted / self.size if self.size else 0.0


def main() -> int:
    """Print the table; status 1 if anything is out of bounds."""
    given = arguments()
    boxes = [*cases(given.corpus), *threads(given.corpus, given.series)]
    if not boxes:
        print(f"measure-replies: {given.corpus} is not here; nothing measured")
        return 0
    seen: list[Seen] = []
    silences: Counter[str] = Counter()
    shown: list[str] = []
    patches = 0
    for series, found in judged(boxes):
        patches += len(series.patches)
        for outcome in outcomes(found, [series], Manner(answers_rfc=True)):
            if isinstance(outcome, Silence):
                silences[outcome.why] += 1
                continue
            seen.append(look_at(outcome, series, found))
            shown.append(write(outcome))
            for fault in seen[-1].faults:
                print(f"{fault}: <{outcome.message.message_id}>", flush=True)
    if given.drafts:
        given.drafts.write_text(box(shown), "utf-8")
    for text in random.Random(1).sample(shown, min(given.show, len(shown))):  # noqa: S311
        print(f"{'=' * 72}\n{text}")
    print(f"{len(boxes)} series, {patches} patches, {len(seen)} replies")
    print(*(f"{n:6} silent: {why}" for why, n in silences.most_common()), sep="\n")
    return table(seen)


def arguments() -> argparse.Namespace:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=SERIES, help="of threads")
    parser.add_argument("--show", type=int, default=0, help="print so many replies")
    parser.add_argument("--drafts", type=Path, help="write all replies there")
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    return parser.parse_args()


def cases(corpus: Path) -> list[Path]:
    """Return the series of patches that people reviewed."""
    return sorted(corpus.glob("reviews/cases/*/series.mbox"))


def threads(corpus: Path, many: int) -> list[Path]:
    """Return a sample of postings, the same every time."""
    files = sorted(corpus.glob("threads/*/*.mbox"))
    return sorted(random.Random(1).sample(files, min(many, len(files))))  # noqa: S311


def judged(boxes: Sequence[Path]) -> Iterator[tuple[Series, Report]]:
    """Yield each posting of the boxes and what the mail alone says of it."""
    rules, policy = load_rules(), Policy(load_profiles())
    around = Surroundings(NoSource(), policy=policy)
    for file in boxes:
        for series in take_in([file.read_bytes()]).postings:
            yield series, report(rules, [look(rules, series, around)])


def look_at(reply: Reply, series: Series, found: Report) -> Seen:
    """Return what is to be said of one reply."""
    mail = next(m for m in mails(found, [series]) if m.message is reply.message)
    remarks = [block for block in reply.blocks if isinstance(block, Remark)]
    quotes = [line for b in reply.blocks if isinstance(b, Quote) for line in b.lines]
    body = write(reply).partition("\n\n")[2].partition("\n-- \n")[0].split("\n")
    own = [line for remark in remarks for line in remark.lines]
    size = size_of(mail)
    words = [" ".join(prose(remark.lines)) for remark in remarks]
    loud = sum(f.severity >= Severity.WARNING for f in mail.findings)
    asked = sum(f.severity is Severity.QUESTION for f in mail.findings)
    faults = {
        "quoted a third or more": size >= TINY and 3 * len(quotes) >= size,
        "more than 8 remarks": len(remarks) > MOST,
        "more than 5 remarks": len(remarks) > max(USUAL, loud),
        "longer than the patch": sum(map(bool, body)) - 1 > size,
        "line over 72": any(is_wide(line) for line in (*own, *reply.rest)),
        "remark of more than 3 sentences": any(map(is_long, words)),
        "quotes out of order": not in_order(quotes, reply),
        "remark twice": bool(twice(words)),
        "question without need": sum(map(is_question, words)) > asked,
        "a tag": any(map(_TAG.match, (*own, *reply.rest))),
        "nothing above the remark": is_loose(reply),
    }
    return Seen(
        len(quotes),
        sum(map(bool, body)),
        size,
        len(remarks),
        max(map(sentences, words), default=0),
        tuple(name for name, is_so in faults.items() if is_so),
    )


def prose(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a remark that are sentences: not code, not a proof."""
    for line in lines:
        if line and not line[0].isspace() and not line.startswith("Likewise:"):
            yield line


def sentences(text: str) -> int:
    """Return how many sentences there are."""
    return max(1, len(_SENTENCE.findall(text)))


def is_long(text: str) -> bool:
    """Say whether a remark has more than three sentences."""
    return sentences(text) > SENTENCES


def is_question(text: str) -> bool:
    """Say whether something is asked; ``s/a/b/?`` is how people propose a word."""
    return text.endswith("?") and not text.endswith("/?")


def is_wide(line: str) -> bool:
    """Say whether a sentence is too wide; what cannot be broken is not."""
    return len(line) > WIDTH and " " in line[:WIDTH] and not line[0].isspace()


def in_order(quotes: Sequence[str], reply: Reply) -> bool:
    """Say whether the quotes are lines of the mail, in its order."""
    rest = iter([printable(line)[:80] for line in reply.message.lines])
    return all(quote[:80] in rest for quote in quotes)


def twice(words: Sequence[str]) -> list[str]:
    """Return what is said more than once, but for "Same here"."""
    counts = Counter(text for text in words if not text.startswith("Same here"))
    return [text for text, count in counts.items() if count > 1]


def is_loose(reply: Reply) -> bool:
    """Say whether a remark follows a cut, so that its line is not above it."""
    return any(
        isinstance(after, Remark) and not isinstance(before, (Quote, Remark))
        for before, after in pairwise(reply.blocks)
    )


def table(seen: Sequence[Seen]) -> int:
    """Print the figures; return 1 if a bound is broken."""
    faults = Counter(fault for one in seen for fault in one.faults)
    rows: dict[str, list[float]] = {
        "share of the mail quoted": [one.share for one in seen],
        "lines quoted": [one.quoted for one in seen],
        "lines of the reply": [one.lines for one in seen],
        "remarks a mail": [one.remarks for one in seen],
        "sentences a remark, at most": [one.sentences for one in seen],
    }
    print(f"{'':30}{'median':>8}{'90 %':>8}{'most':>8}")
    for name, values in rows.items():
        if values:
            ordered = sorted(values)
            high = ordered[int(len(ordered) * 0.9)]
            print(f"{name:30}{median(ordered):8.2f}{high:8.2f}{ordered[-1]:8.2f}")
    print(f"over five remarks: {sum(one.remarks > USUAL for one in seen)}")
    for fault, count in sorted(faults.items()):
        print(f"out of bounds: {count:5} {fault}")
    print("all within bounds" if not faults else "NOT within bounds")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
