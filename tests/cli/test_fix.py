# SPDX-License-Identifier: GPL-2.0-or-later
"""What ``patchlint fix`` writes, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.adapters.repo import add_commit, git, git_line, make_repository

PATH = "arch/x86/mm/a.c"
LOG = "x86/mm: use the tlb helper\n\nIt is read twice.\n\nSigned-off-by: A <a@b.c>\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_repository(tmp_path / "repo", {PATH: b"int a;\n"})
    add_commit(folder, {PATH: b"int b;\n"}, LOG)
    add_commit(folder, {PATH: b"int c;\n"}, "x86/mm: Call it c\n\nWhy.\n")
    monkeypatch.chdir(folder)
    return folder


def fix(*arguments: str) -> int:
    return main(["fix", *arguments])


def subjects(folder: Path, branch: str) -> list[str]:
    return git_line(folder, "log", "--format=%s", f"main~2..{branch}").split("\n")


def test_a_range_comes_out_on_a_new_branch(repository: Path) -> None:
    before = git_line(repository, "rev-parse", "HEAD")

    assert fix("--range", "main~2..main") == 0
    assert subjects(repository, "main-fixed") == [
        "x86/mm: Call it c",
        "x86/mm: Use the TLB helper",
    ]
    assert git_line(repository, "rev-parse", "HEAD", "main") == f"{before}\n{before}"
    assert git_line(repository, "status", "--porcelain") == ""


def test_trees_authors_and_dates_stay(repository: Path) -> None:
    fix("--range", "main~2..main", "--branch", "b")
    form = "--format=%T %an %ae %ad %cn %ce %cd %b"
    old, new = (git(repository, "log", "-2", form, name) for name in ("main", "b"))

    assert old == new


def test_a_second_time_nothing_changes(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fix("--range", "main~2..main", "--branch", "b")
    capfd.readouterr()

    assert fix("--range", "main~2..b", "--branch", "c") == 0
    assert "0 of 2 commits changed; no branch is written" in capfd.readouterr().err
    assert git_line(repository, "branch", "--list", "c") == ""


@pytest.mark.parametrize("name", ["main", "b", "-x", "a..b", "x y"])
def test_no_branch_is_overwritten(
    repository: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    git(repository, "branch", "b")
    before = git(repository, "for-each-ref")

    assert fix("--range", "main~2..main", f"--branch={name}") == 2
    assert f"--branch {name}: " in capfd.readouterr().err
    assert git(repository, "for-each-ref") == before


def test_a_diff_is_shown_and_nothing_written(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = git(repository, "for-each-ref")
    fix("--range", "main~2..main", "--diff")
    lines = capfd.readouterr().out.splitlines()

    assert "-x86/mm: use the tlb helper" in lines
    assert "+x86/mm: Use the TLB helper" in lines
    assert git(repository, "for-each-ref") == before


def test_a_merge_is_refused(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    git(repository, "checkout", "-qb", "side", "main~1")
    add_commit(repository, {"b": b""}, "x86/mm: use it\n\nWhy.\n")
    git(repository, "merge", "-q", "-s", "ours", "--no-edit", "main")

    assert fix("--range", "main~2..side") == 2
    assert "is a merge" in capfd.readouterr().err


def test_hooks_of_the_repository_do_not_run(repository: Path) -> None:
    canary = repository / "canary"
    hook = repository / ".git/hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)

    assert fix("--range", "main~2..main") == 0
    assert not canary.exists()


def test_mails_are_fixed_and_still_apply(repository: Path, tmp_path: Path) -> None:
    box, fixed = tmp_path / "box", tmp_path / "fixed"
    box.write_bytes(git(repository, "format-patch", "--stdout", "main~2..main"))

    assert fix(str(box), "-o", str(fixed)) == 0
    git(repository, "checkout", "-qb", "again", "main~2")
    git(repository, "am", "-q", str(fixed))

    assert subjects(repository, "again")[1] == "x86/mm: Use the TLB helper"
    assert git(repository, "diff", "main", "again") == b""


def test_only_the_place_changes_in_a_mail(repository: Path, tmp_path: Path) -> None:
    mail, fixed = tmp_path / "mail", tmp_path / "fixed"
    mail.write_bytes(git(repository, "format-patch", "--stdout", "main~2..main~1"))
    fix(str(mail), "-o", str(fixed))
    wanted = mail.read_bytes().replace(b"use the tlb", b"Use the TLB")

    assert fixed.read_bytes() == wanted.partition(b"\n")[2]
    assert fix(str(fixed), "-o", str(mail)) == 0
    assert mail.read_bytes() == fixed.read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x", "--range", "a..b"],
        ["x", "--branch", "b"],
        ["--range", "a..b", "-o", "f"],
    ],
)
def test_what_does_not_go_together_is_told(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        fix(*arguments)

    assert ended.value.code == 2
