# SPDX-License-Identifier: GPL-2.0-or-later
"""The work tree against HEAD: what git would say, of what an editor shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchlint.adapters import work_tree
from patchlint.adapters.work_tree import changes, top_of
from patchlint.pipeline import read
from tests.adapters.repo import git, make_repository

OLD = b"int one;\nint two;\n"
NEW = "int one;\nint three;\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repo", {"lib/a.c": OLD, "b.c": OLD})


def touched(top: Path, **texts: str) -> list[str]:
    found = changes(top, {name.replace("_", "."): text for name, text in texts.items()})
    return [path for series in read([found.diff]) for path in series.patches[0].touched]


def test_what_is_shown_counts_and_what_is_saved_elsewhere(top: Path) -> None:
    assert changes(top, {"b.c": OLD.decode()}).diff == b""
    (top / "lib/a.c").write_text(NEW)
    found = changes(top, {"b.c": NEW}).diff
    (top / "b.c").write_text(NEW)

    plain = git(top, "diff", "--full-index", "--no-prefix").replace(b" b/", b" ")
    lines = [line for line in found.split(b"\n") if line[:1] in (b"+", b"-", b"@")]
    usual = [line for line in plain.split(b"\n") if line[:1] in (b"+", b"-", b"@")]
    bare = [
        line.replace(b"--- a/", b"--- ").replace(b"+++ b/", b"+++ ") for line in lines
    ]
    assert sorted(bare) == sorted(usual)


def test_new_files_count_unless_git_ignores_them(top: Path) -> None:
    (top / ".gitignore").write_text("ignored.c\n")
    for name in ("new.c", "ignored.c"):
        (top / name).write_text(NEW)

    assert touched(top, new_c=NEW, ignored_c=NEW) == ["new.c"]
    git(top, "add", "new.c")
    assert touched(top) == ["new.c"]


def test_what_is_removed_is_in_it(top: Path) -> None:
    (top / "b.c").unlink()
    assert touched(top) == ["b.c"]


def test_links_and_odd_files_are_left_out(top: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("int secret;\n")
    (top / "b.c").unlink()
    (top / "b.c").symlink_to(tmp_path / "secret")
    (top / "lib/a.c").unlink()
    (top / "lib").rmdir()
    (top / "lib").symlink_to(tmp_path)
    (tmp_path / "a.c").write_text("int secret;\n")

    found = changes(top, {})
    assert b"secret" not in found.diff
    assert found.left_out == 2


def test_much_is_left_out_and_said(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "b.c").write_text(NEW)
    (top / "lib/a.c").write_text(NEW)
    monkeypatch.setattr(work_tree, "FILES", 1)
    assert changes(top, {}).left_out == 1
    monkeypatch.setattr(work_tree, "FILES", 2)
    monkeypatch.setattr(work_tree, "FILE_BYTES", 8)
    assert changes(top, {}).left_out == 2


def test_a_file_outside_of_its_work_tree_has_none(top: Path, tmp_path: Path) -> None:
    assert top_of(tmp_path / "x.c") is None
    assert top_of(top / "nowhere/x.c") is None
    assert top_of(top / "lib/a.c") == top
    assert top_of(top / ".git/x.c") is None
    git(top, "config", "core.worktree", str(tmp_path))
    assert top_of(top / "b.c") in (None, tmp_path)


def test_before_the_first_commit_all_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.c").write_text(NEW)
    assert touched(tmp_path, a_c=NEW) == ["a.c"]
