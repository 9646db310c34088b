# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint show`` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures import build
from patchlint.cli.main import main

FIXTURES = Path(build.__file__).parent
FAULTY = str(FIXTURES / "handover-faults" / "series.mbox")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    build.make_base("handover-faults", tmp_path / "repo")
    return tmp_path / "repo"


@pytest.fixture(autouse=True)
def outside_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_shows_and_does_not_review(
    base: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "--repo", str(base), FAULTY]) == 0
    said = capfd.readouterr().out

    assert "whole, proven by its blob id; from its blob" in said
    assert "@@" not in said
    assert "error" not in said


def test_the_mail_alone_knows_hunks(
    base: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--repo", str(base), "--evidence", "mail", "--format", "json"]
    main(["show", *arguments, FAULTY])

    posting = json.loads(capfd.readouterr().out)["postings"][0]
    files = [file for patch in posting["patches"] for file in patch["files"]]
    assert {file["before_from"] for file in files} == {"hunks"}


def test_a_range_is_shown(base: Path, capfd: pytest.CaptureFixture[str]) -> None:
    step = FIXTURES / "handover-faults" / "1-flag"
    build.commit(step, base, (step / "LOG").read_text("utf-8"))
    main(["show", "-v", "--repo", str(base), "--range", "HEAD~1..HEAD"])

    assert "@@ -" in capfd.readouterr().out


def test_output_goes_to_a_file() -> None:
    assert main(["show", "-o", "shown.txt", FAULTY]) == 0
    assert "1 posting" in Path("shown.txt").read_text("utf-8")


def test_mail_without_a_patch_is_shown_too(capfd: pytest.CaptureFixture[str]) -> None:
    Path("talk.eml").write_text("From: A <a@b.org>\nSubject: Hi\n\nHello.\n")

    assert main(["show", "talk.eml"]) == 0
    assert capfd.readouterr().out.startswith("1 mail is no patch")


def test_a_file_called_show_is_reviewed_by_its_path(
    capfd: pytest.CaptureFixture[str],
) -> None:
    Path("show").write_bytes(Path(FAULTY).read_bytes())

    assert main(["./show"]) == 1
    assert "1 patch" in capfd.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    "arguments",
    [[], ["a", "--range", "a..b"], ["--nonsense\x1b[31m"], ["missing\x1b[31m.mbox"]],
)
def test_what_is_wrong_is_one_harmless_line(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(["show", *arguments])
    except SystemExit as ended:
        status = ended.code  # type: ignore[assignment]
    error = capfd.readouterr().err

    assert status == 2
    assert error.startswith("patchlint")
    assert error.count("\n") == 1
    assert "\x1b" not in error


def test_start_up_is_lazy() -> None:
    from patchlint.cli import main as module

    names = {name for name in vars(module) if not name.startswith("_")}
    assert not names & {"show", "review", "parse"}
