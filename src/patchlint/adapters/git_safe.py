# SPDX-License-Identifier: GPL-2.0-or-later
"""How git is called: so that nothing a repository names is run, and nothing fetched.

A repository may come from a stranger, with its ``.git/config``. What the caller has
set for himself (his own configuration, ``GIT_CONFIG_*``) stays, except for what would
start a program: the command line goes before all of it. Variables that point git at
another repository are dropped, since a hook that calls us has them set.

git refuses the repository of another user (``safe.directory``); that stands.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_KEPT = (
    "GIT_CEILING_DIRECTORIES", "GIT_CONFIG_", "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXEC_PATH", "GIT_PYTHON_", "GIT_TEST_ASSUME_DIFFERENT_OWNER",
)  # fmt: skip
_FIXED = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_EDITOR": "false",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# Every setting that names a program, or has git do more than it was asked for.
# Drivers of diff and filter have names of their own: see --no-textconv below.
_SETTINGS = (
    "core.alternateRefsCommand=false",
    f"core.attributesFile={os.devnull}",
    "core.askPass=false",
    "core.editor=false",
    "core.fsmonitor=false",
    "core.gitProxy=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.useReplaceRefs=false",
    "credential.helper=",
    "diff.external=",
    "gc.auto=0",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.allow=never",
    "submodule.recurse=false",
    "uploadpack.packObjectsHook=false",
    "user.useConfigOnly=false",
)
# What git makes ids of mails with where nobody has told it who he is, as in CI. What
# somebody has told it goes before this.
_NOBODY = "patchlint@localhost"
# What every command that prints a diff is told.
PLAIN_DIFF = (
    "--no-ext-diff", "--no-textconv", "--no-show-signature", "--submodule=short",
    "--no-relative", "--no-color", "--src-prefix=a/", "--dst-prefix=b/",
    f"-O{os.devnull}",
)  # fmt: skip


def command(folder: Path, *arguments: str) -> list[str]:
    """Return the command line of git, to be run with ``environment()``."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", "-C", str(folder), *settings, *arguments]


def environment() -> dict[str, str]:
    """Return our environment without what would point git elsewhere or start more."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    # A relative folder would be one of the repository's.
    path = kept.get("PATH", os.defpath).split(os.pathsep)
    kept["PATH"] = os.pathsep.join(part for part in path if Path(part).is_absolute())
    kept["EMAIL"] = kept.get("EMAIL") or _NOBODY
    return kept | _FIXED


@contextmanager
def only_environment() -> Iterator[None]:
    """Make it that of our own process: GitPython adds to that, and removes nothing."""
    before = dict(os.environ)
    _become(environment())
    try:
        yield
    finally:
        _become(before)


def _become(variables: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
