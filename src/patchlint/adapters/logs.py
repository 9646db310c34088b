# SPDX-License-Identifier: GPL-2.0-or-later
"""sparse and smatch: read from what a build has printed, never run.

Both need the headers of a configuration, generated ones among them, and so a build
with the series applied: `make C=1`. Whoever has made it gives us what it printed; of
that, only what is said of lines that the series adds is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.child import NoAnswerError
from patchlint.lint.card import Card
from patchlint.lint.context import PatchContext
from patchlint.lint.foreign import Said, card_of
from patchlint.model.change import Kind
from patchlint.model.finding import Confidence, Evidence, NotChecked, Severity
from patchlint.model.limits import Limits
from patchlint.model.location import Side
from patchlint.model.series import Series

_FORMS = {
    # file:line:column: warning: text
    "sparse": re.compile(r"([^\s:]+):(\d{1,9}):\d+: (error|warning): (.*)"),
    # file:line function() warn: text
    "smatch": re.compile(r"([^\s:]+):(\d{1,9}) \w+\(\) (error|warn): (.*)"),
}
_MAKE = {"sparse": "make C=1", "smatch": "make C=1 CHECK=smatch"}
_LEVELS = {"error": Severity.ERROR}
_LONGEST = 500
_AHEAD = re.compile(r"(?:\.{0,2}/)+")
_READ = 64 << 20


class Log(Struct, frozen=True):
    """What a build has printed, in a file of the user; "" if there is none."""

    kind: str
    path: str = ""

    @property
    def card(self) -> Card:
        """What stands for it among the rules."""
        how = _MAKE[self.kind]
        summary = f"{self.kind} says something of a line that is added."
        why = f"{self.kind} was run over a build ({how}), whose log was given."
        return card_of(self.kind, summary, why, Evidence.TREE)

    def prepare(self, folder: Path, series: Series) -> None:  # noqa: ARG002
        """Copy the log; NoAnswerError where there is none."""
        if not self.path:
            raise NoAnswerError(
                f"a configured build tree: build it with {_MAKE[self.kind]}, and give "
                f"what it prints (--with {self.kind}:LOG)"
            )
        try:
            with Path(self.path).open("rb") as stream:
                raw = stream.read(_READ + 1)
        except OSError as error:
            raise NoAnswerError(f"{self.path}: {error.strerror}") from error
        if len(raw) > _READ:
            raise NoAnswerError(f"a shorter log than {self.path}")
        (folder / "log").write_bytes(raw)

    def look(
        self,
        context: PatchContext,
        folder: Path,
        limits: Limits,  # noqa: ARG002
    ) -> Sequence[Said | NotChecked]:
        """Return what is said of the lines that the patch adds."""
        text = (folder / "log").read_text("utf-8", "surrogateescape")
        later = _later(context)
        spoken = [
            NotChecked(f"a log of the build after it: {p}") for p in sorted(later)
        ]
        return *spoken, *_said(self.kind, text.split("\n"), context, later)


def _later(context: PatchContext) -> frozenset[str]:
    """Return the files that a later patch changes again: the lines have moved."""
    patches = context.series.patches
    at = next(n for n, patch in enumerate(patches) if patch is context.patch)
    after = frozenset[str]().union(*(patch.touched for patch in patches[at + 1 :]))
    return context.patch.touched & after


def _said(
    kind: str, lines: Sequence[str], context: PatchContext, later: frozenset[str]
) -> Iterator[Said]:
    for hit in filter(None, map(_FORMS[kind].fullmatch, lines)):
        path = hit[1] if hit[1] in context.patch.touched else _AHEAD.sub("", hit[1], 1)
        if path in later:
            continue
        for change in context.patch.by_path.get((path, Side.NEW), ()):
            line = change.line_at(int(hit[2]), Side.NEW)
            if line is not None and line.kind is Kind.ADDED:
                level = _LEVELS.get(hit[3], Severity.WARNING)
                name = "error" if hit[3] == "error" else "warning"
                text = hit[4][:_LONGEST].strip()
                yield Said(name, level, Confidence.MEDIUM, text, line.mail)
