# SPDX-License-Identifier: GPL-2.0-or-later
"""A real repository is read, and nothing of it is run or changed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.build import ENVIRONMENT
from patchlint.adapters.git import (
    Blobs,
    RepositoryError,
    format_patch,
    is_repository,
)
from patchlint.diff.oid import blob_oid
from patchlint.pipeline import read
from patchlint.series.images import stack
from tests.adapters.repo import add_commit, git, git_line, make_repository

RANGE = "HEAD~1..HEAD"
NOWHERE = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"]
NOWHERE += ["GIT_OBJECT_DIRECTORY"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a repository of two commits, with an odd name and odd bytes."""
    old = {"f.c": b"a\n", "dir/ü b.c": b"\xff\n"}
    return make_repository(tmp_path / "repo", old, old | {"f.c": b"b\n"})


@pytest.fixture
def trap(folder: Path, tmp_path: Path) -> Path:
    """Return the file that the script ``trap`` of the repository would leave behind."""
    left = tmp_path / "left behind"
    script = folder / ".git" / "trap"
    script.write_text(f'#!/bin/sh\necho run >> "{left}"\nexit 0\n', "utf-8")
    script.chmod(0o755)
    return left


def state(folder: Path) -> dict[str, bytes]:
    """Return every file of a repository and its work tree."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_blob_is_had_by_its_id_in_full_or_in_short(folder: Path) -> None:
    oid = git_line(folder, "rev-parse", "HEAD~1:f.c")
    with Blobs(folder) as blobs:
        assert [blobs.blob(oid), blobs.blob(oid[:7])] == ["a\n", "a\n"]


def test_bytes_that_are_not_utf_8_are_kept(folder: Path) -> None:
    with Blobs(folder) as blobs:
        assert blobs.file("HEAD", "dir/ü b.c") == "\udcff\n"


@settings(max_examples=20, deadline=None)
@given(raws=st.lists(st.binary(), min_size=1, max_size=5))
def test_any_bytes_are_had_one_after_the_other(
    tmp_path_factory: pytest.TempPathFactory, raws: list[bytes]
) -> None:
    folder = make_repository(tmp_path_factory.mktemp("r"))
    oids = [git_line(folder, "hash-object", "-w", "--stdin", given=r) for r in raws]
    with Blobs(folder) as blobs:
        found = [blobs.blob(oid) for oid in oids]

    assert [(t or "").encode("utf-8", "surrogateescape") for t in found] == raws


def test_a_file_is_had_by_commit_and_path(folder: Path) -> None:
    first = git_line(folder, "rev-parse", "HEAD~1")
    with Blobs(folder) as blobs:
        assert [blobs.file(first, "f.c"), blobs.file("HEAD", "f.c")] == ["a\n", "b\n"]


def test_what_is_unknown_is_none_and_the_next_question_is_answered(
    folder: Path,
) -> None:
    first = git_line(folder, "rev-parse", "HEAD~1")
    with Blobs(folder) as blobs:
        assert blobs.blob("0123456789") is None
        assert blobs.file("HEAD", "no such file") is None
        assert blobs.file("HEAD", "two words missing") is None
        assert blobs.file("0" * 40, "f.c") is None
        assert blobs.blob(first) is None  # a commit is no blob
        assert blobs.file("HEAD", "dir") is None  # nor is a tree
        assert blobs.file("HEAD", "f.c") == "b\n"


@pytest.mark.parametrize(
    "oid", ["", "HEAD", "f.c", "HEAD:f.c", "ABCDEF01", "abcd\n", "-x"]
)
def test_what_is_no_id_is_not_asked(folder: Path, oid: str) -> None:
    with Blobs(folder) as blobs:
        assert blobs.blob(oid) is None
        assert oid == "HEAD" or blobs.file(oid, "f.c") is None


def test_a_path_with_a_newline_is_refused(folder: Path) -> None:
    with Blobs(folder) as blobs:
        assert blobs.file("HEAD", "f.c\nHEAD:f.c") is None
        assert blobs.file("HEAD", "f.c") == "b\n"


def test_an_ambiguous_id_is_none(tmp_path: Path) -> None:
    folder = make_repository(tmp_path)
    names = {n: blob_oid(str(n)) for n in range(1000)}
    one, two = next(
        (a, b) for a in names for b in range(a) if names[a][:4] == names[b][:4]
    )
    for number in (one, two):
        git(folder, "hash-object", "-w", "--stdin", given=str(number).encode())

    with Blobs(folder) as blobs:
        assert blobs.blob(names[one][:4]) is None
        assert [blobs.blob(names[n]) for n in (one, two)] == [str(one), str(two)]


def test_a_huge_object_is_none_and_the_next_question_is_answered(folder: Path) -> None:
    huge = bytes((64 << 20) + 1)
    oid = git_line(folder, "hash-object", "-w", "--stdin", given=huge)
    with Blobs(folder) as blobs:
        assert [blobs.blob(oid), blobs.file("HEAD", "f.c")] == [None, "b\n"]


@pytest.mark.parametrize("name", ["", "no such folder"])
def test_without_a_repository_everything_is_unknown(tmp_path: Path, name: str) -> None:
    with Blobs(tmp_path / name) as blobs:
        assert [blobs.file("HEAD", "f"), blobs.blob("e69de29")] == [None, None]
    assert not is_repository(tmp_path / name)


def test_a_folder_within_a_repository_is_in_it(folder: Path) -> None:
    assert is_repository(folder / "dir")
    with Blobs(folder / "dir") as blobs:
        assert blobs.file("HEAD", "f.c") == "b\n"


def test_a_child_that_was_not_needed_is_not_started(tmp_path: Path) -> None:
    with Blobs(tmp_path / "no such folder") as blobs:
        assert blobs.blob("not an id") is None


def test_variables_of_another_repository_do_not_mislead(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NOWHERE:
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    with Blobs(folder) as blobs:
        assert blobs.file("HEAD", "f.c") == "b\n"
    assert is_repository(folder)
    assert b"\n-a\n+b\n" in format_patch(folder, RANGE)


def test_a_replaced_object_is_the_one_that_was_named(folder: Path) -> None:
    old = git_line(folder, "rev-parse", "HEAD~1:f.c")
    git(folder, "replace", old, git_line(folder, "rev-parse", "HEAD:f.c"))
    with Blobs(folder) as blobs:
        assert blobs.blob(old) == "a\n"


def test_nothing_is_changed(folder: Path) -> None:
    before = state(folder)
    with Blobs(folder) as blobs:
        blobs.file("HEAD", "f.c")
    format_patch(folder, RANGE)

    assert state(folder) == before


def test_a_range_is_a_series(folder: Path) -> None:
    add_commit(folder, {"f.c": b"c\n"}, "area: last\n\nWhy.\n")
    (series,) = read([format_patch(folder, "HEAD~2..HEAD")])
    with Blobs(folder) as blobs:
        rows = stack(series, blobs)

    assert [p.message.subject.text for p in series.patches] == [
        "area: step 2",
        "area: last",
    ]
    assert [
        (images.old, images.new) != (None, None)
        and all(image.proven for image in (images.old, images.new) if image)
        for row in rows
        for images in row
    ] == [True, True, True]


def test_a_range_is_made_in_any_kind_of_repository(
    folder: Path, tmp_path: Path
) -> None:
    bare, tree = tmp_path / "bare", tmp_path / "tree"
    git(tmp_path, "clone", "-q", "--bare", str(folder), str(bare))
    git(folder, "worktree", "add", "-q", str(tree), "HEAD")
    made = format_patch(folder, RANGE)

    assert b"\n-a\n+b\n" in made
    assert {len(format_patch(f, RANGE)) for f in (bare, tree, folder / "dir")} == {
        len(made)
    }


def test_an_empty_range_is_an_empty_box(folder: Path) -> None:
    assert format_patch(folder, "HEAD..HEAD") == b""


@pytest.mark.parametrize(
    ("commits", "what"),
    [
        ("HEAD", "not of the form A..B"),
        ("--output=x..y", "not of the form A..B"),
        ("-1..HEAD", "not of the form A..B"),
        ("a b..c", "not of the form A..B"),
        ("..HEAD", "not of the form A..B"),
        ("", "not of the form A..B"),
        ("nobody..HEAD", "ambiguous argument 'nobody..HEAD': unknown revision"),
        ("HEAD..nobody", "ambiguous argument 'HEAD..nobody': unknown revision"),
    ],
)
def test_a_bad_range_is_one_clear_line(folder: Path, commits: str, what: str) -> None:
    before = state(folder)
    with pytest.raises(RepositoryError) as caught:
        format_patch(folder, commits)

    assert str(caught.value).startswith(f"--range {commits}: {what}")
    assert "\n" not in str(caught.value)
    assert state(folder) == before


@pytest.mark.parametrize("name", ["", "no such folder"])
def test_a_range_of_no_repository_is_one_clear_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        RepositoryError, match=r"^--range a\.\.b: .*: not a git repo.*$"
    ):
        format_patch(tmp_path / name, "a..b")


def everything_is_asked(folder: Path) -> None:
    is_repository(folder)
    format_patch(folder, RANGE)
    with Blobs(folder) as blobs:
        blobs.file("HEAD", "f.c")
        blobs.blob("0123456789" * 4)


def test_hooks_and_drivers_of_the_repository_do_not_run(
    folder: Path, trap: Path
) -> None:
    script = str(folder / ".git" / "trap")
    (folder / ".git" / "info").mkdir(exist_ok=True)
    attributes = "*.c diff=trap filter=trap\n"
    (folder / ".git" / "info" / "attributes").write_text(attributes, "utf-8")
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        (folder / ".git" / "hooks").mkdir(exist_ok=True)
        (folder / ".git" / "hooks" / name).symlink_to(script)
    for key in (
        "diff.external", "diff.trap.command", "diff.trap.textconv", "core.pager",
        "pager.format-patch", "core.editor", "core.fsmonitor", "gpg.program",
        "filter.trap.smudge", "filter.trap.clean", "filter.trap.process",
        "core.sshCommand", "alias.cat-file", "alias.format-patch",
    ):  # fmt: skip
        git(folder, "config", key, script if "alias" not in key else f"!{script}")
    git(folder, "config", "log.showSignature", "true")
    commit = git(folder, "cat-file", "commit", "HEAD")
    signed = commit.replace(b"\n\n", b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n\n", 1)
    oid = git_line(folder, "hash-object", "-t", "commit", "-w", "--stdin", given=signed)
    (folder / ".git" / "refs" / "heads" / "main").write_text(f"{oid}\n", "utf-8")
    everything_is_asked(folder)

    assert not trap.exists()


def test_the_trap_works(folder: Path, trap: Path) -> None:
    git(folder, "config", "diff.external", str(folder / ".git" / "trap"))
    git(folder, "diff", "HEAD~1", "HEAD")

    assert trap.read_text("utf-8") == "run\n"


def make_partial(folder: Path) -> None:
    """Make a repository that would fetch what it misses by running a program."""
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{folder / '.git' / 'trap'}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }.items():
        git(folder, "config", key, value)


def test_nothing_is_fetched(folder: Path, trap: Path) -> None:
    make_partial(folder)
    with Blobs(folder) as blobs:
        assert blobs.blob("0123456789" * 4) is None
    assert not trap.exists()


def test_git_alone_would_fetch(folder: Path, trap: Path) -> None:
    make_partial(folder)
    command = ["git", "-C", str(folder), "cat-file", "-p", "0123456789" * 4]
    done = subprocess.run(command, env=ENVIRONMENT, check=False, capture_output=True)

    assert done.returncode != 0
    assert trap.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.relative", "true"),
        ("format.attach", "true"),
        ("format.coverLetter", "true"),
        ("format.signature", "me"),
        ("format.numbered", "true"),
        ("color.ui", "always"),
        ("core.quotePath", "true"),
        ("diff.suppressBlankEmpty", "true"),
    ],
)
def test_settings_of_the_repository_do_not_change_what_is_read(
    folder: Path, key: str, value: str
) -> None:
    add_commit(
        folder, {"f.c": b"b\n", "dir/ü b.c": b"1\n\n2\n"}, "area: more\n\nWhy.\n"
    )
    (plain,) = read([format_patch(folder, RANGE)])
    git(folder, "config", key, value)
    (made,) = read([format_patch(folder / "dir", RANGE)])

    assert made.cover is None
    assert [
        (change.path, change.old_oid, change.new_oid, len(change.lines))
        for change in made.patches[0].changes
    ] == [
        (change.path, change.old_oid, change.new_oid, len(change.lines))
        for change in plain.patches[0].changes
    ]


@pytest.mark.parametrize("setting", [(), ("config", "user.useConfigOnly", "true")])
def test_a_range_needs_nobody_to_have_a_name(
    setting: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In CI git does not know who it works for; ids of mails are made of that."""
    folder = make_repository(tmp_path / "repo", {"a.c": b"1\n"}, {"a.c": b"2\n"})
    if setting:
        git(folder, *setting)
    for name in ("EMAIL", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    mail = format_patch(folder, "HEAD~1..HEAD")
    assert b"git.patchlint@localhost>" in mail
    monkeypatch.setenv("EMAIL", "dev@example.org")
    assert b"git.dev@example.org>" in format_patch(folder, "HEAD~1..HEAD")
    git(folder, "config", "user.email", "me@example.org")
    assert b"git.me@example.org>" in format_patch(folder, "HEAD~1..HEAD")
