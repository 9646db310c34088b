# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint hook``: write hooks of git, take them away, say what is there."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from patchlint.adapters import hooks
from patchlint.adapters.git_settings import git
from patchlint.adapters.hooks import BEFORE, FORWARDED, HOOKS, Kind, Wanted
from patchlint.cli.hook_options import parse
from patchlint.cli.output import complain
from patchlint.cli.status import CLEAN, FOUND, USAGE

_WORDS = {Kind.NONE: "not there", Kind.OURS: "ours", Kind.FOREIGN: "somebody else's"}


class _RefusedError(Exception):
    """A hook is not ours to change; the text says which."""


def hook(arguments: Sequence[str]) -> int:
    """Do what the arguments say; refusals end with status 2."""
    given = parse(arguments)
    try:
        folder = _folder(given)
        if given.command == "status":
            return _status(folder, given)
        if given.command == "install":
            _install(folder, given)
        else:
            _uninstall(folder, given)
    except _RefusedError as refusal:
        complain(str(refusal))
        return USAGE
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}")
        return USAGE
    return CLEAN


def _folder(given: Namespace) -> Path:
    found = hooks.global_folder() if given.everywhere else hooks.folder_of(Path())
    if found is None and given.everywhere:
        # git's own files are there, too (git-config(1), FILES).
        return Path.home() / ".config" / "git" / "hooks"
    if found is None:
        raise _RefusedError("not in a git repository (--global is for all of them)")
    return found


def _status(folder: Path, given: Namespace) -> int:
    """Say whose hook each one is; 1 if one of ours is missing."""
    kinds = {name: hooks.kind(folder / name) for name in given.names}
    for name, kind in kinds.items():
        has_before = (folder / f"{name}{BEFORE}").exists()
        more = ", after the one that was there before" if has_before else ""
        sys.stdout.write(f"{folder / name}: {_WORDS[kind]}{more}\n")
    return CLEAN if Kind.OURS in kinds.values() else FOUND


def _install(folder: Path, given: Namespace) -> None:
    if given.everywhere:
        # Not before it is known that all can be written.
        _check(folder, given)
        _look_there(folder)
    _check(folder, given)
    wanted = Wanted(given.fail_on, given.on_error, given.everywhere)
    for name in given.names:
        path = folder / name
        if hooks.kind(path) is Kind.FOREIGN:
            hooks.chain(path)
        hooks.write(path, hooks.script(name, wanted))
        sys.stdout.write(f"{path}: written\n")


def _check(folder: Path, given: Namespace) -> None:
    """Refuse to touch what is not ours, before anything is written."""
    for name in given.names:
        if hooks.kind(folder / name) is Kind.FOREIGN and not given.chain:
            raise _RefusedError(
                f"{folder / name}: somebody else's hook (--chain lets it run first)"
            )


def _look_there(folder: Path) -> None:
    """Have git look for the hooks of all repositories here, and theirs not be lost."""
    if hooks.global_folder() is not None:
        return
    for name in FORWARDED:
        if hooks.kind(folder / name) is Kind.NONE:
            hooks.write(folder / name, hooks.forward(name))
    if git(Path(), "config", "--global", "core.hooksPath", str(folder)) is None:
        raise _RefusedError("git config --global core.hooksPath: git refused")
    sys.stdout.write(f"git config --global core.hooksPath {folder}\n")


def _uninstall(folder: Path, given: Namespace) -> None:
    for name in given.names:
        path = folder / name
        if hooks.kind(path) is not Kind.OURS:
            sys.stdout.write(f"{path}: {_WORDS[hooks.kind(path)]}, left alone\n")
            continue
        is_back = hooks.remove(path)
        what = "the one before is back" if is_back else "removed"
        sys.stdout.write(f"{path}: {what}\n")
    if given.everywhere and not any(hooks.kind(folder / n) is Kind.OURS for n in HOOKS):
        _look_elsewhere(folder)


def _look_elsewhere(folder: Path) -> None:
    """Let git look in each repository again, if it was us who changed that."""
    left = [p for p in folder.glob("*") if hooks.kind(p) is Kind.FOREIGN]
    ours = [p for p in folder.glob("*") if hooks.kind(p) is Kind.OURS]
    for path in ours:
        path.unlink()
    if ours and not left:
        git(Path(), "config", "--global", "--unset", "core.hooksPath")
        sys.stdout.write("git config --global --unset core.hooksPath\n")
