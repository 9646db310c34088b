# SPDX-License-Identifier: GPL-2.0-or-later
"""A wrong card is refused, and the error names the rule and the key."""

from __future__ import annotations

import pytest

from patchlint.checks import BUILTIN
from patchlint.lint.bind import bind
from patchlint.lint.card import CardError, parse_card, parse_table
from patchlint.lint.options import OptionError, Options
from patchlint.model.finding import Confidence, Evidence, Severity

CARD = """
summary = "A thing is wrong."
why = "Because."
fix = "Mend it."
severity = "warning"
confidence = "high"
status = "testing"
scope = "message"
evidence = "mail"
check = "also_opener"
references = []

[[bad]]
message = "x"

[[good]]
message = "y"
"""


def test_a_card_is_read() -> None:
    card = parse_card(CARD, "msg/thing")

    assert (card.id, card.severity, card.confidence, card.evidence) == (
        "msg/thing",
        Severity.WARNING,
        Confidence.HIGH,
        Evidence.MAIL,
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('summary = "A thing is wrong."', "", "msg/thing: summary: missing"),
        ('why = "Because."', "why = 3", "msg/thing: why: not a str"),
        ('"warning"', '"loud"', "msg/thing: severity: not one of note, nit,"),
        ('"message"', '"tree"', "msg/thing: scope: not one of message, patch,"),
        ("references = []", "references = [1]", "references: not a list of strings"),
        ("references = []", "references = []\nnonsense = 1", "nonsense: not a key"),
        ('message = "x"', "message = 1", "example: message: not a str"),
        ('message = "x"', 'diff = "x"', "example: diff: not a key"),
        ('fix = "Mend it."', "fix = ", "msg/thing: Invalid value"),
        ("references = []", 'references = []\ntables = ["x"]', "tables: no 'x'"),
    ],
)
def test_a_wrong_card_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(CardError, match=r"^msg/thing: ") as error:
        parse_card(CARD.replace(old, new), "msg/thing")

    assert said in str(error.value)


def test_a_rule_is_called_group_and_kebab_name() -> None:
    with pytest.raises(CardError, match="group/kebab-name"):
        parse_card(CARD, "msg/Some_Thing")


def test_a_check_that_does_not_exist_is_refused() -> None:
    card = parse_card(CARD.replace("also_opener", "nothing"), "msg/thing")

    with pytest.raises(CardError, match="msg/thing: check: no 'nothing'"):
        bind(card, BUILTIN)


def test_tables_are_options_that_cards_share() -> None:
    tables = {"words": parse_table('words = ["a"]\nother = ["b"]', "words")}
    text = CARD.replace("references = []", 'references = []\ntables = ["words"]')
    card = parse_card(text + '\n[options]\nother = ["c"]\n', "msg/thing", tables)

    assert card.options.words("words") == ("a",)
    assert card.options.words("other") == ("c",)


def test_the_lists_of_two_tables_are_joined() -> None:
    tables = {
        "one": parse_table('words = ["a"]\nkey = "x"', "one"),
        "two": parse_table('words = ["b"]\nkey = "y"', "two"),
    }
    text = CARD.replace("references = []", 'references = []\ntables = ["one", "two"]')
    card = parse_card(text, "msg/thing", tables)

    assert card.options.words("words") == ("a", "b")
    assert card.options.text("key", "") == "y"


def test_a_broken_table_is_named() -> None:
    with pytest.raises(CardError, match="tables/words: "):
        parse_table("x =", "words")


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda options: options.number("a"), "options: a: not a number"),
        (lambda options: options.words("n"), "options: n: not a list of strings"),
        (lambda options: options.table("n"), "options: n: not a table"),
        (lambda options: options.pattern("p"), "options: p: "),
    ],
)
def test_a_wrong_option_is_named(read: object, said: str) -> None:
    options = Options({"n": 3, "p": ["("]})

    with pytest.raises(OptionError, match=said):
        read(options)  # type: ignore[operator]


def test_options_have_types() -> None:
    options = Options({"n": 3, "w": ["x", "y"], "t": {"k": ["v"]}})

    assert options.number("n") == 3
    assert options.table("t") == {"k": ("v",)}
    assert options.pattern("w").fullmatch("y")
