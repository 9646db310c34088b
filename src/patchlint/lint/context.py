# SPDX-License-Identifier: GPL-2.0-or-later
"""What a check may see, by scope; built once per series, shared by all rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from patchlint.model.change import FileChange, Kind
from patchlint.model.image import Image
from patchlint.model.location import InFile, Side, Span
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.series.images import BlobSource, Images, stack

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_LANGUAGES = {".c": "c", ".h": "c", ".S": "asm", ".s": "asm"}


class Facts:
    """Values worked out at most once, by the function that makes them.

    All checks of a run share them: the tree of a file, its prototypes, the guards
    of a patch. A maker must be a module-level function of its one argument.
    """

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[tuple[object, object], object] = {}

    def of(self, make: Callable[[K], T], value: K) -> T:
        """Return ``make(value)``, worked out on the first call."""
        key = (make, value)
        if key not in self._made:
            self._made[key] = make(value)
        return cast(T, self._made[key])


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One side of one touched file.

    ``changed`` are the lines the patch adds (new side) or removes (old side).
    """

    image: Image
    side: Side
    changed: frozenset[int]
    facts: Facts

    @property
    def path(self) -> str:
        """The path on this side."""
        return self.image.path

    @property
    def language(self) -> str:
        """``c``, ``asm``, or "" for everything else."""
        dot = self.path.rfind(".")
        return _LANGUAGES.get(self.path[dot:], "") if dot >= 0 else ""

    def at(self, span: Span) -> InFile:
        """Return the place ``span`` names in this file."""
        return InFile(self.path, self.side, span)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """All the touched files on one side of one patch, as far as they are known."""

    side: Side
    sources: tuple[Source, ...]
    facts: Facts

    def written_in(self, language: str) -> tuple[Source, ...]:
        """Return the sources in one language."""
        return tuple(source for source in self.sources if source.language == language)


@dataclass(frozen=True, slots=True, eq=False)
class MessageContext:
    """Scope ``message``: any mail of the series, cover letter included."""

    series: Series
    message: Message
    patch: Patch | None
    facts: Facts


@dataclass(frozen=True, slots=True, eq=False)
class PatchContext:
    """Scope ``patch``: one mail with a diff, and the files around it.

    Scope ``program`` sees the same, one side at a time.
    """

    series: Series
    message: Message
    patch: Patch
    before: Program
    after: Program
    facts: Facts


@dataclass(frozen=True, slots=True, eq=False)
class SeriesContext:
    """Scope ``series``: a complete posting, told of in its first mail."""

    series: Series
    message: Message
    patch: None = None


@dataclass(frozen=True, slots=True)
class Contexts:
    """Everything there is to look at in one series, by scope."""

    series: Series
    messages: tuple[MessageContext, ...]
    patches: tuple[PatchContext, ...]


def contexts(series: Series, source: BlobSource) -> Contexts:
    """Lay a series out; file contents come from ``source``."""
    covers = () if series.cover is None else (series.cover,)
    facts = Facts()
    return Contexts(
        series=series,
        messages=(
            *(MessageContext(series, cover, None, facts) for cover in covers),
            *(MessageContext(series, p.message, p, facts) for p in series.patches),
        ),
        patches=tuple(
            _patch_context(series, patch, images, facts)
            for patch, images in zip(series.patches, stack(series, source), strict=True)
            if images
        ),
    )


def _patch_context(
    series: Series, patch: Patch, images: tuple[Images, ...], facts: Facts
) -> PatchContext:
    return PatchContext(
        series=series,
        message=patch.message,
        patch=patch,
        before=_program(images, Side.OLD, facts),
        after=_program(images, Side.NEW, facts),
        facts=facts,
    )


def _program(images: tuple[Images, ...], side: Side, facts: Facts) -> Program:
    sources = []
    for entry in images:
        image = entry.old if side is Side.OLD else entry.new
        if image is not None:
            changed = _changed(entry.change, side)
            sources.append(Source(image, side, changed, facts))
    return Program(side, tuple(sources), facts)


def _changed(change: FileChange, side: Side) -> frozenset[int]:
    if side is Side.NEW:
        return frozenset(ln.new or 0 for ln in change.lines if ln.kind is Kind.ADDED)
    return frozenset(ln.old or 0 for ln in change.lines if ln.kind is Kind.REMOVED)


def whole_files(context: PatchContext) -> PatchContext:
    """Return the context without the files of which only hunks are known.

    All rules that ask get the same one, so that they share its facts.
    """
    return context.facts.of(_whole_files, context)


def _whole_files(context: PatchContext) -> PatchContext:
    before, after = only_whole(context.before), only_whole(context.after)
    return replace(context, before=before, after=after)


def only_whole(program: Program) -> Program:
    """Return the program without the files of which only hunks are known."""
    kept = tuple(source for source in program.sources if source.image.whole)
    if len(kept) == len(program.sources):
        return program
    return Program(program.side, kept, program.facts)
