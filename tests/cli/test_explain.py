# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from patchlint.adapters.cards import builtin_cards, load_card, load_cards
from patchlint.cli.explained import explained
from patchlint.cli.main import main
from patchlint.lint.card import Card
from tests.report.made import is_visible
from tools import rule_docs

ROOT = Path(__file__).parents[2]
CARDS = load_cards(builtin_cards())


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_rule_says_all_that_a_reader_asks(card: Card) -> None:
    said = explained(card, whole=True)
    page = rule_docs.page(card)

    for title in ("Why", "Instead", "Reported", "Not reported", "References"):
        assert f"\n{title}" in said
        assert f"\n## {title}" in page
    assert f"ignore {card.id} --" in said
    assert f"ignore {card.id} --" in page
    assert f"| needs | {card.evidence} |" in page
    assert is_visible(said)
    ours = [line for line in said.splitlines() if not line.startswith("    | ")]
    assert max(len(line) for line in ours if "/" not in line) <= 80


def test_the_name_without_its_group_will_do(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "guard-drift", "msg/also-opener"]) == 0

    said = capfd.readouterr().out
    assert said.startswith("x86/guard-drift\n")
    assert "\n\nmsg/also-opener\n" in said
    assert said.count("more with --all)") >= 2


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("x86/gard-drift", "(is it x86/guard-drift?)"),
        ("gard-drift", "(is it x86/guard-drift?)"),
        ("c/guard-drift", "x86/guard-drift"),
        ("\x1b[31m", "(see patchlint rules)"),
    ],
)
def test_an_unknown_rule_ends_with_2_and_those_like_it(
    name: str, hint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", name]) == 2

    said = capfd.readouterr().err
    assert said.startswith("patchlint: no rule is called ")
    assert hint in said
    assert said.count("\n") == 1
    assert is_visible(said)


def test_rules_are_listed(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    names = [line.split()[0] for line in capfd.readouterr().out.splitlines()]
    assert names == [card.id for card in CARDS]

    assert main(["rules", "x86", "msg/also"]) == 0
    names = [line.split()[0] for line in capfd.readouterr().out.splitlines()]
    assert names[0] == "msg/also-opener"
    assert all(name.startswith("x86/") for name in names[1:])

    assert main(["rules", "x87/"]) == 2


def test_rules_as_json_are_as_the_schema_has_them(
    capfd: pytest.CaptureFixture[str],
) -> None:
    main(["rules", "--format", "json"])
    value = json.loads(capfd.readouterr().out)
    schema = json.loads((ROOT / "docs/schema/rules-v1.json").read_text("utf-8"))

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(value)
    assert [rule["id"] for rule in value["rules"]] == [card.id for card in CARDS]


def test_one_card_is_read_as_among_all() -> None:
    card = load_card(builtin_cards(), CARDS[0].id)

    assert (card.summary, card.bad, card.good) == (
        CARDS[0].summary,
        CARDS[0].bad,
        CARDS[0].good,
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "checkpatch/LONG_LINE",
            "Documentation/dev-tools/checkpatch.rst of Linux says",
        ),
        ("coccinelle/misc-a", "coccinelle/misc-a: coccinelle says what it means"),
    ],
)
def test_what_other_programs_say_they_explain_themselves(
    name: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", name]) == 2
    assert said in capfd.readouterr().err
