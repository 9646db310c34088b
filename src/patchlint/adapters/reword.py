# SPDX-License-Identifier: GPL-2.0-or-later
"""Write commits again with other messages, on a branch that is new.

Only objects and one reference are written: no work tree, no index, no hook. Trees,
parents, authors, committers and their dates stay; a signature would not fit any more
and is left out.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from patchlint.adapters.git import RepositoryError
from patchlint.adapters.git_safe import command, environment

_SIGNATURE = re.compile(rb"^gpgsig(?:-sha256)? .*\n(?: .*\n)*", re.MULTILINE)
_PARENT = re.compile(rb"^parent [0-9a-f]{40,64}$", re.MULTILINE)


def commits_of(folder: Path, commits: str) -> tuple[str, ...]:
    """Return the ids of a range, oldest first; RepositoryError if it holds a merge."""
    listed = _git(folder, "rev-list", "--reverse", "--topo-order", "--parents", commits)
    rows = [line.split() for line in listed.decode().splitlines()]
    for row in rows:
        if len(row) != 2:
            what = "a merge" if len(row) > 2 else "a first commit"
            raise RepositoryError(f"--range {commits}: {row[0][:12]} is {what}")
    return tuple(row[0] for row in rows)


def message_of(folder: Path, commit: str) -> str:
    """Return the message of a commit; RepositoryError unless it is UTF-8."""
    head, _, text = _git(folder, "cat-file", "commit", commit).partition(b"\n\n")
    if re.search(rb"^encoding (?!utf-8$)", head, re.MULTILINE | re.IGNORECASE):
        raise RepositoryError(f"{commit[:12]}: its message is not in UTF-8")
    return text.decode("utf-8", "surrogateescape")


def branch_at(folder: Path, commits: str) -> str:
    """Return the branch that a range ends with; "" where that is none."""
    end = re.split(r"\.\.\.?", commits)[-1] or "HEAD"
    full = _git(folder, "rev-parse", "--symbolic-full-name", "--verify", end)
    name = full.decode("utf-8", "surrogateescape").strip()
    return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else ""


def reword(folder: Path, commits: tuple[str, ...], messages: Mapping[str, str]) -> str:
    """Return the id of the last commit, written again with ``messages`` by commit id.

    Commits before the first that changes are kept as they are.
    """
    last = ""
    for commit in commits:
        if not last and commit not in messages:
            continue
        head, _, text = _git(folder, "cat-file", "commit", commit).partition(b"\n\n")
        head = _SIGNATURE.sub(b"", head + b"\n").removesuffix(b"\n")
        if last:
            head = _PARENT.sub(b"parent " + last.encode(), head, count=1)
        if commit in messages:
            text = messages[commit].encode("utf-8", "surrogateescape")
        made = head + b"\n\n" + text
        last = _git(
            folder, "hash-object", "-t", "commit", "-w", "--stdin", given=made
        ).decode()
        last = last.strip()
    return last or commits[-1]


def new_branch(folder: Path, name: str, commit: str) -> None:
    """Make a branch; RepositoryError if its name is bad, or taken."""
    try:
        _git(folder, "check-ref-format", "--branch", name)
    except RepositoryError as error:
        raise RepositoryError(f"--branch {name}: not a name for a branch") from error
    nothing = "0" * len(commit)
    try:
        _git(folder, "update-ref", f"refs/heads/{name}", commit, nothing)
    except RepositoryError as error:
        raise RepositoryError(f"--branch {name}: it is there already") from error


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        command(folder, *arguments),
        input=given,
        capture_output=True,
        env=environment(),
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise RepositoryError(f"git {arguments[0]}: {said}")
    return done.stdout
