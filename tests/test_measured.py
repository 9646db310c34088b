# SPDX-License-Identifier: GPL-2.0-or-later
"""What was measured of the rules: nothing is stable without it, and pages show it."""

from __future__ import annotations

import tomllib

import pytest

from patchlint.adapters.cards import builtin_cards, load_cards
from tools.rule_rates import ENOUGH, looked, measured, section

CARDS = load_cards(builtin_cards())
FOUND = measured()
FILE = tomllib.loads(
    """
[scan]
evidence = "mail"
mails = 900
lists = ["mm", "x86"]
[rules."msg/x"]
of = "mails"
posted = [400, 8]
superseded = [100, 4]
accepted = [50, 0]
not_checked = 3
years = { "2021" = [150, 8], "2020" = [300, 0] }
lists = { "mm" = [90, 9], "x86" = [10, 2] }
examples = ["1@x.example", "7991ed43587d@tip"]
"""
)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_rule_without_rates_is_not_stable(card: object) -> None:
    (made,) = (c for c in CARDS if c is card)

    assert made.status != "stable" or looked(made.id, FOUND) >= ENOUGH


def test_each_entry_is_of_a_rule_and_adds_up() -> None:
    ids = {card.id for card in CARDS}
    for rule, entry in FOUND["rules"].items():
        assert rule in ids, "rules/measured.toml: no rule is called that"
        pairs = [entry["posted"], entry["superseded"], entry["accepted"]]
        pairs += [*entry["years"].values(), *entry["lists"].values()]
        assert all(0 <= fired <= of for of, fired in pairs), rule
        assert entry["superseded"][0] <= entry["posted"][0]


def test_a_page_shows_it() -> None:
    shown = section("msg/x", FILE)

    assert looked("msg/x", FILE) == 450
    assert f"| superseded | 100 | 4 | 4.00 % | {'█' * 15} |\n" in shown
    assert f"| 2021 | 150 | 8 | 5.33 % | {'█' * 20} |\n" in shown
    assert "Most on: x86 (20.00 %), mm (10.00 %).\n" in shown
    assert "<https://lore.kernel.org/all/1@x.example/>, commit 7991ed43587d" in shown
    assert "3 more could not be checked" in shown
    assert shown.index("| 2020 |") < shown.index("| 2021 |")


def test_a_page_of_what_was_not_measured_says_nothing() -> None:
    assert section("msg/y", FILE) == ""
