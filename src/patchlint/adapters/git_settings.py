# SPDX-License-Identifier: GPL-2.0-or-later
"""What ``git config`` says: read as data, and written line by line."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from patchlint.adapters.git_safe import environment

_PATIENCE = 60.0
# What says how a message is cleaned, and who commits.
OF_MESSAGES = r"^(commit\.cleanup|core\.comment(char|string)|user\.(name|email))$"


@cache
def settings(folder: Path, pattern: str) -> Mapping[str, str]:
    """Return the last value of each setting whose key a pattern names; {} if none.

    Keys are in lower case, as git has them.
    """
    return {key: values[-1] for key, values in all_settings(folder, pattern).items()}


def all_settings(folder: Path, pattern: str) -> Mapping[str, Sequence[str]]:
    """Return all values of each setting whose key a pattern names."""
    told = git(folder, "config", "-z", "--get-regexp", pattern) or ""
    found: dict[str, list[str]] = {}
    for entry in told.split("\0")[:-1]:
        key, _, value = entry.partition("\n")
        found.setdefault(key, []).append(value)
    return found


def git(folder: Path, *words: str) -> str | None:
    """Return what ``git config`` or ``git rev-parse`` prints; None where it fails.

    Neither starts a program, and both are asked for settings that
    ``git_safe.command()`` would hide.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            ["git", "-C", str(folder), *words],  # noqa: S607
            capture_output=True,
            env=environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape")
