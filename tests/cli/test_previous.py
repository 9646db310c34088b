# SPDX-License-Identifier: GPL-2.0-or-later
"""Two versions on the command line: named, found, or as ranges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.adapters.repo import git, git_line, make_repository
from tests.mails import diff, patch_mail

LINE = "/* This says what (and never ends. */\n"


def mail(version: int, text: str) -> str:
    head = "[PATCH]" if version == 1 else f"[PATCH v{version}]"
    return patch_mail(
        f"Say why.\n\nSigned-off-by: A Dev <dev@example.org>\n---\nv{version}: Reword.",
        diff({"a.c": "int a;\n"}, {"a.c": f"int a;\n{text}int b;\n"}),
        f"{head} area: Add b",
        Message_ID=f"<{version}@example.org>",
        Date=f"Tue, {version} Jan 2024 03:04:05 +0000",
    )


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "v1.eml").write_text(mail(1, LINE))
    (tmp_path / "v2.eml").write_text(mail(2, "/* This says what it is. */\n"))
    return tmp_path


def since(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("since ")]


def test_the_version_before_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    main(["--evidence", "mail", "v2.eml", "--previous", "v1.eml"])
    assert since(capfd.readouterr().out) == [
        "since v1: 1 fixed, 0 still there, 0 new, 0 gone with its code"
    ]


def test_of_two_versions_in_one_input_the_newest_is_looked_at(
    capfd: pytest.CaptureFixture[str],
) -> None:
    main(["--evidence", "mail", "--format", "json", "v1.eml", "v2.eml"])
    value = json.loads(capfd.readouterr().out)
    assert [series["version"] for series in value["series"]] == [2]
    (found,) = value["comparisons"]
    assert [one["fate"] for one in found["before_findings"]] == ["fixed"]


def test_one_version_alone_has_nothing_to_compare(
    capfd: pytest.CaptureFixture[str],
) -> None:
    main(["--evidence", "mail", "v2.eml"])
    assert since(capfd.readouterr().out) == []


def test_ranges_are_compared_as_git_range_diff_does(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    repo = make_repository(here / "repo", {"a.c": b"int a;\n", "z.c": b"int z;\n"})
    git(repo, "checkout", "-q", "-b", "old")
    (repo / "a.c").write_text(f"int a;\n{LINE}int b;\n")
    git(repo, "commit", "-q", "-a", "-m", "area: Add b\n\nSay why.")
    git(repo, "checkout", "-q", "-b", "new", "main")
    (repo / "z.c").write_text("int z;\nint y;\n")
    git(repo, "commit", "-q", "-a", "-m", "area: Add y\n\nSay why.")
    (repo / "a.c").write_text("int a;\n/* This says what it is. */\nint b;\n")
    git(repo, "commit", "-q", "-a", "-m", "area: Add b\n\nSay why.")
    assert git_line(repo, "rev-list", "--count", "main..new") == "2"
    arguments = ["--repo", str(repo), "--evidence", "file"]
    main([*arguments, "--range", "main..new", "--previous", "main..old"])
    out = capfd.readouterr().out
    assert "  1: new: area: Add y\n  2 (was 1): changed: area: Add b\n" in out
    assert len(since(out)) == 1
    assert " 1 fixed," in since(out)[0]


def test_what_holds_no_patch_is_an_error(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "none.eml").write_text("From: a@b\nSubject: Hello\n\nHello.\n")
    assert main(["v2.eml", "--previous", "none.eml"]) == 2
    assert capfd.readouterr().err == (
        "patchlint: --previous none.eml: no patch in it\n"
    )
