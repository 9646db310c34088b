# SPDX-License-Identifier: GPL-2.0-or-later
"""Plant, review, and say whether what was planted was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from patchlint.adapters.cards import builtin_cards, load_rules
from patchlint.lint.engine import run
from patchlint.lint.rule import Rule
from patchlint.model.finding import Evidence, Finding, Severity
from patchlint.series.tree import NoTrees, TreeSource
from tests.mails import Blobs, diff, one_patch
from tests.mutants import asm, comments, guards, pairs, regions
from tests.mutants.model import Family, Files, Mutant
from tests.mutants.sources import Tree
from tests.mutants.twins import twin

FAMILIES = (
    *regions.FAMILIES, *guards.FAMILIES, *pairs.FAMILIES, *asm.FAMILIES,
    *comments.FAMILIES,
)  # fmt: skip
_TRIES = 400


@dataclass(frozen=True, slots=True)
class Noise:
    """A finding on a change that does no harm."""

    mutant: Mutant
    what: str
    finding: Finding
    before: Files
    after: Files


@dataclass(slots=True)
class Row:
    """What came of one family."""

    family: Family
    mutants: list[Mutant] = field(default_factory=list)
    missed: list[Mutant] = field(default_factory=list)
    noise: list[Noise] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    twins: int = 0
    there: bool = True

    @property
    def recall(self) -> float:
        """The share that was found."""
        return 1 - len(self.missed) / len(self.mutants) if self.mutants else 0.0


def code_rules() -> tuple[Rule, ...]:
    """Return the rules that some family is about."""
    wanted = {rule for family in FAMILIES for rule in family.rules}
    return tuple(rule for rule in load_rules() if rule.card.id in wanted)


def named_in_cards() -> frozenset[str]:
    """Return every word of every card: no function of these names is taken."""
    folder = Path(str(builtin_cards()))
    texts = [p.read_text("utf-8") for p in sorted(folder.rglob("*.toml"))]
    return frozenset(re.findall(r"[A-Za-z_]\w+", "\n".join(texts)))


def measure(
    family: Family, tree: Tree, rules: Sequence[Rule], count: int, seed: int
) -> Row:
    """Plant up to ``count`` mutants of a family, each in another function.

    Only rules that cannot do without see the tree: to index it takes long.
    """
    row = Row(family)
    own = [rule for rule in rules if rule.card.id in family.rules]
    row.there = bool(own)
    if not row.there:
        return row
    far = any(rule.card.evidence is Evidence.TREE for rule in own)
    around = tree.around if far else NoTrees()
    for mutant in mutants(family, tree, count, seed):
        row.mutants.append(mutant)
        planted = mutant.planted
        found, crashes = review(planted.before, planted.after, rules, around)
        row.crashes += crashes
        if not any(is_it(finding, mutant) for finding in found):
            row.missed.append(mutant)
        for what, before, after in harmless(mutant, seed):
            row.twins += 1
            said, crashes = review(before, after, rules, around)
            row.crashes += crashes
            row.noise += [Noise(mutant, what, f, before, after) for f in said]
    return row


def mutants(family: Family, tree: Tree, count: int, seed: int) -> Iterator[Mutant]:
    """Yield mutants of a family, the same for the same tree and seed."""
    made = 0
    for number, code in enumerate(tree.codes(family)):
        if made >= count or number > _TRIES * count:
            return
        rng = Random(f"{seed} {family.name} {code.label} {number}")  # noqa: S311
        planted = family.plant(code, rng)
        if planted is not None and planted.after != planted.before:
            made += 1
            yield Mutant(family, code, planted, made)


def harmless(mutant: Mutant, seed: int) -> Iterator[tuple[str, Files, Files]]:
    """Yield (what, before, after): a near miss of the fault, and a twin."""
    planted, code = mutant.planted, mutant.code
    if planted.near is not None and planted.near != planted.before:
        yield "near miss", planted.before, planted.near
    rng = Random(f"{seed} twin {code.label} {mutant.number}")  # noqa: S311
    if made := twin(code, rng):
        what, text = made
        yield what, code.tree(), {**code.tree(), code.path: text}


def review(
    before: Files, after: Files, rules: Sequence[Rule], around: TreeSource
) -> tuple[list[Finding], list[str]]:
    """Review one patch with whole files; return what is said aloud, and crashes."""
    report = run(rules, [one_patch(before, after)], Blobs(before), around)
    loud = [f for f in report.findings if f.severity > Severity.NOTE]
    return loud, [crash.error for crash in report.crashes]


def is_it(finding: Finding, mutant: Mutant) -> bool:
    """Say whether a finding is about what was planted."""
    if finding.rule not in mutant.family.rules:
        return False
    texts = (finding.message, finding.quote, *(step.text for step in finding.trace))
    return any(mutant.planted.culprit in text for text in texts)


def write(mutant: Mutant, folder: Path) -> Path:
    """Write a mutant as two trees and a patch, to be looked at by hand."""
    name = re.sub(r"\W+", "-", str(mutant))[:120]
    return write_pair(folder / name, mutant.planted.before, mutant.planted.after)


def write_pair(folder: Path, before: Files, after: Files) -> Path:
    """Write two trees and the patch between them."""
    for side, files in (("a", before), ("b", after)):
        for path, text in files.items():
            target = folder / side / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8", "surrogateescape"))
    patch = diff(before, after).encode("utf-8", "surrogateescape")
    (folder / "change.patch").write_bytes(patch)
    return folder
