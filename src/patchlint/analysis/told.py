# SPDX-License-Identifier: GPL-2.0-or-later
"""What the message of a patch says about changing an operation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchlint.lint.context import PatchContext

_CHANGES = re.compile(
    r"\b(?:chang|switch|mov|wid|narrow|relax|restrict|extend|limit|skip|mak|avoid|add"
    r"|drop|remov|only|no longer|instead|convert|replac)\w*\b",
    re.IGNORECASE,
)


def log_lines(context: PatchContext) -> Iterator[tuple[int, str]]:
    """Yield the lines of the commit log with their numbers."""
    for number in context.patch.parts.log:
        yield number, context.message.line(number)


def announces(context: PatchContext, names: Iterable[str]) -> bool:
    """Say whether a sentence of subject or log speaks of changing one of ``names``."""
    log = "\n".join(line for _, line in log_lines(context))
    words = re.compile("|".join(re.escape(name) for name in names), re.IGNORECASE)
    sentences = (context.message.subject.text, *re.split(r"(?<=[.!?])\s+", log))
    return any(_CHANGES.search(s) and words.search(s) for s in sentences)
