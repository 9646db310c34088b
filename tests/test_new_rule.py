# SPDX-License-Identifier: GPL-2.0-or-later
"""``make rule``: what it writes is a rule that passes its tests as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.new_rule import begin

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for name in ("src", "rules", "tests", "fixtures", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", "expected.*")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def test_a_new_rule_passes_its_own_tests(checkout: Path) -> None:
    said = begin("msg/frob-word", checkout)

    assert "make test ARGS='-k msg/frob-word'" in said
    paths = os.pathsep.join((str(checkout / "src"), str(checkout)))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "tests/test_cards.py", "tests/test_project.py", "-k", "msg/frob-word"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": paths, "XDG_CACHE_HOME": str(checkout / "c")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout

    ruff = [sys.executable, "-m", "ruff"]
    made = ["src/patchlint/checks/msg_frob_word.py", "src/patchlint/checks/__init__.py"]
    for command in (["check"], ["format", "--check"]):
        subprocess.run([*ruff, *command, *made], cwd=checkout, check=True)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is not group/kebab-name"),
        ("Frob", "is not group/kebab-name"),
        ("../x/y", "is not group/kebab-name"),
        ("msg/also-opener", "is there already"),
        ("new/also-opener", "there is a check called also_opener already"),
    ],
)
def test_a_rule_that_cannot_be_begun_is_refused(
    checkout: Path, name: str, said: str
) -> None:
    before = sorted(checkout.rglob("*"))

    with pytest.raises(ValueError, match=said):
        begin(name, checkout)

    assert sorted(checkout.rglob("*")) == before
