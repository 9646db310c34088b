# SPDX-License-Identifier: GPL-2.0-or-later
"""codespell (https://github.com/codespell-project/codespell), as the user has it.

It is given what the patch brings: the log, the notes, and the lines that are added. It
works in an empty folder, so that no ``setup.cfg`` or ``.codespellrc`` has a say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.child import NoAnswerError, ask, found
from patchlint.lint.card import Card
from patchlint.lint.context import PatchContext
from patchlint.lint.foreign import Said, card_of
from patchlint.model.change import Kind
from patchlint.model.finding import Confidence, Severity
from patchlint.model.limits import Limits
from patchlint.model.series import Patch, Series

# It prints a line that it was given, its number ahead, and under it a word of it.
_LINE = re.compile(r"(\d{1,9}): ")
_WORD = re.compile(r"\t(\S+) ==> (.*)")
# Words were found, and that is no failure.
_FOUND = 65
_LONGEST = 300
_CARD = card_of(
    "codespell",
    "codespell knows a word as a misspelling.",
    "codespell is a list of misspellings that people have made in source code; of an "
    "abbreviation, or of a name, it knows nothing.",
)


class Codespell(Struct, frozen=True):
    """The one in PATH."""

    @property
    def card(self) -> Card:
        """What stands for it among the rules."""
        return _CARD

    def prepare(self, folder: Path, series: Series) -> None:  # noqa: ARG002
        """Look whether it is there."""
        if not found("codespell"):
            raise NoAnswerError("codespell (pip install codespell)")

    def look(
        self, context: PatchContext, folder: Path, limits: Limits
    ) -> Sequence[Said]:
        """Return the words it knows better."""
        lines = _brought(context.patch)
        text = "".join(f"{line}\n" for line in lines)
        raw = text.encode("utf-8", "replace")
        answer = ask((found("codespell"), "--disable-colors", "-"), raw, folder, limits)
        said = tuple(_read(answer.lines, context.patch))
        if answer.status not in (0, _FOUND):
            raise NoAnswerError(f"a codespell that runs: {answer.last}")
        return said


def _brought(patch: Patch) -> list[str]:
    """Return the lines of the mail, empty where they say nothing new."""
    kept = [""] * len(patch.message.lines)
    for numbers in (patch.parts.log, patch.parts.notes):
        for number in numbers:
            kept[number - 1] = patch.message.line(number)
    kept[patch.message.subject.line - 1] = patch.message.subject.text
    for change in patch.changes:
        for line in change.lines:
            if line.kind is Kind.ADDED:
                kept[line.mail - 1] = line.text
    # What ends a line for others must not shift the numbers.
    return [" ".join(line.splitlines()) for line in kept]


def _read(lines: Sequence[str], patch: Patch) -> Iterator[Said]:
    for line, below in pairwise(lines):
        at, hit = _LINE.match(line), _WORD.fullmatch(below)
        if not at or not hit:
            continue
        number, word, better = int(at[1]), hit[1], hit[2][:_LONGEST].strip()
        is_code = number in patch.parts.diff
        confidence = Confidence.LOW if is_code else Confidence.MEDIUM
        text = f"'{word[:_LONGEST]}' may be misspelled: {better}?"
        yield Said("spelling", Severity.NIT, confidence, text, number)
