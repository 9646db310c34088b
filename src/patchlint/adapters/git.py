# SPDX-License-Identifier: GPL-2.0-or-later
"""The repository: blobs from one git child, ranges through GitPython.

Nothing is checked out, no hook or filter of the repository runs, and nothing is
fetched: the child has no transport to fetch with.
"""

from __future__ import annotations

import os
import re
import subprocess
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from patchlint.adapters.prep import find_prep
from patchlint.mail.mbox import split_mbox
from patchlint.mail.prep import Prep, as_sent

if TYPE_CHECKING:
    from git import Git

from patchlint.diff.path import unsafe

_GIT_VARIABLES = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE",
)  # fmt: skip
_PLACES = ("GIT_DIR", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE")
_ASK_PLACES = (
    "--absolute-git-dir", "--git-common-dir", "--git-path", "objects",
    "--git-path", "index",
)  # fmt: skip
_FATAL = re.compile(r"fatal: (.*?)'?$", re.MULTILINE)
_OID = re.compile(r"[0-9a-f]{4,64}")
_RANGE = re.compile(r"[^\s-][^\s]*\.\.\.?[^\s]*|[^\s-][^\s]*\.\.\.?")
_LIMIT = 64 << 20
_PLAIN = (b"100644", b"100755")


class RepositoryError(Exception):
    """The repository cannot be read; the text says which and why."""


class Blobs:
    """File contents from one persistent ``git cat-file --batch``.

    The child starts with the first question and ends with the ``with`` block. An
    unknown, ambiguous or unreadable object is None.
    """

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Begin; nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        self._stop()

    def blob(self, oid: str) -> str | None:
        """Return the blob an id, maybe abbreviated, names."""
        return self._ask(oid) if _OID.fullmatch(oid) else None

    def file(self, commit: str, path: str) -> str | None:
        """Return a file of a commit (a full id, or HEAD); None for an unsafe path.

        A symbolic link is not followed: its text is where it leads.
        """
        if commit != "HEAD" and not _OID.fullmatch(commit):
            return None
        return None if unsafe(path) else self._ask(f"{commit}:{path}")

    def _ask(self, name: str) -> str | None:
        child = self._child or self._start()
        if child.stdin is None or child.stdout is None or child.poll() is not None:
            return None
        try:
            child.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
            child.stdin.flush()
            head = child.stdout.readline().split()
            if len(head) != 3 or not head[2].isdigit():
                return None
            if int(head[2]) > _LIMIT:
                self._stop()
                return None
            raw = child.stdout.read(int(head[2]) + 1)[:-1]
        except BrokenPipeError:
            return None
        text = raw.decode("utf-8", "surrogateescape")
        return text if head[1] == b"blob" else None

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _start(self) -> subprocess.Popen[bytes]:
        command = ["git", "-C", str(self._repository), "cat-file", "--batch"]
        self._child = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        return self._child


def files_of(folder: Path, commit: str) -> dict[str, str]:
    """Return the blob id of each file of a commit (a full id, or HEAD) by its path.

    {} where the repository or the commit is unknown.
    """
    if commit != "HEAD" and not _OID.fullmatch(commit):
        return {}
    command = ["git", "-C", str(folder), "ls-tree", "-r", "-z", "--full-tree", commit]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command, capture_output=True, env=_environment(), check=False
        )
    except OSError:
        return {}
    listed: dict[str, str] = {}
    for entry in done.stdout.split(b"\0")[:-1] if not done.returncode else ():
        head, _, path = entry.partition(b"\t")
        mode, _, oid = head.split(b" ", 2)
        if mode in _PLAIN:
            listed[path.decode("utf-8", "surrogateescape")] = oid.decode("ascii")
    return listed


def is_repository(folder: Path) -> bool:
    """Say whether git finds a repository at ``folder`` or above it."""
    return bool(_places(folder))


def format_patch(folder: Path, commits: str) -> bytes:
    """Return a range ``A..B`` as the mbox that ``git format-patch`` makes of it.

    Where the range is a branch of ``b4 prep``, it is as b4 would send it.

    Raises RepositoryError where the folder is no repository or the range is unknown.
    """
    if not _RANGE.fullmatch(commits):
        raise RepositoryError(f"--range {commits}: not of the form A..B")
    places = _places(folder)
    if not places:
        raise RepositoryError(f"--range {commits}: {folder}: not a git repository")
    # GitPython takes 88 ms to import, which only a range is worth.
    from git import Git
    from git.exc import GitError

    git = Git(folder)
    try:
        with git.custom_environment(**places, **_no_config()):
            prep, letter = find_prep(partial(_ask, git), commits)
            text = git.format_patch(
                "--stdout", "--full-index", "--no-numbered", "--no-ext-diff",
                "--no-textconv", "--no-signature", "--no-attach", "--no-relative",
                "--no-show-signature", "--no-cover-letter", "--submodule=short",
                "--src-prefix=a/", "--dst-prefix=b/", *_threading(prep),
                "--end-of-options", commits,
                stdout_as_string=False, strip_newline_in_stdout=False,
            )  # fmt: skip
    except GitError as error:
        said = _FATAL.search(str(error))
        reason = said[1] if said else type(error).__name__
        raise RepositoryError(f"--range {commits}: {reason}") from error
    return as_sent(split_mbox(bytes(text)), prep, letter)


def _threading(prep: Prep | None) -> tuple[str, ...]:
    if prep is None:
        return ("--thread",)
    return (
        "--thread=shallow",
        f"--in-reply-to=<{prep.message_id}>",
        f"--subject-prefix={prep.words}",
    )


def _ask(git: Git, *words: str) -> bytes:
    """Return what a git command prints; nothing where it fails."""
    return git.execute(
        ["git", *words],
        with_exceptions=False,
        stdout_as_string=False,
        strip_newline_in_stdout=False,
    )


def _places(folder: Path) -> dict[str, str]:
    """Return the variables that hold git to the repository of ``folder``, or none.

    GitPython passes on our environment, which may name another repository: a hook's
    does.
    """
    command = ["git", "-C", str(folder), "rev-parse", *_ASK_PLACES]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            command, capture_output=True, env=_environment(), check=False
        )
    except OSError:
        return {}
    if done.returncode:
        return {}
    paths = [folder / os.fsdecode(line) for line in done.stdout.splitlines()]
    found = dict(zip(_PLACES, (str(path.resolve()) for path in paths), strict=True))
    return found | {"GIT_WORK_TREE": str(folder.resolve())}


def _environment() -> dict[str, str]:
    """Return our environment without what would point git elsewhere or let it fetch."""
    kept = {k: v for k, v in os.environ.items() if k not in _GIT_VARIABLES}
    return kept | _no_config()


def _no_config() -> dict[str, str]:
    return {
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
