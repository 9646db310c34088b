# SPDX-License-Identifier: GPL-2.0-or-later
"""The man page and the completions say what the parsers say, and work."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from patchlint.cli.main import COMMANDS
from tools.commands import PARSERS, tree

pytest.importorskip("shtab")
from tools import manual

BASH = manual.ROOT / "share" / manual.SHELLS["bash"]


def test_every_command_is_documented() -> None:
    assert set(PARSERS) == set(COMMANDS)
    for name in COMMANDS:
        assert f"\n.SS {name}\n" in manual.page()


@pytest.mark.parametrize("path", manual.made(), ids=lambda path: path.name)
def test_share_is_fresh(path: Path) -> None:
    assert path.read_text("utf-8") == manual.made()[path]


def test_every_option_is_in_the_page() -> None:
    page = manual.page()
    options = {o for a in tree()._actions for o in a.option_strings}  # noqa: SLF001

    for option in options:
        assert f"\\fB{option.replace('-', chr(92) + '-')}\\fR" in page
    assert re.findall(r"\\fB(\d+)\\fR", page) == ["0", "1", "2", "3"]


def test_groff_has_no_complaint() -> None:
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("no groff here")
    done = subprocess.run(
        [groff, "-man", "-ww", "-z", "-Tutf8"],
        input=manual.page().encode(),
        capture_output=True,
        check=True,
    )

    assert done.stderr == b""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("sh", "show"),
        ("ex", "explain"),
        ("--fail", "--fail-on"),
        ("--format sar", "sarif"),
        ("show --evidence ''", "mail file"),
        ("rules --format j", "json"),
    ],
)
def test_bash_completes(words: str, expected: str) -> None:
    program = (
        f"source {BASH}; COMP_WORDS=(patchlint {words});"
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
        '_shtab_patchlint patchlint "${COMP_WORDS[-1]}" ""; echo "${COMPREPLY[*]}"'
    )
    done = subprocess.run(
        ["bash", "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_read_their_file(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    path = manual.ROOT / "share" / manual.SHELLS[shell]

    subprocess.run([program, "-n", str(path)], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [("patchlint sh", "show"), ("patchlint rules --format j", "json")],
)
def test_fish_completes(line: str, expected: str) -> None:
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("no fish here")
    path = manual.ROOT / "share" / manual.SHELLS["fish"]
    program = f"source {path}; complete -C '{line}'"
    done = subprocess.run(
        [fish, "--no-config", "-c", program], capture_output=True, text=True, check=True
    )

    assert expected in [entry.split("\t")[0] for entry in done.stdout.splitlines()]
