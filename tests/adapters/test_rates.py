# SPDX-License-Identifier: GPL-2.0-or-later
"""Rates: of what, what became of it, where and when; and each mail counts once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from patchlint.adapters.inputs import InputError
from patchlint.adapters.rulebook import rulebook
from patchlint.adapters.scan import archives
from patchlint.adapters.scan.digest import digest
from patchlint.adapters.scan.job import Terms
from patchlint.adapters.scan.run import local, scan
from patchlint.adapters.scan.store import Manifest, Store

pytest.importorskip("pyarrow")
RULES = (
    "asm/sym-pairing",
    "msg/doubled-word",
    "series/version-history",
    "x86/guard-drift",
)
MAIL = """\
From mboxrd@z Thu Jan  1 00:00:00 1970
From: A B <a@b.example>
Date: Wed, 1 Jan {year} 12:00:{second:02} +0000
Message-ID: <{own}>
Subject: [{word}] ring: Check the index

{log}

Signed-off-by: A B <a@b.example>
---
diff --git a/ring.c b/ring.c
index 1234567..89abcde 100644
--- a/ring.c
+++ b/ring.c
@@ -1,3 +1,4 @@ int ring(int index)
 {{
+\tcheck(index);
 \treturn index;
 }}

"""
BAD, GOOD = "Check the the index.", "Check the index."


def mail(own: str, log: str, word: str = "PATCH", year: int = 2020) -> str:
    return MAIL.format(own=own, log=log, word=word, year=year, second=len(own))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a scan: a first version on two lists, a second one, what was merged."""
    top = tmp_path_factory.mktemp("rates")
    first, second = mail("1@x", BAD), mail("22@x", GOOD, "PATCH v2", 2021)
    (top / "mm.mbox").write_text(first + second)
    (top / "x86.mbox").write_text(first)
    (top / "tip.mbox").write_text(mail("tip@x", GOOD, year=2022))
    boxes = [str(top / name) for name in ("mm.mbox", "x86.mbox")]
    found = (
        *archives.find(boxes),
        *archives.find([str(top / "tip.mbox")], accepted=True),
    )
    manifest = Manifest(Terms(rules=RULES, digest=digest(RULES)), found)
    outcome = scan(Store(top / "out"), manifest, local(1), lambda _: None)
    assert (outcome.read, outcome.failed) == (4, [])
    return top / "out"


def told(folder: Path) -> dict[str, dict[str, object]]:
    """Return the rates as the file has them."""
    from patchlint.adapters.scan.rates import rates
    from patchlint.adapters.scan.rates_text import toml

    cards = [card for card in rulebook().cards if card.id in RULES]
    found: dict[str, dict[str, object]] = tomllib.loads(toml(rates([folder], cards)))
    return found


def test_a_mail_on_two_lists_counts_once(folder: Path) -> None:
    rules = told(folder)["rules"]

    assert rules["msg/doubled-word"] == {
        "of": "mails",
        "posted": [2, 1],
        "superseded": [1, 1],
        "accepted": [1, 0],
        "not_checked": 0,
        "years": {"2020": [1, 1], "2021": [1, 0], "2022": [1, 0]},
        "lists": {"mm": [2, 1], "x86": [1, 1]},
        "examples": ["1@x"],
    }


def test_what_was_not_checked_was_not_looked_at(folder: Path) -> None:
    rules = told(folder)["rules"]

    drift, pairing = rules["x86/guard-drift"], rules["asm/sym-pairing"]
    assert isinstance(drift, dict)
    assert isinstance(pairing, dict)
    assert (drift["posted"], drift["not_checked"]) == ([0, 0], 3)
    assert (pairing["posted"], pairing["not_checked"]) == ([0, 0], 0)


def test_a_rule_over_postings_counts_postings(folder: Path) -> None:
    history = told(folder)["rules"]["series/version-history"]

    assert isinstance(history, dict)
    assert (history["of"], history["posted"]) == ("postings", [2, 1])


def test_it_says_what_it_rests_on(folder: Path) -> None:
    scan = told(folder)["scan"]

    assert scan["patches"] == {"posted": 2, "superseded": 1, "accepted": 1}
    assert (scan["mails"], scan["evidence"]) == (4, "mail")
    assert scan["lists"] == ["mm", "tip", "x86"]


def test_it_is_told_to_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from patchlint.cli.main import main

    assert main(["rates", str(folder), "--rules", "msg/doubled-word"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("4 mails; patches: 2 posted, 1 superseded, 1 accepted;")
    assert "1/2 50.00%" in out


def test_where_there_is_no_scan_it_is_said(tmp_path: Path) -> None:
    from patchlint.adapters.scan.rates import rates

    with pytest.raises(InputError, match="there is no scan"):
        rates([tmp_path], ())
