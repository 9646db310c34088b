# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules of others: folders of cards, in settings and tried on their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.adapters.repo import make_repository
from tests.mails import diff, patch_mail

CARD = r'''# SPDX-License-Identifier: GPL-2.0-or-later
summary = "New code calls acme_old_read()."
why = "It is going away, see the porting notes of acme."
fix = "Call acme_read()."
severity = "warning"
confidence = "high"
status = "testing"
scope = "message"
evidence = "mail"
check = "added_text"
references = ["https://example.org/acme/porting"]
false_positives = ["None known."]

[options]
files = ['\.c$']
texts = ['\bacme_old_read\b']
say = "{text}() is going away: acme_read()."

[[bad]]
c = """
int old = acme_old_read();
          ^^^^^^^^^^^^^ is going away
"""

[[good]]
c = """
int new = acme_read();
"""
'''
OLD = {"a.c": "int f(void)\n{\n}\n"}
NEW = {"a.c": "int f(void)\n{\n\treturn acme_old_read();\n}\n"}
LOG = "Say why.\n\nSigned-off-by: A Dev <dev@example.org>\n"
RULE = "acme/old-read"


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    return write(tmp_path / "cards", CARD)


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    path = tmp_path / "mail.eml"
    path.write_text(patch_mail(LOG, diff(OLD, NEW), "[PATCH] area: Do it"), "utf-8")
    monkeypatch.chdir(tmp_path)
    return str(path)


def write(folder: Path, text: str) -> Path:
    (folder / "acme").mkdir(parents=True, exist_ok=True)
    (folder / "acme" / "old-read.toml").write_text(text, "utf-8")
    return folder


def user(text: str, **files: str) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "patchlint"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, "utf-8")
    for name, inner in files.items():
        (folder / f"{name}.py").write_text(inner, "utf-8")


@pytest.fixture(autouse=True)
def settings_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def rules(capfd: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    capfd.readouterr()
    main(["--format", "json", *arguments])
    told = capfd.readouterr()
    assert told.err == ""
    return [finding["rule"] for finding in json.loads(told.out)["findings"]]


def test_a_folder_of_cards_is_enough(
    cards: Path, mail: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert RULE not in rules(capfd, mail)
    assert RULE in rules(capfd, "--cards", str(cards), mail)
    assert rules(capfd, "--cards", str(cards), "--select", "acme", mail) == [RULE]


def test_the_file_of_the_user_names_folders_beside_it(
    mail: str, capfd: pytest.CaptureFixture[str]
) -> None:
    user('cards = ["mine"]\n')
    write(Path(os.environ["XDG_CONFIG_HOME"]) / "patchlint" / "mine", CARD)

    assert RULE in rules(capfd, mail)


def test_a_tree_names_folders_of_its_own_commit(
    tmp_path: Path, mail: str, capfd: pytest.CaptureFixture[str]
) -> None:
    files = {
        ".patchlint.toml": b'cards = ["tools/cards"]\n',
        "tools/cards/acme/old-read.toml": CARD.encode(),
        "a.c": OLD["a.c"].encode(),
    }
    repo = make_repository(tmp_path / "repo", files)
    (repo / "tools/cards/acme/old-read.toml").unlink()

    assert RULE in rules(capfd, "--repo", str(repo), mail)


CHECK = """
from patchlint.lint.bind import Checks
from patchlint.model.finding import Match
from patchlint.model.location import InMessage, Span

def shout(context, options):
    yield Match(InMessage(Span(context.message.subject.line)), "Shout!")

CHECKS = Checks(message={"shout": shout})
"""


def test_checks_come_from_the_file_of_the_user(
    cards: Path, mail: str, capfd: pytest.CaptureFixture[str]
) -> None:
    write(cards, CARD.replace('"added_text"', '"shout"'))
    user('checks = ["mine.py"]\n', mine=CHECK)

    assert RULE in rules(capfd, "--cards", str(cards), mail)


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ('checks = ["nowhere.py"]\n', "", "nowhere.py"),
        ('checks = ["mine.py"]\n', "x = 1\n", "has no CHECKS"),
        ('checks = ["mine.py"]\n', "import nothing_of_that_name\n", "nothing_of_that"),
        (
            'checks = ["mine.py"]\n',
            CHECK.replace('"shout"', '"added_text"'),
            "there is a check of that name: added_text",
        ),
    ],
)
def test_what_is_wrong_with_checks_is_told(
    mail: str, capfd: pytest.CaptureFixture[str], text: str, code: str, why: str
) -> None:
    user(text, mine=code)

    assert main([mail]) == 2
    assert why in capfd.readouterr().err


def test_a_rule_of_ours_is_not_replaced(
    cards: Path, mail: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (cards / "msg").mkdir()
    (cards / "msg" / "subject-period.toml").write_text(CARD, "utf-8")

    assert main(["--cards", str(cards), mail]) == 2
    assert "a rule of that name: msg/subject-period" in capfd.readouterr().err


def test_cards_are_tried(cards: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(cards)]) == 0
    assert capfd.readouterr().out == f"{RULE}: 2 examples: ok\n1 card, 0 wrong\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("^ is going away", "^ will stay", "missing: 'int old = acme_old_read();'"),
        ("new = acme_read", "new = acme_old_read", "good 1: noisy: "),
        ("          ^^^^^^^^^^^^^ is going away\n", "", "bad 1: has no carets"),
        ("[[good]]", "[[bad]]", "no good example"),
    ],
)
def test_what_is_wrong_with_a_card_is_told(
    cards: Path, capfd: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    assert old in CARD
    text = CARD.replace(old, new)
    write(
        cards,
        text
        if "[[good]]" in text
        else text.replace("[options]", "good = []\n[options]"),
    )

    assert main(["test", str(cards)]) == 1
    out = capfd.readouterr().out
    assert f"{RULE}: " in out
    assert said in out
    assert out.endswith("1 card, 1 wrong\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("summary = 3\n", "acme/old-read: summary: not a str"),
        (CARD.replace("fix =", "fxi ="), "fix: missing"),
        (CARD.replace(r"\bacme_old_read\b", "(a|a)*b"), "can take endless time"),
        (CARD.replace("added_text", "added_txt"), "no 'added_txt' of scope message"),
        ("a = " + "[" * 3000, "nested too deep"),
        ("#" + "x" * 5000, "a line of more than"),
        ("# x\n" * 20_000, "more than 64 KiB"),
    ],
)
def test_a_card_that_cannot_be_read_ends_with_2(
    cards: Path, capfd: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    write(cards, text)

    assert main(["test", str(cards)]) == 2
    assert why in capfd.readouterr().err
