# SPDX-License-Identifier: GPL-2.0-or-later
"""What the pages on settings and on rules of others show can be copied as it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from patchlint.cli.main import main
from patchlint.lint.settings_keys import KEYS
from tests.mails import patch_mail

DOCS = Path(__file__).parents[1] / "docs"
SETTINGS = (DOCS / "settings.md").read_text("utf-8")
RULES = (DOCS / "third-party-rules.md").read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "patchlint"
    folder.mkdir(parents=True)
    return folder


def test_the_settings_of_the_page_are_valid(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (config / "config.toml").write_text(blocks(SETTINGS, "toml")[0], "utf-8")

    assert main(["config"]) == 0
    assert f"{config / 'config.toml'}:" in capfd.readouterr().out


def test_every_key_is_on_the_page() -> None:
    assert [key for key in KEYS if f"`{key}`" not in SETTINGS] == []


def test_the_card_of_the_page_passes(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    card = config / "cards" / "acme" / "old-read.toml"
    card.parent.mkdir(parents=True)
    card.write_text(blocks(RULES, "toml")[0], "utf-8")

    assert main(["test", str(config / "cards")]) == 0
    assert capfd.readouterr().out in RULES


def test_the_check_of_the_page_finds_something(
    config: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    card = config / "cards" / "acme" / "shouting.toml"
    card.parent.mkdir(parents=True)
    text = blocks(RULES, "toml")[0].replace('"added_text"', '"shouting"')
    card.write_text(text, "utf-8")
    (config / "config.toml").write_text(blocks(RULES, "toml")[1], "utf-8")
    (config / "mine.py").write_text(blocks(RULES, "python")[0], "utf-8")
    diff = "--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-int a;\n+int b;\n"
    mail = patch_mail("Why.\n", diff, "[PATCH] RING: DO IT")
    (tmp_path / "mail").write_text(mail, "utf-8")

    main(["--select", "acme", "mail"])
    assert "No need to shout. [acme/shouting]" in capfd.readouterr().out
