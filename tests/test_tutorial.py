# SPDX-License-Identifier: GPL-2.0-or-later
"""Every command of the tutorial is run, in order, in a copy of what it needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/tutorial.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _steps() -> list[tuple[str, list[str]]]:
    """Return each block of commands, with the lines that it must print."""
    steps: list[tuple[str, list[str]]] = []
    for language, text in _BLOCK.findall(TEXT):
        if language == "output":
            steps[-1][1].extend(text.splitlines())
        else:
            assert language == ""
            steps.append((text, []))
    return steps


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the examples, and the program where make puts it."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "fixtures", root / "fixtures")
    (root / "build").mkdir()
    programs = root / ".venv/bin"
    programs.mkdir(parents=True)
    for name, module in (("patchlint", "-m patchlint"), ("python", "")):
        path = programs / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n', "utf-8")
        path.chmod(0o755)
    return root


def test_the_tutorial_works_as_it_is_written(checkout: Path) -> None:
    steps = _steps()
    assert len(steps) > 6
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    start = steps[0][0].splitlines()[0]
    for commands, expected in steps:
        done = subprocess.run(
            ["bash", "-e", "-c", f"{start}\n{commands}"],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), commands
        missing = [line for line in expected if line not in done.stdout]
        assert missing == [], f"{commands}\n{done.stdout}"
