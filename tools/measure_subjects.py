# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how often the proposed subject is the one that maintainers wrote.

Usage: measure_subjects.py [--show]. Reads subjects as posted and as applied beside the
checkout; the diff comes from the accepted patches there, where they have the patch.
The history of a file are the accepted patches of before.
The pairs are split in two by the posting: `tune` may be looked at, `held` may not.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from patchlint.adapters.cards import load_rules
from patchlint.analysis.prefix import prefix_of, rest_of
from patchlint.lint.context import Contexts, contexts
from patchlint.lint.rule import Rule
from patchlint.model.finding import Finding
from patchlint.model.series import Patch
from patchlint.pipeline import read
from patchlint.series.history import NoHistory
from patchlint.series.images import NoSource

SHARED = Path(__file__).parents[2] / "shared/corpus"
PAIRS = SHARED / "reviews/tip_touchups.jsonl.gz"
ACCEPTED = SHARED / "accepted/tip-before-2024.mboxrd"


@dataclass(frozen=True)
class Pair:
    """A subject as posted and as applied, and what the rules propose.

    ``is_known`` says that the diff is at hand.
    """

    half: str
    posted: str
    applied: str
    proposed: str
    is_known: bool

    @property
    def kinds(self) -> list[tuple[str, bool]]:
        """Return what was changed, or not, and whether the proposal has it right."""
        old, new, ours = map(prefix_of, (self.posted, self.applied, self.proposed))
        first_old, first_new, first_ours = (
            rest_of(s)[1][:1] for s in (self.posted, self.applied, self.proposed)
        )
        kinds = [("prefix" if old != new else "prefix kept", ours == new)]
        if old != new and self.is_known:
            kinds.append(("prefix, with its files", ours == new))
        if first_old != first_new and first_old.upper() == first_new:
            kinds.append(("first letter", first_ours == first_new))
        if first_new.islower():
            kinds.append(("first letter kept small", first_ours == first_new))
        if self.posted != self.applied and self.posted.lower() == self.applied.lower():
            kinds.append(("case, whole subject", self.proposed == self.applied))
        return kinds


class Past(NoHistory):
    """The accepted patches of before a day, in place of a repository's history."""

    def __init__(self, patches: Sequence[Patch]):
        """Remember which subjects touched a file, newest first."""
        self._touched: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for patch in sorted(patches, key=_day, reverse=True):
            for path in patch.touched:
                entry = (_day(patch), patch.message.subject.text)
                self._touched[path].append(entry)
        self.before = 0.0

    def subjects(
        self,
        commit: str,  # noqa: ARG002
        paths: Sequence[str],
    ) -> tuple[str, ...] | None:
        """Return the subjects that touched any file before the day."""
        found = sorted({entry for path in paths for entry in self._touched[path]})
        early = [subject for day, subject in found if day < self.before]
        return tuple(early[-40:])


def _day(patch: Patch) -> float:
    return parsedate_to_datetime(patch.message.date).timestamp()


def main() -> int:
    """Print how many of each kind are right."""
    if not PAIRS.exists():
        print(f"measure-subjects: {PAIRS} is not here; nothing measured")
        return 0
    rules = {rule.card.id: rule for rule in load_rules()}
    asked = [rules["msg/subject-prefix"], rules["msg/subject-case"]]
    diffs = _accepted()
    past = Past(list(diffs.values()))
    counts: Counter[tuple[str, str, bool]] = Counter()
    with gzip.open(PAIRS, "rt", encoding="utf-8") as lines:
        for line in lines:
            pair = _pair(json.loads(line), diffs, asked, past)
            for kind, is_right in pair.kinds:
                counts[kind, pair.half, is_right] += 1
                if not is_right and "--show" in sys.argv and pair.half == "tune":
                    print(f"{kind}: {pair.posted!r} -> {pair.applied!r}")
                    print(f"    ours: {pair.proposed!r}")
    for kind, half in sorted({(kind, half) for kind, half, _ in counts}):
        right, wrong = counts[kind, half, True], counts[kind, half, False]
        share = 100 * right / (right + wrong)
        print(f"{kind:24} {half:5} {right:5} of {right + wrong:5} {share:6.1f} %")
    return 0


def _accepted() -> Mapping[str, Patch]:
    return {
        patch.message.subject.text: patch
        for series in read([ACCEPTED.read_bytes()])
        for patch in series.patches
    }


def _pair(
    row: dict[str, str], diffs: Mapping[str, Patch], asked: list[Rule], past: Past
) -> Pair:
    posting = row["posted_msgid"].split("-")[0]
    digest = hashlib.sha1(posting.encode(), usedforsecurity=False).digest()
    half = ("held", "tune")[digest[-1] % 2]
    posted, applied = row["subject_posted"], row["subject_applied"]
    proposed, patch = posted, diffs.get(applied)
    past.before = _day(patch) if patch else 0.0
    for rule in asked:
        laid_out = _laid_out(proposed, row["body_posted"], patch, past)
        found = [r for r in rule.apply(laid_out) if isinstance(r, Finding)]
        proposed = found[0].suggestion if found else proposed
    return Pair(half, posted, applied, proposed, patch is not None)


def _laid_out(subject: str, body: str, patch: Patch | None, past: Past) -> Contexts:
    rows = [patch.message.line(n) for n in patch.parts.diff] if patch else []
    diff = "\n".join(rows)
    mail = f"From: A <a@b.c>\nSubject: [PATCH] {subject}\n\n{body}\n---\n{diff}\n"
    (series,) = read([mail.encode("utf-8", "surrogateescape")])
    return contexts(series, NoSource(), history=past)


if __name__ == "__main__":
    sys.exit(main())
