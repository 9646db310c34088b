# SPDX-License-Identifier: GPL-2.0-or-later
"""Which configuration symbols the lines of a diff ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.series import Patch

# Where a name can only be a configuration symbol; a macro or a register may be
# called CONFIG_X too.
_IN_CODE = re.compile(
    r"(?:^[ \t]*#[ \t]*(?:ifdef|ifndef)[ \t]+|\bdefined[ \t]*\(?[ \t]*"
    r"|\bIS_(?:ENABLED|REACHABLE|BUILTIN|MODULE)\([ \t]*)CONFIG_(\w+)"
)
_IN_MAKE = re.compile(r"\$[({]CONFIG_(\w+)[)}]")
_IN_KCONFIG = re.compile(r"^[ \t]+(?:select|imply)[ \t]+(\w+)")
_COMMENT = re.compile(r"[ \t]*(?:\*|//)|[ \t]*/\*")


def asked_in(patch: Patch, kind: Kind) -> Iterator[tuple[str, Line, str]]:
    """Yield (symbol without CONFIG_, line, path) for the lines of one kind."""
    for change in patch.changes:
        if (pattern := _pattern(change)) is None:
            continue
        for line in change.lines:
            if line.kind is kind and not _COMMENT.match(line.text):
                names = pattern.findall(line.text)
                yield from ((name, line, change.path) for name in names)


def _pattern(change: FileChange) -> re.Pattern[str] | None:
    name = change.path.rpartition("/")[2]
    if name.endswith((".c", ".h", ".S")):
        return _IN_CODE
    if name.startswith("Kconfig"):
        return _IN_KCONFIG
    return _IN_MAKE if name.startswith(("Makefile", "Kbuild")) else None
