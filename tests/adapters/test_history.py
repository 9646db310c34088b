# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from pathlib import Path

from patchlint.adapters.git import Blobs
from tests.adapters.repo import git, git_line, make_repository

ONE = {"a.c": b"int a;\n", "Documentation/b.yaml": b"- example,board2\n"}
TWO = {"a.c": b"int b;\n", "Documentation/b.yaml": b"- example,board2\n"}


def test_commit_by_a_short_id(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "r", ONE, TWO)
    oid = git_line(folder, "rev-parse", "HEAD~")

    with Blobs(folder) as blobs:
        found = blobs.commit(oid[:12])
        assert found is not None
        assert (found.oid, found.subject) == (oid, "area: step 1")
        assert blobs.commit("0123456789ab") is None
        assert blobs.commit("HEAD") is None
        assert blobs.commit("--all") is None
        assert blobs.blob(oid) is None


def test_past_of_a_commit(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "r", ONE, TWO)
    old, new = (git_line(folder, "rev-parse", name) for name in ("HEAD~", "HEAD"))

    with Blobs(folder) as blobs:
        assert blobs.is_ancestor(old, "HEAD") is True
        assert blobs.is_ancestor(new, old) is False
        assert blobs.is_ancestor(old, "0123456789ab") is None


def test_a_shallow_clone_is_not_whole(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "r", ONE, TWO)
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{folder}", "shallow")

    with Blobs(folder) as whole, Blobs(tmp_path / "shallow") as shallow:
        assert whole.is_whole()
        assert not shallow.is_whole()


def test_a_folder_without_a_repository_knows_nothing(tmp_path: Path) -> None:
    with Blobs(tmp_path) as blobs:
        assert not blobs.is_whole()
        assert blobs.mentions("Documentation", "x") is None


def test_text_below_a_folder(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "r", ONE, TWO)

    with Blobs(folder) as blobs:
        assert blobs.mentions("Documentation", "example,board2") is True
        assert blobs.mentions("Documentation", "example,board.") is False
        assert blobs.mentions("Nowhere", "example") is None
        assert blobs.mentions("Documentation", "-e") is False


def test_subjects_of_the_commits_that_touched_a_file(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "r", ONE, TWO, TWO | {"c.c": b"int c;\n"})
    old = git_line(folder, "rev-parse", "HEAD~2")

    with Blobs(folder) as blobs:
        assert blobs.subjects("HEAD", ["a.c"]) == ("area: step 2", "area: step 1")
        assert blobs.subjects("HEAD", ["c.c"]) == ("area: step 3",)
        assert blobs.subjects(old, ["a.c", "c.c"]) == ("area: step 1",)
        assert blobs.subjects("HEAD", [":(glob)*"]) == ()
        assert blobs.subjects("--all", ["a.c"]) is None
        assert blobs.subjects("0123456789ab", ["a.c"]) is None
