# SPDX-License-Identifier: GPL-2.0-or-later
"""The names that the code of a diff uses: they are no words where a text has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.model.change import Kind
from patchlint.model.series import Patch
from patchlint.prose.added import added_text

_PART = re.compile(r"[a-z]{3,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAME = re.compile(r"(?<![\w\"'])[a-z]\w*(?![\w\"'])")
_ASIDE = re.compile(r"/\*.*?(?:\*/|$)|//.*|\"(?:[^\"\\]|\\.)*+\"|^\s*\*.*|^\s*#.*")


def parts(patch: Patch) -> frozenset[str]:
    """Return the words that names, paths and removed comments are made of."""
    found: set[str] = set()
    for change in patch.changes:
        prose = frozenset(row.line for row in added_text(change))
        lines = [
            line.text
            for line in change.lines
            if _is_code(line.kind, line.text) and line.new not in prose
        ]
        lines += [hunk.heading for hunk in change.hunks]
        lines += [change.old_path or "", change.new_path or ""]
        for line in lines:
            found.update(_PART.findall(_CAMEL.sub("_", line).lower()))
    return frozenset(found)


def variables(patch: Patch) -> frozenset[str]:
    """Return the lower-case names that stand in the code of C and assembly."""
    return frozenset(name for line in _code(patch) for name in _NAME.findall(line))


def _code(patch: Patch) -> Iterator[str]:
    for change in patch.changes:
        if change.path.endswith((".c", ".h", ".S")):
            for line in change.lines:
                yield _ASIDE.sub(" ", line.text)


def _is_code(kind: Kind, text: str) -> bool:
    begins = text.lstrip().startswith(("*", "/*", "//"))
    return not (kind is Kind.ADDED and (begins or "/*" in text))
