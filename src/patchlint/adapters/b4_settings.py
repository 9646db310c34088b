# SPDX-License-Identifier: GPL-2.0-or-later
"""The settings of git by which b4 calls us."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from patchlint import __version__
from patchlint.adapters.git_settings import all_settings, git
from patchlint.adapters.hooks import program
from patchlint.adapters.rulebook import stamp

SEAMS = ("prep", "am", "review", "agent")
_CHECKPATCH = "scripts/checkpatch.pl"
_TERSE = "-q --terse --no-summary --mailback"
# What b4 does by itself, until there is a command: that is to go on.
_USUAL = {
    "b4.prep-perpatch-check-cmd": f"./{_CHECKPATCH} {_TERSE} --showfile",
    "b4.am-perpatch-check-cmd": f"./{_CHECKPATCH} {_TERSE}",
    "b4.review-perpatch-check-cmd": "_builtin_checkpatch",
}
_KEYS = {
    "prep": {"b4.prep-perpatch-check-cmd": "b4 check"},
    "am": {"b4.am-perpatch-check-cmd": "b4 check"},
    "review": {
        "b4.review-perpatch-check-cmd": "b4 review-patch",
        "b4.review-series-check-cmd": "b4 review-series",
    },
    "agent": {"b4.review-agent-command": "b4-agent", "b4.review-agent-prompt-path": ""},
}
_OURS = re.compile(r"\S*patchlint['\"]? b4(?: (?:check|review-\w+)|-agent)\b")
_OUR_PATH = str(Path("patchlint", "cli", "b4_agent.py"))


class Line(Struct, frozen=True):
    """One call of ``git config``: ``words`` behind ``git config --local``."""

    words: tuple[str, ...]

    def shown(self, scope: str) -> str:
        """Return it as it would be typed."""
        return shlex.join(("git", "config", scope, *self.words))


def digest(folder: Path) -> str:
    """Return what changes when our answers may: b4 keeps them by the command line."""
    kept = all_settings(folder, r"^patchlint\.")
    lines = [__version__, stamp(), *(f"{k}={v}" for k, v in sorted(kept.items()))]
    base = Path(os.environ.get("XDG_CONFIG_HOME", "") or Path.home() / ".config")
    own = base / "patchlint" / "config.toml"
    text = own.read_bytes() if own.is_file() else b""
    return sha256("\n".join(lines).encode() + text).hexdigest()[:12]


def added(folder: Path, scope: str, seams: Sequence[str]) -> Iterator[Line]:
    """Yield what is to be set; what is ours already is set anew."""
    known = all_settings(folder, r"^b4\.")
    key = digest(folder)
    for name, what in _wanted(seams):
        values = known.get(name, ())
        if name in _USUAL and not values and os.access(folder / _CHECKPATCH, os.X_OK):
            yield Line(("--add", name, _USUAL[name]))
        if not what:
            yield Line((name, str(Path(__file__).parents[2] / _OUR_PATH)))
        elif any(map(is_ours, values)) and _has(folder, scope, name):
            value = f"{program()} {what}{_key(what, key)}"
            yield Line(("--replace-all", name, value, _OURS.pattern.replace("?:", "")))
        else:
            add = () if what == "b4-agent" else ("--add",)
            yield Line((*add, name, f"{program()} {what}{_key(what, key)}"))


def removed(folder: Path, scope: str, seams: Sequence[str]) -> Iterator[Line]:
    """Yield what takes our lines away, and leaves those of others."""
    for name, what in _wanted(seams):
        pattern = _OURS.pattern.replace("?:", "") if what else re.escape(_OUR_PATH)
        if _has(folder, scope, name):
            yield Line(("--unset-all", name, pattern))


def foreign(folder: Path, seams: Sequence[str]) -> str:
    """Return the command of somebody else that ours would take the place of, or ""."""
    if "agent" not in seams:
        return ""
    values = all_settings(folder, r"^b4\.review-agent-command$")
    return next((v for vs in values.values() for v in vs if not is_ours(v)), "")


def state(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each key with what stands for us there."""
    key = digest(folder)
    known = all_settings(folder, r"^b4\.")
    for name, what in _wanted(SEAMS):
        if not what:
            continue
        ours = [value for value in known.get(name, ()) if is_ours(value)]
        is_new = any(_key(what, key) in value for value in ours)
        yield name, ("ours" if is_new else "ours, of old rules") if ours else "not ours"


def run(folder: Path, scope: str, line: Line) -> bool:
    """Set what a line says."""
    return git(folder, "config", scope, *line.words) is not None


def is_ours(value: str) -> bool:
    """Say whether a command calls us."""
    return bool(_OURS.search(value))


def _has(folder: Path, scope: str, name: str) -> bool:
    values = (git(folder, "config", scope, "--get-all", name) or "").splitlines()
    return any(is_ours(v) or v.endswith(_OUR_PATH) for v in values)


def _wanted(seams: Sequence[str]) -> Iterator[tuple[str, str]]:
    for seam in seams:
        yield from _KEYS[seam].items()


def _key(what: str, key: str) -> str:
    return "" if what == "b4-agent" else f" --key {key}"
