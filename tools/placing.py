# SPDX-License-Identifier: GPL-2.0-or-later
"""Give a patch whole files that its own repository would give, from a later tree.

A patch that was merged can be taken back where a later tree still has the lines it
made; one that was not can be applied where the tree has the lines it expects. Every
hunk must be found, at one place only. What comes out are real files and the real
hunks, moved to where they fit; of the rest only the hunks are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.model.series import Patch, Series

_LEAST = 4


@dataclass(slots=True)
class Placed:
    """The files before, by the blob ids the mails name, or ids made up for them."""

    texts: dict[str, str] = field(default_factory=dict)

    def blob(self, oid: str) -> str | None:
        """Return a file that was placed."""
        return self.texts.get(oid)

    def file(self, commit: str, path: str) -> str | None:  # noqa: ARG002
        """Know no commits."""
        return None


def place(series: Series, tree: Path | None) -> tuple[Series, Placed]:
    """Return a series whose hunks fit the files of the second value."""
    known = Placed()
    if tree is None:
        return series, known
    patches = tuple(_patch(patch, tree, known) for patch in series.patches)
    return replace(series, patches=patches), known


def _patch(patch: Patch, tree: Path, known: Placed) -> Patch:
    changes = tuple(_change(patch, change, tree, known) for change in patch.changes)
    return replace(patch, changes=changes)


def _change(patch: Patch, change: FileChange, tree: Path, known: Placed) -> FileChange:
    text = _text(tree / change.path) if change.old_path and change.new_path else None
    if text is None or not change.path.endswith((".c", ".h", ".S")):
        return change
    lines = text.split("\n")
    for back in (True, False):
        found = _fitted(change, lines, back=back)
        if found is not None:
            before, hunks = found
            oid = f"placed {patch.message.message_id} {change.path}"
            known.texts[oid] = "\n".join(before)
            return replace(change, hunks=hunks, old_oid=oid, new_oid="")
    return change


@cache
def _text(path: Path) -> str | None:
    if not path.is_file():
        return None
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _fitted(
    change: FileChange, lines: list[str], *, back: bool
) -> tuple[list[str], tuple[Hunk, ...]] | None:
    """Return the file before the patch, and the hunks where they fit it."""
    away = Kind.REMOVED if back else Kind.ADDED
    places: list[tuple[int, Hunk]] = []
    for hunk in change.hunks:
        found = _found(hunk, lines, away)
        if found is None or (places and found[0] < places[-1][0]):
            return None
        places.append(found)
    before, hunks = list(lines), []
    if back:
        for at, hunk in reversed(places):
            shown = _side(hunk.lines, Kind.REMOVED)
            before[at : at + len(shown)] = _side(hunk.lines, Kind.ADDED)
    shift = 0
    for at, hunk in places:
        old = at + 1 - shift if back else at + 1
        new = at + 1 if back else at + 1 + shift
        hunks.append(_moved(hunk, old, new))
        shift += _growth(hunk)
    return before, tuple(hunks)


def _found(hunk: Hunk, lines: list[str], away: Kind) -> tuple[int, Hunk] | None:
    """Find a hunk, with less and less of its context, at one place only."""
    for trim in range(3):
        part = _trimmed(hunk, trim)
        wanted = _side(part.lines, away)
        if trim and len(wanted) < _LEAST:
            return None
        if not wanted:
            return None
        hits = [
            at
            for at in range(len(lines) - len(wanted) + 1)
            if lines[at] == wanted[0] and lines[at : at + len(wanted)] == wanted
        ]
        if len(hits) > 1:
            return None
        if hits:
            return hits[0], part
    return None


def _trimmed(hunk: Hunk, count: int) -> Hunk:
    lines = list(hunk.lines)
    for _ in range(count):
        if lines and lines[0].kind is Kind.CONTEXT:
            lines.pop(0)
        if lines and lines[-1].kind is Kind.CONTEXT:
            lines.pop()
    return replace(hunk, lines=tuple(lines))


def _side(lines: Sequence[Line], away: Kind) -> list[str]:
    return [line.text for line in lines if line.kind is not away]


def _growth(hunk: Hunk) -> int:
    signs = {Kind.ADDED: 1, Kind.REMOVED: -1, Kind.CONTEXT: 0}
    return sum(signs[line.kind] for line in hunk.lines)


def _moved(hunk: Hunk, old: int, new: int) -> Hunk:
    """Number the lines of a hunk from where it stands now."""
    lines = []
    counts = {Kind.REMOVED: old, Kind.ADDED: new}
    for line in hunk.lines:
        here = {
            Kind.REMOVED: line.kind is not Kind.ADDED,
            Kind.ADDED: line.kind is not Kind.REMOVED,
        }
        numbers = {side: counts[side] if here[side] else None for side in counts}
        lines.append(replace(line, old=numbers[Kind.REMOVED], new=numbers[Kind.ADDED]))
        for side, shown in here.items():
            counts[side] += shown
    return replace(hunk, lines=tuple(lines), old_start=old, new_start=new)
