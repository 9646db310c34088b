# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults planted at random in small bases are found, harmless changes are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.model import Family
from tests.mutants.run import FAMILIES, code_rules, measure, named_in_cards
from tests.mutants.sources import Tree

SEED = 6
COUNT = 3
TREE = Tree(Path(__file__).parent / "bases", SEED, frozenset())
RULES = code_rules()
KNOWN = [f for f in FAMILIES if any(r.card.id in f.rules for r in RULES)]


@pytest.mark.parametrize("family", KNOWN, ids=lambda family: family.name)
def test_planted_faults_are_found_and_twins_are_silent(family: Family) -> None:
    row = measure(family, TREE, RULES, COUNT, SEED)
    missed = [str(mutant) for mutant in row.missed]

    assert row.mutants
    assert row.crashes == []
    assert missed == [] or row.recall >= family.floor
    assert [f"{n.what}: {n.finding.message}" for n in row.noise] == []


def test_the_bases_are_not_known_to_the_cards() -> None:
    names = {code.name for family in KNOWN for code in TREE.codes(family)}

    assert not {name for name in names if "_" in name} & named_in_cards()
