# SPDX-License-Identifier: GPL-2.0-or-later
"""A home and a repository of their own, and the real programs in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

NAME, MAILBOX = "A Dev", "dev@example.org"
SIGNED = f"Signed-off-by: {NAME} <{MAILBOX}>"
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven")


@dataclass
class World:
    """Folders, and how commands are run in them."""

    top: Path
    cache: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def repo(self) -> Path:
        return self.top / "repo"

    @property
    def home(self) -> Path:
        return self.top / "home"

    @property
    def environment(self) -> Mapping[str, str]:
        kept = ("PATH", "PYTHONPATH", "COVERAGE_PROCESS_START")
        who = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", NAME), ("EMAIL", MAILBOX))
        }
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            **who,
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / "data"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(self.top),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            **self.more,
        }

    def run(
        self, *words: str | Path, given: bytes = b"", **more: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.repo,
            env={**self.environment, **more},
            input=given,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def git(self, *words: str | Path, given: bytes = b"") -> str:
        done = self.run("git", *words, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def patchlint(
        self, *words: str | Path, given: bytes = b"", **more: str
    ) -> subprocess.CompletedProcess[str]:
        return self.run(PATCHLINT, *words, given=given, **more)

    def b4(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(Path(sys.executable).parent / "b4", "--offline-mode", *words)

    def commit(self, path: str, text: str, log: str) -> str:
        """Commit a file, past all hooks; return the commit."""
        (self.repo / path).parent.mkdir(parents=True, exist_ok=True)
        (self.repo / path).write_text(text)
        self.git("add", path)
        self.git("commit", "-q", "--no-verify", "-F", "-", given=log.encode())
        return self.git("rev-parse", "HEAD")

    def commits(self, count: int, words: Sequence[str] = ()) -> None:
        """Make some commits, whose logs say ``words`` if there are any."""
        for number in range(1, count + 1):
            names = [f"int {NUMBERS[n]};\n" for n in range(number + 1)]
            said = words[number - 1] if len(words) >= number else "Others need it."
            title = f"ring: Add {NUMBERS[number]}"
            log = f"{title}\n\n{said}\n\n{SIGNED}\n"
            self.commit("drivers/net/ring.c", "".join(names), log)


PATCHLINT = Path(sys.executable).parent / "patchlint"


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that all worlds share: filling it takes a second."""
    return tmp_path_factory.mktemp("warm")


@pytest.fixture
def world(tmp_path: Path, warm: Path) -> World:
    """Return a world with a repository of one commit."""
    made = World(tmp_path, warm)
    made.home.mkdir()
    made.repo.mkdir()
    made.git("init", "-q", "-b", "main")
    made.commit(
        "drivers/net/ring.c", "int zero;\n", f"ring: Begin\n\nWhy.\n\n{SIGNED}\n"
    )
    return made
