# SPDX-License-Identifier: GPL-2.0-or-later
"""The habits of the house, as tests."""

from __future__ import annotations

import ast
import re
import subprocess
from inspect import signature
from pathlib import Path

import pytest

from patchlint.adapters.cards import builtin_cards, load_cards
from patchlint.checks import BUILTIN, found
from tests.examples import case

ROOT = Path(__file__).parents[1]
CARDS = load_cards(builtin_cards())
SPDX = "SPDX-License-Identifier: GPL-2.0-or-later"
CODE = (".py", ".toml", ".S", ".c", ".h", ".rst", ".md", ".yml")
WITHOUT = ("series.mbox", "LICENSE")


def tracked() -> list[Path]:
    """Return the files of the project; an unpacked archive has no git to ask."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.splitlines()]


def test_every_check_has_a_card_and_every_card_a_check() -> None:
    scopes = (BUILTIN.message, BUILTIN.patch, BUILTIN.program)
    tables = (*scopes, BUILTIN.series, BUILTIN.version)
    known = {name for table in tables for name in table}

    assert known == {card.check for card in CARDS}


@pytest.mark.parametrize(
    ("scope", "first"),
    [
        ("message", "MessageContext"),
        ("patch", "PatchContext"),
        ("program", "Program"),
        ("series", "SeriesContext"),
        ("version", "VersionContext"),
    ],
)
def test_checks_are_there_and_take_what_their_scope_gives(
    scope: str, first: str
) -> None:
    for check in getattr(BUILTIN, scope).values():
        taken = [
            p.annotation for p in signature(found(check.where)).parameters.values()
        ]

        assert taken == [first, "Options"], check.where


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_card_is_well_kept(card: object) -> None:
    (made,) = (c for c in CARDS if c is card)
    assert made.summary[0].isupper()
    assert made.summary.endswith(".")
    assert len(made.summary) <= 72
    assert made.bad
    assert made.good
    assert made.references
    assert made.false_positives
    assert made.measured or made.status != "stable"


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_examples_of_a_card_are_readable_series(card: object) -> None:
    (made,) = (c for c in CARDS if c is card)
    for example in (*made.bad, *made.good):
        if made.check == "unreadable_diff" and example in made.bad:
            continue
        series = case(example).series
        assert example.mail or all(patch.defects == () for patch in series.patches)


def test_every_file_names_its_licence_first() -> None:
    missing = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in CODE and path.name not in WITHOUT and path.exists()
        if not any(SPDX in line for line in path.read_text("utf-8").split("\n")[:2])
    ]

    assert missing == []


def test_no_file_names_a_place_of_one_machine() -> None:
    pattern = re.compile(r"(?<![\w.$])/(?:home|root|work|Users)/\w")
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in tracked()
        if path.suffix in (*CODE, "")
        and path.exists()
        and path.name != Path(__file__).name
        for line in path.read_text("utf-8").split("\n")
        if pattern.search(line)
    ]

    assert found == []


def test_only_the_engine_catches_what_a_rule_or_a_series_dies_of() -> None:
    broad = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or ast.unparse(node.type) in ("Exception", "BaseException")
        )
    ]

    names = [name.split(":")[0] for name in broad]
    assert names == ["children.py", "engine.py", "rule.py"]
