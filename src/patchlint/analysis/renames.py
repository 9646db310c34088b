# SPDX-License-Identifier: GPL-2.0-or-later
"""Names that a patch renames: what was one and is the other, wherever it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.c_file import functions, tree
from patchlint.lint.context import PatchContext, Program
from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.model.series import Patch, Series
from patchlint.syntax.comments import without_comments

_WORDS = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"[A-Za-z_]\w*")
_DEFINED = re.compile(
    r"^[ \t]*#[ \t]*define[ \t]+(\w+)"
    r"|^(?:DEFINE|DECLARE)_\w+\((?:[^,()\n]+,)?[ \t]*(\w+)[ \t]*\)"
    r"|^[A-Za-z_][\w \t*]*?\b(\w+)[ \t]*[(=;\[]"
    r"|^[ \t]+[A-Za-z_][\w \t*]*?[ \t*](\w+)[ \t]*(?::[ \t]*\d+)?;"
    r"|^[ \t]+([A-Z][A-Z0-9_]+)[ \t]*(?:=[^;,\n]*)?,",
    re.MULTILINE,
)
_OPTION = re.compile(r"config[ \t]+(\w+)$")
_OFTEN = 3
_STRUCT = re.compile(r"\b((?:struct|union)\s+\w+)\s+\*\s*\w+\s*=\s*&(\w+)\s*;")


class Renames(Struct, frozen=True):
    """Which names may stand for each other, before and after.

    ``gone`` and ``come`` are defined on one side only; ``pairs`` are replaced one by
    the other throughout. ``types`` are the structs behind globals. ``options`` are the
    Kconfig symbols the patch takes away: what asked for them always holds.
    """

    gone: frozenset[str]
    come: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    types: tuple[tuple[str, str], ...] = ()
    options: frozenset[str] = frozenset()

    def allows(self, old: str, new: str) -> bool:
        """Say whether one name can be the other one renamed."""
        return (old in self.gone and new in self.come) or (old, new) in self.pairs

    def joined_by(self, pairs: Iterable[tuple[str, str]]) -> Renames:
        """Return the same with more pairs."""
        return replace(self, pairs=self.pairs | frozenset(pairs))

    def typed(self, text: str) -> str:
        """Name known globals by their type: ``boot_cpu_data.x86``."""
        for name, kind in self.types:
            text = re.sub(rf"(?<![\w.>&])\(?&?{name}\)?(?:\.|->)", f"({kind})->", text)
        return text


def renames(context: PatchContext) -> Renames:
    """Return what a patch may have renamed."""
    return context.facts.of(_renames, context)


def _renames(context: PatchContext) -> Renames:
    before, after = defined(context.before), defined(context.after)
    lost, made = context.facts.of_one(_series_defined, context.series)
    return Renames(
        gone=before - after,
        come=after - before,
        pairs=frozenset(_pairs(context, lost, made)),
        types=tuple(sorted({*_types(context.before), *_types(context.after)})),
        options=frozenset(f"CONFIG_{name}" for name in _options_gone(context.patch)),
    )


def defined(program: Program) -> frozenset[str]:
    """Return the names that the touched C files define or declare."""
    texts = (source.image.text for source in program.written_in("c"))
    return frozenset(name for text in texts for name in _definitions(text))


def known_functions(program: Program) -> frozenset[str]:
    """Return the functions the touched C files define."""
    return frozenset(
        item.name for source in program.written_in("c") for item in functions(source)
    )


class Renamed(Struct, frozen=True):
    """A name that a patch defines anew, line for line where the old one stood.

    ``old_line`` and ``line`` are where it was and is defined, ``places`` how many
    lines differ in these two names.
    """

    old: str
    new: str
    change: FileChange
    old_line: Line
    line: Line
    places: int


def renamed_in(patch: Patch) -> tuple[Renamed, ...]:
    """Return what the hunks alone show to be renamed, in the order of the diff.

    One name stands for one other throughout, neither is on the other side of any line,
    and the line that defines the one becomes the line that defines the other, in a hunk
    that does nothing else: what does another thing is rightly called by another name.
    """
    counted = Counter(_replaced(patch))
    if not any(count >= _OFTEN for count in counted.values()):
        return ()
    partners = Counter(name for pair in counted for name in pair)
    sides = {kind: _words_in(patch, kind) for kind in Kind}
    kept = sides[Kind.CONTEXT]
    pairs = {
        (old, new)
        for (old, new), count in counted.items()
        if count >= _OFTEN
        and partners[old] == partners[new] == 1
        and old not in sides[Kind.ADDED] | kept
        and new not in sides[Kind.REMOVED] | kept
    }
    found = {
        (old, new): Renamed(old, new, change, was, line, counted[old, new])
        for change in patch.changes
        for hunk in change.hunks
        if _only_renames(hunk, pairs)
        for was, line in _line_pairs(hunk)
        for old, new in _differing(was.text, line.text)
        if (old, new) in pairs and _defines(was, old) and _defines(line, new)
    }
    return tuple(found.values())


def _only_renames(hunk: Hunk, pairs: set[tuple[str, str]]) -> bool:
    """Say whether all changed lines of a hunk differ in ``pairs`` alone."""
    changed = sum(1 for line in hunk.lines if line.kind is not Kind.CONTEXT)
    same = [(was.text, line.text) for was, line in _line_pairs(hunk)]
    return changed == 2 * len(same) and all(
        (names := set(_differing(*texts))) and names <= pairs for texts in same
    )


def _words_in(patch: Patch, kind: Kind) -> frozenset[str]:
    texts = (ln.text for c in patch.changes for ln in c.lines if ln.kind is kind)
    return frozenset(word for text in texts for word in _WORD.findall(text))


def _defines(line: Line, name: str) -> bool:
    return name in _definitions(line.text)


def alike(program: Program, old: str, other: Program, new: str) -> bool:
    """Say whether two functions are one that was renamed: most words are the same."""
    one = program.facts.of(_bag, (program, old))
    two = other.facts.of(_bag, (other, new))
    common = sum((one & two).values())
    return 2 * common >= 1.4 * max(1, (one.total() + two.total()) / 2)


def _bag(key: tuple[Program, str]) -> Counter[str]:
    program, name = key
    for source in program.written_in("c"):
        for item in functions(source):
            if item.name == name:
                return Counter(_WORDS.findall(tree(source, item).text))
    return Counter()


def _definitions(text: str) -> Iterator[str]:
    if option := _OPTION.match(text):
        yield f"CONFIG_{option[1]}"
    for groups in _DEFINED.findall(without_comments(text)):
        yield from (name for name in groups if name)


def _options_gone(patch: Patch) -> Iterator[str]:
    lines = [ln for change in patch.changes for ln in change.lines]
    found = [(ln.kind, hit[1]) for ln in lines if (hit := _OPTION.match(ln.text))]
    kept = {name for kind, name in found if kind is not Kind.REMOVED}
    yield from (name for kind, name in found if name not in kept)


def _types(program: Program) -> Iterator[tuple[str, str]]:
    for source in program.written_in("c"):
        for kind, name in _STRUCT.findall(source.image.text):
            yield name, " ".join(kind.split())


def _series_defined(series: Series) -> tuple[frozenset[str], frozenset[str]]:
    """Return what any patch of the series ceases to define, and what one begins to."""
    lines = [
        line
        for patch in series.patches
        for change in patch.changes
        for line in change.lines
        if change.path.endswith((".c", ".h", ".S")) or _OPTION.match(line.text)
    ]
    lost, made = (
        {n for ln in lines if ln.kind is kind for n in _definitions(ln.text)}
        for kind in (Kind.REMOVED, Kind.ADDED)
    )
    return frozenset(lost - made), frozenset(made - lost)


def _pairs(
    context: PatchContext, lost: frozenset[str], made: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Yield the names that are replaced one for one.

    Three places show it, or one where the series defines the new one for the old.
    """
    counted = Counter(_replaced(context.patch))
    remaining = _words_of(context.after, context.patch, Kind.ADDED)
    earlier = _words_of(context.before, context.patch, Kind.REMOVED)
    partners = Counter(name for pair in counted for name in pair)
    for (old, new), count in counted.items():
        told = old in lost and new in made
        only = partners[old] == partners[new] == 1
        over = old not in remaining and new not in earlier
        if only and over and (told or count >= _OFTEN):
            yield old, new


def _words_of(program: Program, patch: Patch, kind: Kind) -> frozenset[str]:
    texts = [source.image.text for source in program.sources]
    texts += [ln.text for c in patch.changes for ln in c.lines if ln.kind is kind]
    return frozenset(word for text in texts for word in _WORD.findall(text))


def _replaced(patch: Patch) -> Iterator[tuple[str, str]]:
    """Yield (old, new) for each word that differs in a line that else stays."""
    for change in patch.changes:
        for hunk in change.hunks:
            for removed, added in _line_pairs(hunk):
                yield from _differing(removed.text, added.text)


def _differing(old: str, new: str) -> Iterator[tuple[str, str]]:
    if old.count("(") != new.count("(") or old.count(",") != new.count(","):
        return
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    if len(olds) != len(news):
        return
    pairs = [(a, b) for a, b in zip(olds, news, strict=True) if a != b]
    if all(_WORD.fullmatch(word) for pair in pairs for word in pair):
        yield from set(pairs)


def _line_pairs(hunk: Hunk) -> Iterator[tuple[Line, Line]]:
    """Yield (removed, added) for the lines of runs that are replaced line by line."""
    for removed, added in _runs(hunk.lines):
        if len(removed) == len(added):
            yield from zip(removed, added, strict=True)


def _runs(lines: Iterable[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """Yield the removed lines and the added lines that follow them, run by run."""
    removed: list[Line] = []
    added: list[Line] = []
    for line in lines:
        ends = line.kind is Kind.CONTEXT or (line.kind is Kind.REMOVED and added)
        if ends and (removed or added):
            yield removed, added
            removed, added = [], []
        if line.kind is Kind.REMOVED:
            removed.append(line)
        elif line.kind is Kind.ADDED:
            added.append(line)
    if removed or added:
        yield removed, added
