# SPDX-License-Identifier: GPL-2.0-or-later
"""A repository of a stranger, and ``--with``: what was not asked for does not run.

Each attempt would leave a canary behind. What is asked for is code of the base; it
runs, and can leave none (see test_children.py for what else it tries there).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.adapters.repo import git, make_repository
from tests.adapters.stand_in import HONEST, SCRIPT, doing
from tests.adapters.test_children import has_landlock
from tests.adapters.test_hostile_repository import ATTEMPTS, Stranger
from tests.mails import diff, patch_mail

OLD = {"kernel/f.c": "int a;\n"}
NEW = {"kernel/f.c": "int a;\n/* say WARNING */\n"}
LOG = "Why.\n\nSigned-off-by: A Dev <dev@example.org>"
MAIL = patch_mail(LOG, diff(OLD, NEW))
SAID = "checkpatch/MSLEEP"
ASKED = ("--with", "checkpatch")


class Trap:
    """A repository, the mail that is reviewed, and what writes a canary."""

    def __init__(self, folder: Path) -> None:
        self.outside = folder
        self.canary = folder / "canary"
        self.repo = folder / "repo"
        self.mail = folder / "a.patch"
        self.mail.write_text(MAIL, "utf-8")
        self.program = folder / "run-me"
        self.program.write_text(f'#!/bin/sh\necho ran >> "{self.canary}"\n', "utf-8")
        self.program.chmod(0o755)
        # As perl: a checkpatch that leaves a canary and talks on.
        self.writer = doing(f"system('{self.program}');")

    def make(self, *trees: Mapping[str, bytes]) -> None:
        make_repository(self.repo, *trees)

    def link(self, name: str, target: Path) -> None:
        """Put a symbolic link into the commit."""
        path = self.repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        git(self.repo, "add", "-A")
        git(self.repo, "commit", "-qm", "area: link")

    def write(self, name: str, raw: bytes) -> None:
        """Put a file into the work tree; it is in no commit."""
        path = self.repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        path.chmod(0o755)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    made = Trap(tmp_path)
    made.repo.mkdir()
    monkeypatch.chdir(made.repo)
    return made


def review(
    trap: Trap, capfd: pytest.CaptureFixture[str], *arguments: str
) -> tuple[set[str], dict[str, str]]:
    """Return the rules that found something, and what others would have needed."""
    capfd.readouterr()
    main([str(trap.mail), "--repo", str(trap.repo), "--format=json", *arguments])
    answer = json.loads(capfd.readouterr().out)
    needs = {skip["rule"]: skip["needs"] for skip in answer["not_checked"]}
    return {finding["rule"] for finding in answer["findings"]}, needs


@pytest.mark.parametrize(
    "arguments",
    [
        ["FILE"],
        ["--range", "HEAD~1..HEAD"],
        ["show", "FILE"],
        ["fix", "FILE", "-o", "/dev/null"],
        ["config"],
        ["patchwork", "FILE"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_script_of_a_tree_does_not_run_unasked(
    trap: Trap, arguments: list[str]
) -> None:
    tree = {SCRIPT: trap.writer, "scripts/get_maintainer.pl": trap.writer}
    trap.make(tree, {**tree, "a.c": b"int a;\n"})
    names = {"FILE": str(trap.mail)}
    assert main([names.get(word, word) for word in arguments]) in (0, 1)
    assert not trap.canary.exists()


def test_the_canary_can_be_trusted(
    trap: Trap, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the jail the same script sings: it is the jail that keeps it."""
    trap.make({SCRIPT: trap.writer})
    found, _ = review(trap, capfd, *ASKED)
    assert SAID in found
    assert not trap.canary.exists() or not has_landlock()
    open_jail = trap.outside / "jail.py"
    open_jail.write_text("import os, sys\nos.execv(sys.argv[3], sys.argv[3:])\n")
    monkeypatch.setattr("patchlint.adapters.child._JAIL", open_jail)
    review(trap, capfd, *ASKED)
    assert trap.canary.exists()


def test_nothing_of_the_work_tree_runs(
    trap: Trap, capfd: pytest.CaptureFixture[str]
) -> None:
    trap.make({SCRIPT: HONEST})
    for name in (SCRIPT, "scripts/get_maintainer.pl", "perl", "checkpatch.pl"):
        trap.write(name, b"#!/usr/bin/env perl\n" + trap.writer)
    found, _ = review(trap, capfd, *ASKED)
    assert SAID in found
    assert not trap.canary.exists()


def test_a_script_that_is_in_no_commit_is_none(
    trap: Trap, capfd: pytest.CaptureFixture[str]
) -> None:
    trap.make({"a.c": b""})
    trap.write(SCRIPT, trap.writer)
    found, needs = review(trap, capfd, *ASKED)
    assert SAID not in found
    assert SCRIPT in needs["checkpatch"]
    assert not trap.canary.exists()


@pytest.mark.parametrize("name", [SCRIPT, "scripts"])
def test_a_link_is_no_script(
    name: str, trap: Trap, capfd: pytest.CaptureFixture[str]
) -> None:
    outside = trap.outside / "outside"
    outside.mkdir()
    (outside / "checkpatch.pl").write_bytes(trap.writer)
    trap.make({"a.c": b""})
    trap.link(name, outside if name == "scripts" else outside / "checkpatch.pl")
    found, needs = review(trap, capfd, *ASKED)
    assert SAID not in found
    assert SCRIPT in needs["checkpatch"]
    assert not trap.canary.exists()


def test_data_that_are_a_link_are_not_read(
    trap: Trap, capfd: pytest.CaptureFixture[str]
) -> None:
    """A script may read what we can; a link must not make us hand it over."""
    secret = trap.outside / "secret"
    secret.write_text("WARNING\n", "utf-8")
    place = "../scripts/spelling.txt"
    tell = f'print "-:1: ERROR:LEAK: there\\n" if -e "{place}";'
    trap.make({SCRIPT: doing(tell), "scripts/spelling.txt": b"teh||the\n"})
    found, _ = review(trap, capfd, *ASKED)
    assert "checkpatch/LEAK" in found
    trap.link("scripts/spelling.txt", secret)
    found, _ = review(trap, capfd, *ASKED)
    assert SAID in found
    assert "checkpatch/LEAK" not in found


def settings_of_checkpatch(trap: Trap) -> None:
    """checkpatch reads words for itself from the folder it is called in."""
    trap.write(".checkpatch.conf", b"--summary-file --fix-inplace\n")
    trap.write(".scripts/.checkpatch.conf", b"--fix-inplace\n")


def modules_of_perl(trap: Trap) -> None:
    for name in ("strict.pm", "POSIX.pm", "sitecustomize.pl", "lib/strict.pm"):
        trap.write(name, f"system('{trap.program}'); 1;\n".encode())


def programs_in_the_way(trap: Trap) -> None:
    for name in ("perl", "python3", "sh", "codespell", "spatch", "env"):
        trap.write(name, trap.program.read_bytes())


@pytest.mark.parametrize(
    "attempt", [settings_of_checkpatch, modules_of_perl, programs_in_the_way]
)
def test_the_folder_we_are_in_has_no_say(
    attempt: Callable[[Trap], None],
    trap: Trap,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell = 'print "-:1: ERROR:CONF: read\\n" if -e ".checkpatch.conf";'
    trap.make({SCRIPT: doing(tell)})
    attempt(trap)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}:")
    monkeypatch.setenv("PERL5LIB", str(trap.repo))
    found, _ = review(trap, capfd, *ASKED, "--with", "codespell,coccinelle")
    assert SAID in found
    assert "checkpatch/CONF" not in found
    assert not trap.canary.exists()


def test_a_link_is_no_semantic_patch(
    trap: Trap, capfd: pytest.CaptureFixture[str]
) -> None:
    place = "scripts/coccinelle/misc/a.cocci"
    (trap.outside / "a.cocci").write_text("virtual report\n", "utf-8")
    trap.make({"kernel/f.c": OLD["kernel/f.c"].encode()})
    trap.link(place, trap.outside / "a.cocci")
    _, needs = review(trap, capfd, "--with", "coccinelle")
    assert needs["coccinelle"].startswith(("a base with", "spatch"))


@pytest.mark.parametrize("name", ["hooks", "fsmonitor", "everything"])
def test_what_git_would_run_does_not_run_either(
    name: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = Stranger(tmp_path)
    at.write(SCRIPT, HONEST.decode())
    git(at.folder, "add", SCRIPT)
    git(at.folder, "commit", "-qm", "area: judge")
    ATTEMPTS[name](at)
    monkeypatch.chdir(at.folder)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}:")
    mail = tmp_path / "a.patch"
    mail.write_text(MAIL, "utf-8")
    main([str(mail), *ASKED, "--format=json"])
    assert SAID in capfd.readouterr().out
    assert not at.canary.exists()
