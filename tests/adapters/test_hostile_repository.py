# SPDX-License-Identifier: GPL-2.0-or-later
"""A repository of a stranger: whatever it holds, nothing of it is run.

Each attempt would leave a canary behind. The last test shows that a plain git does
run such things, so that the canary can be trusted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from fixtures.build import ENVIRONMENT
from patchlint.adapters.git import Blobs, files_of, format_patch, trouble
from patchlint.adapters.index import Indexes
from patchlint.adapters.work_tree import changes
from patchlint.cli.main import main
from patchlint.pipeline import read
from patchlint.series.images import stack
from tests.adapters.repo import add_commit, git, git_line, make_repository

OLD = b"int f(void)\n{\n\treturn 1;\n}\n"
NEW = OLD.replace(b"1", b"2")
PATH = "kernel/f.c"
RANGE = "HEAD~1..HEAD"
HOOKS = (
    "post-checkout", "post-index-change", "reference-transaction", "pre-commit",
    "applypatch-msg", "post-rewrite", "fsmonitor-watchman", "pre-auto-gc",
)  # fmt: skip


class Stranger:
    """A repository with a program in it that writes a canary."""

    def __init__(self, folder: Path) -> None:
        self.canary = folder / "canary"
        self.folder = make_repository(folder / "repo", {PATH: OLD}, {PATH: NEW})
        self.program = self.folder / "run-me"
        self.program.write_text(f'#!/bin/sh\necho "$0" >> "{self.canary}"\ncat\n')
        self.program.chmod(0o755)

    def config(self, **values: str) -> None:
        for name, value in values.items():
            git(self.folder, "config", name.replace("__", "."), value)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    return Stranger(tmp_path)


def hooks(at: Stranger) -> None:
    for name in HOOKS:
        at.write(f".git/hooks/{name}", at.program.read_text("utf-8"))
        (at.folder / ".git/hooks" / name).chmod(0o755)


def other_hooks(at: Stranger) -> None:
    folder = at.folder / "hooks"
    folder.mkdir()
    for name in HOOKS:
        shutil.copy(at.program, folder / name)
    at.config(core__hooksPath=str(folder))


def fsmonitor(at: Stranger) -> None:
    at.config(core__fsmonitor=str(at.program), core__untrackedCache="true")


def textconv(at: Stranger) -> None:
    at.write(".gitattributes", "*.c diff=trap\n")
    at.config(diff__trap__textconv=str(at.program), diff__trap__cachetextconv="true")


def external_diff(at: Stranger) -> None:
    at.write(".git/info/attributes", "*.c diff=trap\n")
    at.config(diff__external=str(at.program), diff__trap__command=str(at.program))


def filters(at: Stranger) -> None:
    at.write(".git/info/attributes", "*.c filter=trap merge=trap\n")
    program = str(at.program)
    at.config(filter__trap__smudge=program, filter__trap__clean=program)
    at.config(filter__trap__process=program, filter__trap__required="true")
    at.config(merge__trap__driver=program)


def pagers_and_editors(at: Stranger) -> None:
    program = str(at.program)
    at.config(core__pager=program, core__editor=program, core__askPass=program)
    for command in ("format-patch", "cat-file", "ls-tree", "rev-parse"):
        git(at.folder, "config", f"pager.{command}", program)
        git(at.folder, "config", f"alias.{command}", f"!{program}")


def transports(at: Stranger) -> None:
    program = str(at.program)
    at.config(core__sshCommand=program, core__gitProxy=program)
    at.config(core__alternateRefsCommand=program, credential__helper=f"!{program}")
    at.config(uploadpack__packObjectsHook=program, remote__origin__uploadpack=program)


def signatures(at: Stranger) -> None:
    program = str(at.program)
    at.config(log__showSignature="true", gpg__program=program, format__signOff="true")
    git(at.folder, "config", "gpg.ssh.program", program)
    commit = git(at.folder, "cat-file", "commit", "HEAD")
    signed = commit.replace(b"\n\n", b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n\n", 1)
    add = ("hash-object", "-t", "commit", "-w", "--stdin")
    oid = git_line(at.folder, *add, given=signed)
    at.write(".git/refs/heads/main", f"{oid}\n")


def promisor(url: str) -> Callable[[Stranger], None]:
    def make(at: Stranger) -> None:
        for key, value in {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.url": url.replace("PROGRAM", str(at.program)),
            "remote.origin.promisor": "true",
            "protocol.ext.allow": "always",
            "protocol.allow": "always",
            "core.sshCommand": str(at.program),
        }.items():
            git(at.folder, "config", key, value)
        blob = git_line(at.folder, "rev-parse", f"HEAD~1:{PATH}")
        (at.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()

    return make


def included(at: Stranger) -> None:
    text = f"[core]\n\tfsmonitor = {at.program}\n\thooksPath = hooks\n"
    text += f"[diff]\n\texternal = {at.program}\n"
    at.write(".git/more", text)
    at.config(include__path="more")


def worktree_config(at: Stranger) -> None:
    at.config(core__repositoryFormatVersion="1", extensions__worktreeConfig="true")
    text = f"[diff]\n\texternal = {at.program}\n[core]\n\tfsmonitor = {at.program}\n"
    at.write(".git/config.worktree", text)


def alternates(at: Stranger) -> None:
    at.write(".git/objects/info/alternates", f"{at.folder}/nowhere\n|{at.program}\n")


def git_in_the_tree(at: Stranger) -> None:
    for name in ("git", "git-remote-none", "git-format-patch", "git-cat-file"):
        shutil.copy(at.program, at.folder / name)


def everything(at: Stranger) -> None:
    for attempt in (hooks, fsmonitor, textconv, filters, pagers_and_editors):
        attempt(at)
    for attempt in (transports, signatures, included, git_in_the_tree):
        attempt(at)


ATTEMPTS: Mapping[str, Callable[[Stranger], None]] = {
    "hooks": hooks,
    "hooks elsewhere": other_hooks,
    "fsmonitor": fsmonitor,
    "textconv": textconv,
    "external diff": external_diff,
    "filters": filters,
    "pagers": pagers_and_editors,
    "transports": transports,
    "signatures": signatures,
    "promisor ext": promisor("ext::PROGRAM"),
    "promisor ssh": promisor("ssh://example.invalid/x"),
    "promisor helper": promisor("none::x"),
    "include": included,
    "config of the worktree": worktree_config,
    "alternates": alternates,
    "git in the tree": git_in_the_tree,
    "everything": everything,
}


@pytest.mark.parametrize("name", list(ATTEMPTS))
def test_nothing_runs(
    name: str, stranger: Stranger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = tmp_path / "mails.mbox"
    mails.write_bytes(git(stranger.folder, "format-patch", "-1", "--stdout"))
    ATTEMPTS[name](stranger)
    monkeypatch.chdir(stranger.folder)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}:")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(stranger.program))
    monkeypatch.setenv("GIT_PAGER", str(stranger.program))
    monkeypatch.setenv("GIT_SSH_COMMAND", str(stranger.program))
    monkeypatch.setenv("GIT_ASKPASS", str(stranger.program))
    # Those of promisors miss an object, so that there is no range to be had.
    bad = 2 if name.startswith("promisor") else 0

    assert main(["--fail-on", "error", "--repo", ".", str(mails)]) == 0
    assert main(["--fail-on", "error", "--range", RANGE]) == bad
    with Blobs(stranger.folder) as blobs:
        assert blobs.file("HEAD", PATH) == NEW.decode()
        made = Indexes(stranger.folder, blobs, tmp_path / "index")
        with made as indexes:
            tree = indexes.tree("HEAD", (PATH,))
            assert tree is not None
            assert [s.path for s in tree.symbols("f")] == [PATH]
    stranger.write(PATH, "int g;\n")
    assert b"+int g;\n" in changes(stranger.folder, {}).diff
    assert b"+int h;\n" in changes(stranger.folder, {PATH: "int h;\n"}).diff
    assert not stranger.canary.exists()


@pytest.mark.parametrize("name", ["external diff", "textconv", "fsmonitor"])
def test_the_canary_can_be_trusted(name: str, stranger: Stranger) -> None:
    ATTEMPTS[name](stranger)
    for words in (["status"], ["diff", "HEAD~1", "HEAD"]):
        command = ["git", "-C", str(stranger.folder), *words]
        subprocess.run(command, env=ENVIRONMENT, check=False, capture_output=True)

    assert stranger.canary.exists()


def test_other_repositories_of_the_environment_are_not_read(
    stranger: Stranger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(tmp_path / "other", {PATH: b"x\n"}, {PATH: b"y\n"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git/objects"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    with Blobs(stranger.folder) as blobs:
        assert blobs.file("HEAD", PATH) == NEW.decode()
    assert b"+\treturn 2;" in format_patch(stranger.folder, RANGE)
    assert os.environ["GIT_DIR"] == str(other / ".git")


def test_what_replaces_or_grafts_commits_does_not_count(stranger: Stranger) -> None:
    folder = stranger.folder
    plain = format_patch(folder, RANGE)
    add_commit(folder, {PATH: b"int g;\n"}, "area: other\n")
    other = git_line(folder, "rev-parse", "HEAD")
    git(folder, "reset", "-q", "--hard", "HEAD~1")
    head, first = (git_line(folder, "rev-parse", name) for name in ("HEAD", "HEAD~1"))
    git(folder, "replace", git_line(folder, "rev-parse", f"{first}:{PATH}"),
        git_line(folder, "rev-parse", f"{other}:{PATH}"))  # fmt: skip
    stranger.write(".git/info/grafts", f"{head} {other}\n")

    assert (
        format_patch(folder, RANGE).split(b"\n---\n")[1] == (plain.split(b"\n---\n")[1])
    )


def test_a_shallow_repository_is_read(stranger: Stranger, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", stranger.folder.as_uri(), str(shallow))
    with Blobs(shallow) as blobs:
        assert blobs.file("HEAD", PATH) == NEW.decode()
    assert files_of(shallow, "HEAD") != {}


def test_a_symbolic_link_is_no_file(stranger: Stranger, tmp_path: Path) -> None:
    (stranger.folder / "kernel/link.c").symlink_to("/etc/passwd")
    (stranger.folder / "kernel/code.c").symlink_to("int g(void) { return 3; }")
    (stranger.folder / "folder").symlink_to("kernel")
    git(stranger.folder, "add", "-A")
    git(stranger.folder, "commit", "-q", "-m", "links")
    with Blobs(stranger.folder) as blobs:
        names = ("kernel/link.c", "kernel/code.c", "folder", "folder/f.c")
        assert [blobs.file("HEAD", name) for name in names] == [None] * 4
        assert blobs.file("HEAD", PATH) == NEW.decode()
        with Indexes(stranger.folder, blobs, tmp_path / "index") as indexes:
            tree = indexes.tree("HEAD", (PATH,))
            assert tree is not None
            assert tree.symbols("g") == ()
            assert not tree.covers("kernel/code.c")


@pytest.mark.parametrize(
    "path", ["../f.c", "/etc/passwd", "kernel/../kernel/f.c", "./kernel/f.c", "",
             "kernel//f.c", "kernel/f.c\0x", "kernel/f.c\nHEAD:kernel/f.c"]
)  # fmt: skip
def test_only_plain_paths_are_asked_for(path: str, stranger: Stranger) -> None:
    with Blobs(stranger.folder / "kernel") as blobs:
        assert blobs.file("HEAD", path) is None
        assert blobs.file("HEAD", PATH) == NEW.decode()


def test_odd_names_in_a_tree_are_only_names(stranger: Stranger, tmp_path: Path) -> None:
    blob = git_line(stranger.folder, "rev-parse", f"HEAD:{PATH}")
    raw = b"".join(
        b"%s %s\0%s" % (mode, name, bytes.fromhex(blob))
        for mode, name in (
            (b"100644", b".."),
            (b"100644", b".git"),
            (b"100644", b"../../x.c"),
            (b"100644", b"/etc/x.c"),
            (b"120000", b"z.c"),
        )
    )
    add = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
    tree = git_line(stranger.folder, *add, given=raw)
    commit = git_line(stranger.folder, "commit-tree", "-m", "odd", tree)
    before = sorted(tmp_path.rglob("*"))
    with Blobs(stranger.folder) as blobs:
        for name in ("..", "../../x.c", "z.c"):
            assert blobs.file(commit, name) is None
        with Indexes(stranger.folder, blobs, tmp_path / "index") as indexes:
            indexes.tree(commit, ("x.c",))

    assert sorted(tmp_path.rglob("*")) == before
    assert not stranger.canary.exists()


def test_the_repository_of_another_user_is_refused(
    stranger: Stranger,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    mails = stranger.folder / "mails.mbox"
    mails.write_bytes(git(stranger.folder, "format-patch", "-1", "--stdout"))
    folder = str(stranger.folder)

    assert "belongs to another user" in trouble(stranger.folder)
    assert main(["--repo", folder, "--range", RANGE]) == 2
    assert "belongs to another user" in capfd.readouterr().err
    monkeypatch.chdir(stranger.folder)
    main([str(mails)])
    told = capfd.readouterr()
    assert "belongs to another user" in told.err
    assert "the whole file" in told.out


def test_half_an_answer_is_not_taken_for_the_next(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(BaseException):
        pass

    with Blobs(stranger.folder) as blobs:
        assert blobs.file("HEAD", PATH) == NEW.decode()
        with monkeypatch.context() as patched, pytest.raises(Stop):

            def stops(*_: object) -> None:
                raise Stop

            patched.setattr("patchlint.adapters.git._Object", stops)
            blobs.file("HEAD", PATH)
        assert blobs.file("HEAD", PATH) == NEW.decode()


def test_a_child_that_died_is_replaced(stranger: Stranger) -> None:
    oid = git_line(stranger.folder, "rev-parse", f"HEAD~1:{PATH}")
    bad = stranger.folder / ".git/objects" / oid[:2] / oid[2:]
    bad.chmod(0o644)
    bad.write_bytes(b"no object at all")
    with Blobs(stranger.folder) as blobs:
        assert blobs.blob(oid) is None
        assert blobs.file("HEAD", PATH) == NEW.decode()


def test_where_there_is_no_repository_one_child_finds_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    popen = subprocess.Popen

    def start(*given: Any, **options: Any) -> Any:
        started.append(given)
        return popen(*given, **options)

    monkeypatch.setattr("patchlint.adapters.git.subprocess.Popen", start)
    with Blobs(tmp_path) as blobs:
        assert [blobs.blob("1234567") for _ in range(5)] == [None] * 5
    assert len(started) == 1


def test_a_range_is_a_series_with_its_files(stranger: Stranger) -> None:
    everything(stranger)
    (series,) = read([format_patch(stranger.folder, RANGE)])
    with Blobs(stranger.folder) as blobs:
        ((images,),) = stack(series, blobs)

    assert images.old is not None
    assert images.old.proven
