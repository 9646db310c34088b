# SPDX-License-Identifier: GPL-2.0-or-later
"""Links to files, for terminals that have them (OSC 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"})
_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm")
_VTE = 5000

Link = Callable[[str, int], str]


def has_links(environment: Mapping[str, str]) -> bool:
    """Say whether a terminal is known to have links; FORCE_HYPERLINK decides."""
    if forced := environment.get("FORCE_HYPERLINK"):
        return forced != "0"
    version = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM", "") in _PROGRAMS
        or environment.get("TERM", "").startswith(_TERMS)
        or bool(environment.get("KONSOLE_VERSION") or environment.get("WT_SESSION"))
        or (version.isdecimal() and int(version) >= _VTE)
    )


def links_to(folder: Path, environment: Mapping[str, str]) -> Link:
    """Return what makes URLs of the files below a folder that are there."""
    if not has_links(environment):
        return lambda _path, _line: ""
    # Only who gets links should wait for these.
    import socket
    from urllib.parse import quote

    top = folder.resolve()
    top = next((up for up in (top, *top.parents) if (up / ".git").exists()), top)
    host = quote(socket.gethostname())

    def link(path: str, line: int) -> str:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not path.isprintable():
            return ""
        # A name from a mail may be too long for a system, or hold anything.
        try:
            is_there = (top / path).is_file()
        except (OSError, ValueError):
            return ""
        return f"file://{host}{quote(str(top / path))}#L{line}" if is_there else ""

    return link
