# SPDX-License-Identifier: GPL-2.0-or-later
"""A built wheel works from another folder, with the cards inside."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fixtures import build
from patchlint.adapters.cards import load_cards

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build without isolation, so that nothing has to be fetched."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o"]
    subprocess.run([*command, str(out), str(ROOT)], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def test_the_cards_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    cards = {n.removeprefix("patchlint/_cards/") for n in names if "_cards/" in n}
    own = {f"{card.id}.toml" for card in load_cards(ROOT / "rules")}

    assert own <= cards
    assert "tables/guarded-operations.toml" in cards


def test_the_wheel_reviews_as_the_checkout_does(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere and found first, it gives the approved answer."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    base = tmp_path / "base"
    build.make_base("handover-faults", base)
    mails = ROOT / "fixtures" / "handover-faults" / "series.mbox"
    program = (
        f"import sys; sys.path.insert(0, {str(site)!r});"
        "import patchlint; from patchlint.cli.main import main;"
        f"assert patchlint.__file__.startswith({str(site)!r});"
        "sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--repo", base, "--format", "json", mails],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    expected = (mails.parent / "expected.json").read_text("utf-8")

    assert done.stderr == b""
    assert json.loads(done.stdout) == json.loads(expected)


def test_the_wheel_installs_the_man_page_and_the_completions(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shared = {n.partition(".data/data/")[2] for n in names if ".data/data/" in n}
    files = (path for path in (ROOT / "share").rglob("*") if path.is_file())

    assert shared == {path.relative_to(ROOT).as_posix() for path in files}
    assert "share/man/man1/patchlint.1" in shared


def test_the_wheel_names_its_licence_and_command(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
    (scripts,) = (n for n in archive.namelist() if n.endswith("/entry_points.txt"))

    assert "License-Expression: GPL-2.0-or-later" in archive.read(metadata).decode()
    assert "patchlint = patchlint.cli.main:main" in archive.read(scripts).decode()
