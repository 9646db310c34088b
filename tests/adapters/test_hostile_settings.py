# SPDX-License-Identifier: GPL-2.0-or-later
"""A repository of a stranger with settings: they are read as data, and run nothing.

Each attempt would leave a canary behind, or take for ever.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.adapters.repo import git, git_line, make_repository
from tests.adapters.test_hostile_repository import Stranger
from tests.cli.test_more_cards import CARD

FILE = ".patchlint.toml"
RANGE = ("--range", "HEAD~1..HEAD")
OLD, NEW = b"int a;\n", b"int b;\n"


class Tree:
    """A repository whose base has settings, and a program that writes a canary."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repo"
        self.canary = folder / "canary"
        self.program = folder / "run-me"
        self.program.write_text(f'#!/bin/sh\necho ran >> "{self.canary}"\n', "utf-8")
        self.program.chmod(0o755)
        self.module = f"from pathlib import Path\nPath({str(self.canary)!r}).touch()\n"

    def make(self, settings: str, **files: bytes) -> None:
        base = {FILE: settings.encode(), "a.c": OLD, **files}
        make_repository(self.folder, base, {**base, "a.c": NEW})

    def review(self, *arguments: str) -> int:
        return main(["--repo", str(self.folder), *RANGE, *arguments])


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    made = Tree(tmp_path)
    made.folder.mkdir()
    monkeypatch.chdir(made.folder)
    return made


@pytest.mark.parametrize(
    "line",
    [
        'checks = ["evil"]',
        'checks = ["evil.py"]',
        'baseline = "PROGRAM"',
        'engine = "PROGRAM"',
        'with = ["checkpatch"]',
        'with = ["PROGRAM"]',
        'format = "PROGRAM"',
        'output = "/tmp/x"',
        'evidence = "mail"',
        'fail-on = "error"',
        'audience = "list"',
        "jobs = 1000",
        "[limits]\nrule-seconds = 1e9",
        'profile = "evil.toml"',
        'cards = ["../cards"]',
        'cards = ["/tmp"]',
        'cards = [".git"]',
        'cards = ["nowhere"]',
        '[checkpatch]\nprogram = "PROGRAM"',
        'command = "PROGRAM"',
        'plugins = ["evil"]',
    ],
)
def test_a_tree_names_nothing_that_is_run_or_written(
    tree: Tree, capfd: pytest.CaptureFixture[str], line: str
) -> None:
    tree.make(line.replace("PROGRAM", str(tree.program)), **{"evil.py": b""})
    (tree.folder / "evil.py").write_text(tree.module, "utf-8")

    assert tree.review() == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert f"HEAD~1:{FILE}" in told.err
    assert not tree.canary.exists()


def test_git_config_of_a_repository_names_nothing_either(
    tree: Tree, capfd: pytest.CaptureFixture[str]
) -> None:
    tree.make("")
    for key, value in {
        "checks": "evil",
        "baseline": str(tree.program),
        "cards": str(tree.folder),
        "format": "reply",
        "with": "checkpatch",
        "profile": "evil.toml",
    }.items():
        git(tree.folder, "config", f"patchlint.{key}", value)

        assert tree.review() == 2
        assert f"git config --local patchlint.{key}" in capfd.readouterr().err
        git(tree.folder, "config", "--unset", f"patchlint.{key}")


def test_an_include_does_not_make_it_more_trusted(
    tree: Tree, capfd: pytest.CaptureFixture[str]
) -> None:
    tree.make("")
    (tree.folder / ".git" / "more").write_text("[patchlint]\n\tbaseline = x\n", "utf-8")
    git(tree.folder, "config", "include.path", "more")

    assert tree.review() == 2
    assert "git config --local patchlint.baseline" in capfd.readouterr().err


def test_settings_are_not_read_out_of_the_work_tree(tree: Tree) -> None:
    tree.make("")
    (tree.folder / FILE).write_text('checks = ["evil"]\n', "utf-8")

    assert tree.review() in (0, 1)


@pytest.mark.parametrize("name", [FILE, "a.c"])
def test_a_symbolic_link_is_no_file(tree: Tree, name: str) -> None:
    """A link in the commit, to a file that would be an error if it was read."""
    secret = tree.folder.parent / "secret"
    secret.write_text("not = [toml\n", "utf-8")
    make_repository(tree.folder, {"b.c": OLD})
    (tree.folder / name).symlink_to(secret)
    git(tree.folder, "add", "-A")
    git(tree.folder, "commit", "-qm", "area: link")
    git(tree.folder, "commit", "-q", "--allow-empty", "-m", "area: nothing")

    assert main(["config", "--repo", str(tree.folder)]) == 0


def test_a_folder_of_cards_that_is_a_link_has_no_cards(
    tree: Tree, capfd: pytest.CaptureFixture[str]
) -> None:
    outside = tree.folder.parent / "outside" / "acme"
    outside.mkdir(parents=True)
    (outside / "old-read.toml").write_text(CARD, "utf-8")
    tree.make('cards = ["cards"]\n')
    (tree.folder / "cards").symlink_to(outside.parent)
    git(tree.folder, "add", "-A")
    git(tree.folder, "commit", "-q", "--amend", "--no-edit")

    assert main(["config", "--repo", str(tree.folder), "--base", "HEAD"]) == 2
    assert "cards: no cards" in capfd.readouterr().err


def test_hooks_and_fsmonitor_do_not_run_for_settings(tmp_path: Path) -> None:
    at = Stranger(tmp_path)
    at.config(core__fsmonitor=str(at.program), core__pager=str(at.program))
    at.config(alias__config=f"!{at.program}", core__editor=str(at.program))
    hooks = at.folder / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "pre-commit"):
        shutil.copy(at.program, hooks / name)
    at.config(core__hooksPath=str(hooks))

    assert main(["config", "--repo", str(at.folder)]) == 0
    assert not at.canary.exists()


def test_modules_of_the_folder_we_are_in_are_not_those_of_the_user(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tree.folder.parent / "config" / "patchlint"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('checks = ["evil_module"]\n', "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config.parent))
    tree.make("")
    (tree.folder / "evil_module.py").write_text(tree.module, "utf-8")
    monkeypatch.setattr(sys, "path", ["", ".", str(tree.folder), *sys.path])

    assert tree.review() == 2
    assert "evil_module" in capfd.readouterr().err
    assert not tree.canary.exists()


@pytest.mark.parametrize(
    "settings",
    [
        "x = " + "[" * 100_000,
        "[" + "a." * 100_000 + "a]",
        "a = 1\n" * 100_000,
        "#" * 10_000_000,
        "jobs = " + "9" * 1_900,
        "ignore = [" + '"c/x",' * 300 + "]",
        "\n".join(f'[[paths]]\nglob = "{"**/" * 100}x"' for _ in range(1200)),
    ],
)
def test_a_tree_does_not_take_our_time(
    tree: Tree, capfd: pytest.CaptureFixture[str], settings: str
) -> None:
    tree.make(settings)
    begin = time.process_time()

    assert tree.review() == 2
    assert FILE in capfd.readouterr().err
    assert time.process_time() - begin < 10


def card_with(pattern: str) -> bytes:
    return CARD.replace(r"\bacme_old_read\b", pattern).encode()


ENDLESS: dict[str, Callable[[], bytes]] = {
    "exponential": lambda: card_with("(a|a)*b"),
    "repeated": lambda: card_with("(" * 10 + "x" + "{9})" * 10),
    "optional": lambda: card_with("(a?){9}" * 30),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_pattern_of_a_tree_that_takes_for_ever_is_refused(
    tree: Tree, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    card = {"cards/acme/old-read.toml": ENDLESS[kind]()}
    tree.make('cards = ["cards"]\n', **card)
    begin = time.process_time()

    assert tree.review() == 2
    assert "can take endless time" in capfd.readouterr().err
    assert time.process_time() - begin < 10


def test_a_pattern_that_is_only_slow_costs_its_share_of_time(
    tree: Tree, capfd: pytest.CaptureFixture[str]
) -> None:
    slow = card_with("x*x*x*x*x*x*x*x*y").replace(b"say =", b"say =")
    files = {"cards/acme/old-read.toml": slow}
    base = {FILE: b'cards = ["cards"]\n', "a.c": OLD, **files}
    make_repository(tree.folder, base, {**base, "a.c": b"x" * 3900 + b"\n"})

    tree.review("--limit", "rule-seconds=1", "--format", "json", "--select", "acme")
    (skip,) = json.loads(capfd.readouterr().out)["not_checked"]
    assert skip["rule"] == "acme/old-read"
    assert "over the limit: 1 s" in skip["needs"]


def test_a_file_of_the_user_that_is_none_is_not_waited_for(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tree.folder.parent / "config" / "patchlint"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "config.toml")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder.parent))
    tree.make("")

    assert tree.review() == 2
    assert "config.toml: not a file" in capfd.readouterr().err


def test_the_canary_would_have_sung(tree: Tree) -> None:
    subprocess.run([str(tree.program)], check=True)

    assert tree.canary.exists()
    assert git_line(tree.folder, "--version").startswith("git version")
