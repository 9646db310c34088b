# SPDX-License-Identifier: GPL-2.0-or-later
"""What git will make of the file that a commit message is written in.

A hook sees the file before git cleans it (git-commit(1), ``--cleanup``; ``wt-status.c``
and ``strbuf.c`` of git).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

_SCISSORS = " ------------------------ >8 ------------------------"
_AUTO = re.compile(r"\b(?:with|starting with) '(.)' will be (?:ignored|kept)")
_NOT_MEANT = re.compile(r"(?:fixup|squash|amend)! ")


class Cleanup(StrEnum):
    """How git cleans a message; the words of ``commit.cleanup``."""

    STRIP = "strip"
    WHITESPACE = "whitespace"
    VERBATIM = "verbatim"
    SCISSORS = "scissors"


class Text(Struct, frozen=True):
    """A message as it will be: its lines, and the line of the file each one was."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def is_passing(self) -> bool:
        """Say whether the commit is not meant to stay, or the message not its own."""
        return bool(self.lines) and bool(_NOT_MEANT.match(self.lines[0]))


def comment_of(known: Mapping[str, str]) -> str:
    """Return what comments begin with, by the settings of git."""
    return known.get("core.commentstring") or known.get("core.commentchar", "#")


def cleanup_of(known: Mapping[str, str], *, is_edited: bool) -> Cleanup:
    """Return how git will clean: comments are left alone where no editor was open."""
    word = known.get("commit.cleanup", "")
    if word in (Cleanup.STRIP, Cleanup.WHITESPACE, Cleanup.VERBATIM):
        return Cleanup(word)
    if word == Cleanup.SCISSORS or not is_edited:
        return Cleanup.WHITESPACE
    return Cleanup.STRIP


def cleaned(text: str, cleanup: Cleanup, comment: str = "#") -> Text:
    """Return what is left of a file.

    ``comment`` is what comments begin with; ``auto`` where git chose it. Scissors end
    the message however it is cleaned: ``git commit -v`` puts the diff below them.
    """
    lines = text.split("\n")
    if comment == "auto":
        found = _AUTO.search(text)
        comment = found[1] if found else "#"
    kept = list(_above(enumerate(lines, 1), comment + _SCISSORS))
    if cleanup is Cleanup.STRIP:
        kept = [(number, line) for number, line in kept if not line.startswith(comment)]
    if cleanup is not Cleanup.VERBATIM:
        kept = list(_squeezed([(number, line.rstrip()) for number, line in kept]))
    return Text(tuple(line for _, line in kept), tuple(number for number, _ in kept))


def _above(
    lines: Iterable[tuple[int, str]], scissors: str
) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        if line == scissors:
            return
        yield number, line


def _squeezed(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield one empty line where there are several, and none at either end."""
    blank: tuple[int, str] | None = None
    has_begun = False
    for number, line in lines:
        if not line:
            blank = blank or (number, "")
            continue
        if blank and has_begun:
            yield blank
        blank, has_begun = None, True
        yield number, line
