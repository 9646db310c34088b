# SPDX-License-Identifier: GPL-2.0-or-later
"""What a check may see, by scope; built once per series, shared by all rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.lint.budget import UNBOUNDED, Bounds, Budget, begin
from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.image import Image
from patchlint.model.location import InFile, Side, Span
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.model.symbol import FileFacts
from patchlint.model.versions import Pair, Pairing
from patchlint.series.history import History, NoHistory
from patchlint.series.images import BlobSource, Images, stack
from patchlint.series.pairing import pair_up
from patchlint.series.stages import Stage, Stages
from patchlint.series.tree import NoTrees, Patched, Tree, TreeSource
from patchlint.syntax.tree_files import read_file

T = TypeVar("T")
T1 = TypeVar("T1")
K = TypeVar("K", bound=Hashable)

_LANGUAGES = {".c": "c", ".h": "c", ".S": "asm", ".s": "asm"}


def language_of(path: str) -> str:
    """Return the language of a file by its name: ``c``, ``asm``, or ""."""
    dot = path.rfind(".")
    return _LANGUAGES.get(path[dot:], "") if dot >= 0 else ""


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

    def forget(self) -> None:
        """Let go of all values; they and their makers' arguments know each other."""
        self._made.clear()

    def of_one(self, make: Callable[[T1], T], value: T1) -> T:
        """Return ``make(value)`` of this very object, worked out on the first call.

        It is for what is large: a hash of a whole series costs as much as a look at it.
        """
        key = (make, id(value))
        if key not in self._made:
            self._made[key] = (value, make(value))
        return cast(tuple[T1, T], self._made[key])[1]


class Source(Struct, frozen=True, eq=False):
    """One side of one touched file.

    ``changed`` are the lines the patch adds (new side) or removes (old side). ``near``
    are these and, where lines come or go, those beside them: the same place on both
    sides. None stands for all lines.
    """

    image: Image
    side: Side
    changed: frozenset[int]
    facts: Facts
    near: frozenset[int] | None = None

    @property
    def path(self) -> str:
        """The path on this side."""
        return self.image.path

    @property
    def language(self) -> str:
        """``c``, ``asm``, or "" for everything else."""
        return language_of(self.path)

    def at(self, span: Span) -> InFile:
        """Return the place ``span`` names in this file."""
        return InFile(self.path, self.side, span)


class Base(Struct, frozen=True, eq=False):
    """The tree a series applies to: a commit, as far as its paths need it."""

    trees: TreeSource
    commit: str
    stages: Stages


class Around(Struct, frozen=True, eq=False):
    """The tree a series applies to, with what its patches have done so far.

    All patches share ``base`` and the stages of the files they touch.
    """

    base: Base
    stage: Stage


NO_HISTORY = NoHistory()
_NONE = Stages(read_file)
NOWHERE = Around(Base(NoTrees(), "HEAD", _NONE), Stage(_NONE, 0))


class Program(Struct, frozen=True, eq=False):
    """All the touched files on one side of one patch, as far as they are known."""

    side: Side
    sources: tuple[Source, ...]
    facts: Facts
    around: Around = NOWHERE

    def written_in(self, language: str) -> tuple[Source, ...]:
        """Return the sources in one language."""
        return tuple(source for source in self.sources if source.language == language)


class MessageContext(Struct, frozen=True, eq=False):
    """Scope ``message``: any mail of the series, cover letter included."""

    series: Series
    message: Message
    patch: Patch | None
    facts: Facts
    history: History = NO_HISTORY


class PatchContext(Struct, frozen=True, eq=False):
    """Scope ``patch``: one mail with a diff, and the files around it.

    Scope ``program`` sees the same, one side at a time.
    """

    series: Series
    message: Message
    patch: Patch
    before: Program
    after: Program
    facts: Facts


class SeriesContext(Struct, frozen=True, eq=False):
    """Scope ``series``: a complete posting, told of in its first mail, or in another
    one that a match names.

    ``patches`` are those with a diff, in their order.
    """

    series: Series
    message: Message
    patches: tuple[PatchContext, ...] = ()
    facts: Facts = field(default_factory=Facts)
    history: History = NO_HISTORY
    patch: None = None


class VersionContext(Struct, frozen=True, eq=False):
    """Scope ``version``: one mail of a series, and the version before that.

    ``old`` is what the patch was then, ``pair`` says how the two were found to be one;
    both are None for what is new, and for a cover letter.
    """

    series: Series
    message: Message
    patch: Patch | None
    previous: Series
    pairing: Pairing
    pair: Pair | None = None
    old: Patch | None = None
    facts: Facts = field(default_factory=Facts)


class Contexts(Struct, frozen=True):
    """Everything there is to look at in one series, by scope."""

    series: Series
    messages: tuple[MessageContext, ...]
    patches: tuple[PatchContext, ...]
    budget: Budget
    facts: Facts
    versions: tuple[VersionContext, ...] = ()
    history: History = NO_HISTORY


def contexts(
    series: Series,
    source: BlobSource,
    trees: TreeSource | None = None,
    bounds: Bounds = UNBOUNDED,
    history: History = NO_HISTORY,
) -> Contexts:
    """Lay a series out; its files come from ``source``, all others from ``trees``.

    Commits come from ``history``, and files that are no code.
    Raises OverLimitError where that alone takes all the time there is.
    """
    covers = () if series.cover is None else (series.cover,)
    facts = Facts()
    budget = begin(bounds)
    with budget.spend_all():
        patches = tuple(_patches(series, source, trees or NoTrees(), facts))
        versions = tuple(_versions(series, facts))
    return Contexts(
        series=series,
        messages=(
            *(MessageContext(series, c, None, facts, history) for c in covers),
            *(
                MessageContext(series, p.message, p, facts, history)
                for p in series.patches
            ),
        ),
        patches=patches,
        budget=budget,
        facts=facts,
        versions=versions,
        history=history,
    )


def _versions(series: Series, facts: Facts) -> Iterator[VersionContext]:
    """Yield each mail beside what it was in the version before, if that is at hand."""
    previous = series.previous
    if previous is None:
        return
    pairing = pair_up(previous, series)
    pairs = {pair.new: pair for pair in pairing.pairs}
    olds = {patch.position: patch for patch in previous.patches}
    if series.cover is not None:
        cover = VersionContext(series, series.cover, None, previous, pairing)
        yield replace(cover, facts=facts)
    for patch in series.patches:
        pair = pairs.get(patch.position)
        old = olds[pair.old] if pair else None
        yield VersionContext(
            series, patch.message, patch, previous, pairing, pair, old, facts
        )


def _patches(
    series: Series, source: BlobSource, trees: TreeSource, facts: Facts
) -> Iterator[PatchContext]:
    def read(path: str, text: str) -> FileFacts:
        return facts.of(file_facts, (path, text))

    stages = Stages(read)
    base = Base(trees, series.base_commit or "HEAD", stages)
    for patch, images in zip(series.patches, stack(series, source), strict=True):
        stages.add(_texts(images, Side.OLD))
        before = Around(base, Stage(stages, stages.stage))
        stages.add(_gone(images) | _texts(images, Side.NEW))
        after = Around(base, Stage(stages, stages.stage))
        if images:
            yield PatchContext(
                series=series,
                message=patch.message,
                patch=patch,
                before=_program(images, Side.OLD, facts, before),
                after=_program(images, Side.NEW, facts, after),
                facts=facts,
            )


def file_facts(file: tuple[str, str]) -> FileFacts:
    """Return what a file, a path and its text, names and uses."""
    return read_file(*file)


def _texts(images: tuple[Images, ...], side: Side) -> dict[str, str | None]:
    """Return the whole texts of one side, by path."""
    sides = (entry.old if side is Side.OLD else entry.new for entry in images)
    return {image.path: image.text for image in sides if image and image.whole}


def _gone(images: tuple[Images, ...]) -> dict[str, str | None]:
    """Return the paths that a patch removes or renames."""
    paths = (entry.change.gone for entry in images)
    return {path: None for path in paths if path is not None}


def _program(
    images: tuple[Images, ...], side: Side, facts: Facts, around: Around
) -> Program:
    sources = []
    for entry in images:
        image = entry.old if side is Side.OLD else entry.new
        if image is not None:
            changed, near = _changed(entry.change, side), _near(entry.change, side)
            sources.append(Source(image, side, changed, facts, near))
    return Program(side, tuple(sources), facts, around)


def _changed(change: FileChange, side: Side) -> frozenset[int]:
    if side is Side.NEW:
        return frozenset(ln.new or 0 for ln in change.lines if ln.kind is Kind.ADDED)
    return frozenset(ln.old or 0 for ln in change.lines if ln.kind is Kind.REMOVED)


def tree_of(program: Program) -> Tree | None:
    """Return the tree around one side of a patch; None where there is no repository.

    It costs a listing of the repository, so that only rules that have something to
    look up should ask.
    """
    base = program.facts.of(base_tree, program.around.base)
    stage = program.around.stage
    return Patched(base, stage, stage) if base is not None else None


def base_tree(base: Base) -> Tree | None:
    """Return the tree before all patches, around the paths that any of them touches."""
    commits = dict.fromkeys((base.commit, "HEAD"))
    found = (base.trees.tree(commit, base.stages.paths) for commit in commits)
    return next((tree for tree in found if tree is not None), None)


def _near(change: FileChange, side: Side) -> frozenset[int]:
    """Return the lines of one side at which the patch does anything."""
    found: set[int] = set()
    for hunk in change.hunks:
        for lines in (hunk.lines, hunk.lines[::-1]):
            found.update(_followed(lines, side))
    return frozenset(found)


def _followed(lines: Sequence[Line], side: Side) -> Iterator[int]:
    """Yield the changed lines of one side, and the first line behind each change."""
    after_change = False
    for line in lines:
        number = line.new if side is Side.NEW else line.old
        is_change = line.kind is not Kind.CONTEXT
        if number and (is_change or after_change):
            yield number
        after_change = is_change or (after_change and not number)


def whole_files(context: PatchContext) -> PatchContext:
    """Return the context without the files of which only hunks are known.

    All rules that ask get the same one, so that they share its facts.
    """
    return context.facts.of(_whole_files, context)


def _whole_files(context: PatchContext) -> PatchContext:
    before, after = only_whole(context.before), only_whole(context.after)
    if before is context.before and after is context.after:
        return context
    return replace(context, before=before, after=after)


def torn_files(context: PatchContext) -> frozenset[tuple[str, str]]:
    """Return language and path of the files of which only hunks are known."""
    return context.facts.of(_torn_files, context)


def _torn_files(context: PatchContext) -> frozenset[tuple[str, str]]:
    return frozenset(
        (source.language, source.path)
        for program in (context.before, context.after)
        for source in program.sources
        if not source.image.whole
    )


def only_whole(program: Program) -> Program:
    """Return the program without the files of which only hunks are known."""
    return program.facts.of(_only_whole, program)


def _only_whole(program: Program) -> Program:
    kept = tuple(source for source in program.sources if source.image.whole)
    if len(kept) == len(program.sources):
        return program
    return replace(program, sources=kept)
