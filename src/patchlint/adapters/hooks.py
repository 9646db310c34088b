# SPDX-License-Identifier: GPL-2.0-or-later
"""Hooks of git: where they are, what ours says, whose one is that is there."""

from __future__ import annotations

import os
import shlex
import stat
import sys
from enum import Enum
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.git_settings import git

HOOKS = ("sendemail-validate", "commit-msg")
# Where git looks in one place for the hooks of all repositories, it looks nowhere else.
# Those that run for each reference, or each file, stay out: they would cost too much.
FORWARDED = (
    "applypatch-msg", "commit-msg", "post-applypatch", "post-checkout", "post-commit",
    "post-merge", "post-receive", "post-rewrite", "post-update", "pre-applypatch",
    "pre-auto-gc", "pre-commit", "pre-merge-commit", "pre-push", "pre-rebase",
    "pre-receive", "prepare-commit-msg", "push-to-checkout", "sendemail-validate",
    "update",
)  # fmt: skip
BEFORE = ".before-patchlint"
# A hook that has found something ends with this: with 1 ends Python, where it crashes.
STOP = 10
_MARK = "# patchlint hook: "
_LARGEST = 1 << 16
_OWN = """\
# git looks here for the hooks of all repositories: this is where theirs come in.
own=$(git rev-parse --git-common-dir)/hooks/{name}
if [ -x "$own" ]; then
\t"$own" "$@" || exit
fi
"""
_CHAIN = """\
before=${{0%/*}}/{name}{before}
if [ -x "$before" ]; then
\t"$before" "$@" || exit
fi
"""
_RUN = """\
{program} hook run {name} --fail-on {fail_on} "$@"
status=$?
case $status in
0 | 130) exit $status ;;
{stop}) exit 1 ;;
esac
# It broke, or is not there any more. What you send is not lost for that.
{on_error}
if [ "$on_error" = block ]; then
\techo "patchlint: stopped: the hook {name} did not work (status $status)" >&2
\techo "patchlint: git config patchlint.onError warn goes on without it" >&2
\texit 1
fi
echo "patchlint: NOT REVIEWED: the hook {name} did not work (status $status)" >&2
exit 0
"""
_CONFIGURED = "on_error=$(git config --get patchlint.onError) || on_error=warn"


class Kind(Enum):
    """Whose hook it is."""

    NONE = "none"
    OURS = "ours"
    FOREIGN = "foreign"


class Wanted(Struct, frozen=True):
    """How a hook of ours is to be; without ``on_error``, git's settings say it."""

    fail_on: str = "error"
    on_error: str = ""
    forwards: bool = False


def program() -> str:
    """Return how we are called again, for a shell.

    Never as a module found from where the shell happens to be: a repository may have a
    folder of that name.
    """
    here = Path(sys.executable).parent / "patchlint"
    if os.access(here, os.X_OK):
        return shlex.quote(str(here))
    return f"{shlex.quote(sys.executable)} -P -m patchlint"


def folder_of(repository: Path) -> Path | None:
    """Return where git looks for hooks there (core.hooksPath counts); None: no git."""
    told = git(repository, "rev-parse", "--git-path", "hooks")
    if told is None:
        return None
    return (repository / told.removesuffix("\n")).absolute()


def global_folder() -> Path | None:
    """Return where git looks for the hooks of all repositories; None: in each one."""
    told = git(Path(), "config", "--global", "--type=path", "--get", "core.hooksPath")
    return Path(told.removesuffix("\n")) if told else None


def kind(path: Path) -> Kind:
    """Say whose hook is there; a link is somebody else's, whatever it points at."""
    try:
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode) or state.st_size > _LARGEST:
            return Kind.FOREIGN
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return Kind.NONE
    except OSError:
        return Kind.FOREIGN
    return Kind.OURS if text.split("\n")[1:2] == [_MARK + path.name] else Kind.FOREIGN


def script(name: str, wanted: Wanted) -> str:
    """Return the hook as a shell script."""
    parts = [
        f"#!/bin/sh\n{_MARK}{name}\n",
        '# "patchlint hook uninstall" takes it away again.\n',
        _OWN.format(name=name) if wanted.forwards else "",
        _CHAIN.format(name=name, before=BEFORE),
    ]
    if name in HOOKS:
        on_error = f"on_error={wanted.on_error}" if wanted.on_error else _CONFIGURED
        parts.append(
            _RUN.format(
                program=program(),
                name=name,
                fail_on=wanted.fail_on,
                on_error=on_error,
                stop=STOP,
            )
        )
    return "".join(parts)


def forward(name: str) -> str:
    """Return a hook that does nothing but call the one of the repository."""
    return f"#!/bin/sh\n{_MARK}{name}\n{_OWN.format(name=name)}"


def write(path: Path, text: str) -> None:
    """Write a hook that can be run; OSError where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(new, flags, 0o755), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def chain(path: Path) -> None:
    """Set a hook aside, where ours will run it first; FileExistsError if one is."""
    aside = path.with_name(path.name + BEFORE)
    if os.path.lexists(aside):
        raise FileExistsError(17, "is there already", str(aside))
    path.rename(aside)


def remove(path: Path) -> bool:
    """Take our hook away, and put back what was set aside; say whether there was."""
    aside = path.with_name(path.name + BEFORE)
    if os.path.lexists(aside):
        aside.replace(path)
        return True
    path.unlink()
    return False
