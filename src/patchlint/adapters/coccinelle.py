# SPDX-License-Identifier: GPL-2.0-or-later
"""Coccinelle: the base tree's own semantic patches over the files as they will be.

``scripts/coccinelle`` of the base is code (it may hold Python), so that the same holds
as for checkpatch: only if asked for, only from the base, unable to write elsewhere. A
file is looked at as a whole and alone, without headers; what is said of a line that
the patch does not add is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.child import NoAnswerError, ask, found
from patchlint.adapters.git import Blobs
from patchlint.lint.card import Card
from patchlint.lint.context import PatchContext, Source
from patchlint.lint.foreign import Said, card_of
from patchlint.model.finding import Confidence, Evidence, NotChecked, Severity
from patchlint.model.limits import Limits
from patchlint.model.location import Side
from patchlint.model.series import Series

FOLDER = "scripts/coccinelle"
_OPTIONS = ("--very-quiet", "--no-includes", "-D", "report", "--cocci-file")
_SAID = re.compile(r"([^:]+):(\d{1,9}):\d+-\d+: (.*)")
_SURE = re.compile(r"^//+#? *Confidence: *(\w+)", re.MULTILINE)
_REPORTS = re.compile(r"^virtual\b.*\breport\b", re.MULTILINE)
_OCAML = re.compile(r"^@ *\w+:ocaml\b", re.MULTILINE)
_HOW_SURE = {"high": Confidence.HIGH, "low": Confidence.LOW}
_LONGEST = 500
_MOST = 500
_CARD = card_of(
    "coccinelle",
    "A semantic patch of the base tree fits.",
    "scripts/coccinelle of the tree holds patterns of what should not be written; "
    "`make coccicheck` runs them over the whole of it.",
    Evidence.FILE,
)


class Coccinelle(Struct, frozen=True):
    """The semantic patches of a commit whose names begin with a word, or all."""

    repository: Path
    commit: str
    word: str = ""
    is_tip: bool = True

    @property
    def card(self) -> Card:
        """What stands for it among the rules."""
        return _CARD

    def prepare(self, folder: Path, series: Series) -> None:
        """Write the semantic patches that report; NoAnswerError if there are none."""
        if not found("spatch"):
            raise NoAnswerError("spatch (of Coccinelle; there is none in PATH)")
        touched = frozenset[str]().union(*(p.touched for p in series.patches))
        own = sorted(path for path in touched if path.startswith(f"{FOLDER}/"))
        if self.is_tip and own:
            raise NoAnswerError(f"another base: the series changes {own[0]}")
        texts = self._texts()
        if not texts:
            raise NoAnswerError(f"a base with {FOLDER}/{self.word}* (give --repo)")
        (folder / "cocci").mkdir()
        for name, text in texts.items():
            raw = text.encode("utf-8", "surrogateescape")
            (folder / "cocci" / name.replace("/", "-")).write_bytes(raw)

    def _texts(self) -> Mapping[str, str]:
        with Blobs(self.repository) as blobs:
            listed = blobs.below(self.commit, FOLDER) if self.commit else {}
            names = {
                path.removeprefix(f"{FOLDER}/"): oid for path, oid in listed.items()
            }
            wanted = sorted(
                name
                for name in names
                if name.endswith(".cocci") and name.startswith(self.word)
            )
            texts = {name: blobs.blob(names[name]) or "" for name in wanted[:_MOST]}
        return {
            name: text
            for name, text in texts.items()
            if _REPORTS.search(text) and not _OCAML.search(text)
        }

    def look(
        self, context: PatchContext, folder: Path, limits: Limits
    ) -> Sequence[Said | NotChecked]:
        """Return what is said of the lines that the patch adds."""
        sources = [s for s in context.after.sources if s.language == "c"]
        seen: list[Said | NotChecked] = [
            NotChecked(f"the whole file: {source.path}")
            for source in sources
            if not source.image.whole
        ]
        files = _written(
            (source for source in sources if source.image.whole),
            folder / f"after-{context.patch.position}-{id(context)}",
        )
        if not files:
            return seen
        for script in sorted((folder / "cocci").iterdir()):
            work = folder / "work"
            command = (found("spatch"), *_OPTIONS, str(script), *files)
            try:
                answer = ask(command, b"", folder, limits, str(work))
            except NoAnswerError as why:
                seen.append(NotChecked(f"{script.stem}: {why}"))
                continue
            sure = _SURE.search(script.read_text("utf-8", "replace"))
            confidence = _HOW_SURE.get(
                sure[1].lower() if sure else "", Confidence.MEDIUM
            )
            places = {name.removeprefix(f"{folder}/"): s for name, s in files.items()}
            said = _read(answer.lines, places, context)
            seen += (_said(script.stem, confidence, *one) for one in said)
        return seen


def _written(sources: Iterator[Source], folder: Path) -> dict[str, Source]:
    """Write files; return them by their full names."""
    made = {}
    for source in sources:
        path = folder / source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.image.text.encode("utf-8", "surrogateescape"))
        made[str(path)] = source
    return made


def _read(
    lines: Sequence[str], places: Mapping[str, Source], context: PatchContext
) -> Iterator[tuple[int, str]]:
    """Yield the line of the mail, and what is said of it."""
    for hit in filter(None, map(_SAID.fullmatch, lines)):
        source, number = places.get(hit[1]), int(hit[2])
        if source is None or number not in source.changed:
            continue
        for change in context.patch.by_path.get((source.path, Side.NEW), ()):
            if line := change.line_at(number, Side.NEW):
                yield line.mail, hit[3][:_LONGEST].strip()


def _said(name: str, confidence: Confidence, line: int, text: str) -> Said:
    level = Severity.ERROR if text.startswith("ERROR") else Severity.WARNING
    return Said(name, level, confidence, text, line)
