# SPDX-License-Identifier: GPL-2.0-or-later
"""Make repositories for tests with the real git, in a world of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from fixtures.build import ENVIRONMENT

Tree = Mapping[str, bytes]
LOG = "Why.\n\nSigned-off-by: A Dev <dev@example.org>\n"


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Run git in a folder and return what it prints."""
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env=ENVIRONMENT,
        input=given,
        check=True,
        capture_output=True,
    ).stdout


def git_line(folder: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git in a folder and return the one line it prints."""
    return git(folder, *arguments, given=given).decode().strip()


def make_repository(folder: Path, *trees: Tree) -> Path:
    """Make a repository with a commit for each tree; a tree is all there is."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    for number, tree in enumerate(trees, 1):
        add_commit(folder, tree, f"area: step {number}\n\n{LOG}")
    return folder


def add_commit(folder: Path, tree: Tree, log: str) -> None:
    """Commit a tree in place of what was there."""
    git(folder, "rm", "-rqf", "--ignore-unmatch", ".")
    for path, raw in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-F", "-", given=log.encode())


def diff_trees(folder: Path, before: Tree, after: Tree, *options: str) -> bytes:
    """Return what git prints between two trees, ids in full."""
    git(folder, "init", "-q", "--template=")
    old, new = (_write_tree(folder, tree) for tree in (before, after))
    return git(folder, "diff", "--full-index", "--no-renames", *options, old, new)


def _write_tree(folder: Path, tree: Tree) -> str:
    """Store a tree; a path that ends with ``*`` can be executed."""
    git(folder, "read-tree", "--empty")
    entries = []
    for name, raw in tree.items():
        oid = git_line(folder, "hash-object", "-w", "--stdin", given=raw)
        path, mode = name.removesuffix("*"), "100755" if name[-1] == "*" else "100644"
        entries.append(f"{mode} {oid}\t{path}\0")
    git(folder, "update-index", "-z", "--index-info", given="".join(entries).encode())
    return git_line(folder, "write-tree")
