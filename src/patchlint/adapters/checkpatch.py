# SPDX-License-Identifier: GPL-2.0-or-later
"""scripts/checkpatch.pl of the base, one decoded patch at a time.

It is code of the tree, so that it runs only where the user asks for it, and comes from
the base: never from a commit that a mail names, never from the work tree, and not at
all where the series is about to change it. It is given no tree: with one, checkpatch
puts the text of a licence line into a shell (``is_SPDX_License_valid``), and runs
further scripts of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.child import NoAnswerError, ask, found
from patchlint.adapters.git import Blobs
from patchlint.lint.card import Card
from patchlint.lint.context import PatchContext
from patchlint.lint.foreign import Decoded, Said, card_of, decoded
from patchlint.model.finding import Confidence, Severity
from patchlint.model.limits import Limits
from patchlint.model.series import Series

SCRIPT = "scripts/checkpatch.pl"
_DATA = ("scripts/spelling.txt", "scripts/const_structs.checkpatch")
_OPTIONS = ("--no-tree", "--terse", "--show-types", "--no-summary", "--color=never")
# Names in camel case that headers of the tree declare are none of its business; it
# cannot know them here.
_STRICT = ("--strict", "--ignore", "CAMELCASE")
_SAID = re.compile(r"-:(?:(\d{1,9}):)? ?(ERROR|WARNING|CHECK):([A-Z][A-Z0-9_]*): (.*)")
_LEVELS = {
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "CHECK": Severity.NIT,
}
_LONGEST = 500
# Types whose expression is known to misread code, as people have found.
_MISREADS = frozenset((
    "COMPLEX_MACRO", "DATA_RACE", "MACRO_ARG_REUSE", "MEMORY_BARRIER",
    "MULTISTATEMENT_MACRO_USE_DO_WHILE", "OOM_MESSAGE", "UNNECESSARY_ELSE",
    "USE_NEGATIVE_ERRNO",
))  # fmt: skip
_CARD = card_of(
    "checkpatch",
    "The base tree's own checkpatch.pl complains.",
    "Maintainers run scripts/checkpatch.pl of their tree over what they are sent; "
    "this is what it says of the patch, under the type that checkpatch gives it.",
)


class Checkpatch(Struct, frozen=True):
    """The script of a commit (a full id, or "" where there is none) of a repository."""

    repository: Path
    commit: str
    is_strict: bool = False
    # Whether the commit may be one that has the series in it.
    is_tip: bool = True

    @property
    def card(self) -> Card:
        """What stands for it among the rules."""
        return _CARD

    def prepare(self, folder: Path, series: Series) -> None:
        """Write the script and its data; NoAnswerError where it cannot be had."""
        if not found("perl"):
            raise NoAnswerError("perl (there is none in PATH)")
        if self.is_tip and (path := _changed(series)):
            raise NoAnswerError(
                f"another base: the series changes {path}, its own judge"
            )
        with Blobs(self.repository) as blobs:
            for path in (SCRIPT, *_DATA):
                text = blobs.file(self.commit, path) if self.commit else None
                if text is None and path == SCRIPT:
                    raise NoAnswerError(f"a base with {SCRIPT} (give --repo)")
                if text is not None:
                    place = folder / path
                    place.parent.mkdir(exist_ok=True)
                    place.write_bytes(text.encode("utf-8", "surrogateescape"))

    def look(
        self, context: PatchContext, folder: Path, limits: Limits
    ) -> Sequence[Said]:
        """Return what it says of a patch."""
        options = (*_OPTIONS, *(_STRICT if self.is_strict else ()))
        command = (found("perl"), str(folder / SCRIPT), *options, "-")
        patch = decoded(context.patch)
        answer = ask(command, patch.text, folder, limits)
        said = tuple(read(answer.lines, patch))
        if answer.status > 1 or (answer.status == 1 and not said):
            raise NoAnswerError(f"a checkpatch.pl that runs: {answer.last}")
        return said


def _changed(series: Series) -> str:
    """Return which of its files a series changes, or ""."""
    touched = frozenset[str]().union(*(patch.touched for patch in series.patches))
    return next((path for path in (SCRIPT, *_DATA) if path in touched), "")


def read(lines: Sequence[str], patch: Decoded) -> Iterator[Said]:
    """Yield what lines of the form ``-:LINE: LEVEL:TYPE: text`` say."""
    for hit in filter(None, map(_SAID.fullmatch, lines)):
        number, level, kind, text = hit.groups()
        severity = _LEVELS[level]
        is_sure = severity > Severity.NIT and kind not in _MISREADS
        confidence = Confidence.MEDIUM if is_sure else Confidence.LOW
        line = patch.line(int(number or 0))
        yield Said(kind, severity, confidence, text[:_LONGEST].strip(), line)
