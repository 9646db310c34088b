# SPDX-License-Identifier: GPL-2.0-or-later
"""``--with NAME``: the other programs that were asked for, as rules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.checkpatch import Checkpatch
from patchlint.adapters.children import ChildRule, Tool
from patchlint.adapters.coccinelle import Coccinelle
from patchlint.adapters.codespell import Codespell
from patchlint.adapters.inputs import InputError
from patchlint.adapters.jobs import cores
from patchlint.adapters.logs import Log
from patchlint.model.limits import Limits

_THREADS = 4


class Base(Struct, frozen=True):
    """The commit (a full id, or "") of a repository whose scripts may run.

    Never one that a mail names: its sender would choose. ``is_tip`` where it may be
    one that has the series in it.
    """

    folder: Path
    commit: str
    is_tip: bool = True


def rules_with(
    names: Iterable[str], base: Base, limits: Limits
) -> tuple[ChildRule, ...]:
    """Return the programs that are named; InputError for a name that is none."""
    threads = min(_THREADS, cores())
    tools = [_tool(name, base) for name in dict.fromkeys(names)]
    return tuple(ChildRule(tool, limits, threads) for tool in tools)


def _tool(name: str, base: Base) -> Tool:
    kind, _, word = name.partition(":")
    if kind == "checkpatch" and word in ("", "strict"):
        return Checkpatch(base.folder, base.commit, bool(word), base.is_tip)
    if name == "codespell":
        return Codespell()
    if kind == "coccinelle":
        return Coccinelle(base.folder, base.commit, word, base.is_tip)
    if kind in ("sparse", "smatch"):
        return Log(kind, word)
    raise InputError(f"--with {name}: {kind} cannot be asked that (see docs/with.md)")
