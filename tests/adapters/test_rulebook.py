# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards are read once, and again when anything of them changes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchlint.adapters import rulebook as module
from patchlint.adapters.cards import load_profiles, load_rules
from patchlint.adapters.rulebook import Rulebook, packed, parsed
from patchlint.lint.card import CardError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rules"
    for part in ("msg", "tables", "profiles"):
        shutil.copytree(ROOT / "rules" / part, folder / part)
    for profile in (folder / "profiles").glob("*.toml"):
        profile.write_text("# SPDX-License-Identifier: GPL-2.0-or-later\n")
    monkeypatch.setattr(module, "builtin_cards", lambda: folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def again() -> Rulebook:
    module.rulebook.cache_clear()
    return module.rulebook()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    module.rulebook.cache_clear()
    yield
    module.rulebook.cache_clear()


def kept(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache/patchlint").glob("*"))


def test_kept_rules_are_the_parsed_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first, second = again(), again()
    rules = {rule.card.id: rule.card for rule in load_rules()}

    assert [rule.card.id for rule in second.rules()] == list(rules)
    assert second.profiles == first.profiles == load_profiles()
    for rule in second.rules():
        whole = rules[rule.card.id]
        assert rule.card.options.values == whole.options.values
        assert rule.card.why == whole.why
        assert not rule.card.bad


def test_a_changed_card_is_read_again(cards: Path) -> None:
    assert "msg/also-opener" in {card.id for card in again().cards}
    (cards / "msg/also-opener.toml").unlink()

    assert "msg/also-opener" not in {card.id for card in again().cards}


def test_a_wrong_card_is_named(cards: Path) -> None:
    again()
    (cards / "msg/also-opener.toml").write_text("summary = 3\n")

    with pytest.raises(CardError, match="msg/also-opener: summary"):
        again()


@pytest.mark.parametrize("data", [b"", b"\x93\x01\x02", b"\xc1", b"x" * 1000])
def test_a_broken_file_is_made_again(cards: Path, data: bytes) -> None:
    whole = again()
    (path,) = kept(cards)
    path.write_bytes(data)

    assert packed(again()) == packed(whole)
    assert path.read_bytes() == packed(whole)


def test_only_the_latest_few_are_kept(cards: Path) -> None:
    for second in range(8):
        os.utime(cards / "msg/also-opener.toml", (second, second))
        again()

    assert len(kept(cards)) == 4


def test_no_cache_is_no_trouble(cards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cards.parent / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cards.parent / "file"))

    assert packed(again()) == packed(parsed(cards))


def test_what_a_package_brings_is_used(cards: Path) -> None:
    book = parsed(cards)
    (cards / module.PACKED).write_bytes(packed(Rulebook(book.cards[:1], ())))

    assert len(again().cards) == 1
    assert not kept(cards)
