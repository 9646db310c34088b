# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing that a mail says makes anybody read outside of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patchlint.adapters.git import Blobs
from patchlint.diff.parse import parse_diff
from patchlint.diff.path import printed, unsafe
from patchlint.model.defect import DefectKind
from patchlint.pipeline import read
from patchlint.series.images import stack
from tests.adapters.repo import diff_trees, git, make_repository
from tests.mails import patch_mail

HUNK = "@@ -1 +1 @@\n-a\n+b\n"
PATHS = ("../../etc/passwd", "a/.git/config", "a/../../x", "x/.GIT/y", "", "a/")


def mail(path: str) -> bytes:
    text = f"diff --git a/{path} b/{path}\nindex 01..23 100644\n"
    return patch_mail("Why.", f"{text}--- a/{path}\n+++ b/{path}\n{HUNK}").encode()


@pytest.mark.parametrize("path", PATHS)
def test_an_unsafe_path_asks_the_repository_nothing(path: str) -> None:
    asked: list[str] = []

    class Source:
        def blob(self, oid: str) -> str | None:
            asked.append(oid)
            return None

        def file(self, commit: str, path: str) -> str | None:
            asked.append(f"{commit}:{path}")
            return None

    (series,) = read([mail(path)])
    (patch,) = series.patches

    assert stack(series, Source()) == ((),)
    assert asked == []
    assert [d.kind for d in patch.defects] == [DefectKind.DIFF_PATH]


@pytest.mark.parametrize("path", [*PATHS, "/f", "./f", "d/./f", "x\ny", "HEAD\n", "\0"])
def test_the_repository_is_not_asked_for_an_unsafe_path(
    path: str, tmp_path: Path
) -> None:
    make_repository(tmp_path, {"f": b"a\n"})
    with Blobs(tmp_path) as blobs:
        assert blobs.file("HEAD", path) is None
        assert blobs.file("HEAD", "f") == "a\n"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    make_repository(tmp_path, {"f": b"a\n"})
    os.symlink("/etc/passwd", tmp_path / "link")  # noqa: PTH211 - as git stores it
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "link")
    with Blobs(tmp_path) as blobs:
        assert blobs.file("HEAD", "link") is None


def test_a_name_that_git_quotes_is_told_in_one_line(tmp_path: Path) -> None:
    name = "new\nline\x1b[2J"
    raw = diff_trees(tmp_path, {}, {"f": b"x\n"})
    shown = raw.replace(b"a/f b/f", b'"a/new\\nline\\033[2J" "b/new\\nline\\033[2J"')
    shown = shown.replace(b"+++ b/f", b'+++ "b/new\\nline\\033[2J"')
    diff = parse_diff(shown.decode().split("\n"))

    assert unsafe(name) == "has a control character"
    assert diff.changes == ()
    assert diff.defects[0].text.startswith(printed(name))
    assert diff.defects[0].text.isprintable()


def test_a_hundred_thousand_hunks_are_read() -> None:
    lines = ["diff --git a/f b/f", "index 01..23 100644", "--- a/f", "+++ b/f"]
    for number in range(1, 100_001):
        lines += [f"@@ -{9 * number} +{9 * number} @@", "-a", "+b"]
    diff = parse_diff(lines)

    assert diff.defects == ()
    assert len(diff.changes[0].hunks) == 100_000
    assert diff.changes[0].hunks[-1].mail == len(lines) - 2


@pytest.mark.parametrize(
    "path", ["gitk", ".gitignore", "d/.github/x", "a..b", "...", "git", "a.git", "x\ty"]
)
def test_a_path_that_only_looks_unsafe_is_a_path(path: str) -> None:
    assert unsafe(path) == ""
