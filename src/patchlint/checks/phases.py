# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about time: can a flag be read before it is set, and on which CPU is it set?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct

from patchlint.analysis import c_file
from patchlint.analysis.c_file import arguments
from patchlint.analysis.phases import Reached, entries, reached
from patchlint.lint.context import PatchContext, Program, Source, tree_of
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InFile, Side, Span
from patchlint.syntax.comments import without_comments
from patchlint.syntax.layout import layout
from patchlint.syntax.node import Node

Seen = Match | NotChecked

_SIDE = Side.NEW
EARLY, SECONDARY, EVERY, INITCALL, ANY = (
    "early boot", "secondary", "every CPU", "initcall", "any time",
)  # fmt: skip

_DEFINITION = re.compile(
    r"^(?:static\s+)?DEFINE_PER_CPU\w*\(\s*(bool|_Bool|int|unsigned int|u8|u32)\s*,"
    r"\s*(\w+)\s*\)\s*(?:=\s*([^;]+))?;",
    re.MULTILINE,
)
_ACCESS = re.compile(r"(?:__|raw_)?(?:this_cpu|raw_cpu)_(read|write)|per_cpu")
_CONSTANT = re.compile(r"(?:true|false|0|1)")
_UNSET = ("", "0", "false")
_ONLY = {INITCALL: "the CPU that runs the initcalls", SECONDARY: "the secondary CPUs"}


class _Access(Struct, frozen=True, eq=False):
    """A read or a write of a flag in a function; ``value`` is "" for a read."""

    source: Source
    function: str
    node: Node
    value: str

    @property
    def where(self) -> InFile:
        return self.source.at(self.node.span)


class _Timed(Struct, frozen=True):
    """An access and the entries that lead to it."""

    access: _Access
    entries: tuple[Reached, ...]

    @property
    def phases(self) -> frozenset[str]:
        return frozenset(entry.phase for entry in self.entries)

    def by(self, phase: str) -> Reached | None:
        """Return the nearest entry of a phase."""
        return next((entry for entry in self.entries if entry.phase == phase), None)


class _Flag(Struct, frozen=True, eq=False):
    """A per-CPU flag that a patch defines, and who uses it in the touched files.

    ``writers`` are those that give it another value than it has to begin with.
    """

    name: str
    where: InFile
    text: str
    default: str
    readers: tuple[_Timed, ...]
    writers: tuple[_Timed, ...]


def set_before_use(context: PatchContext, options: Options) -> Iterator[Seen]:
    """A new per-CPU flag is read where any time can be, and set only at some time."""
    for flag in _flags(context, options):
        if isinstance(flag, NotChecked):
            yield flag
            continue
        readers = [reader for reader in flag.readers if ANY in reader.phases]
        if flag.default not in _UNSET or not readers or not flag.writers:
            continue
        if not any(writer.entries for writer in flag.writers):
            yield NotChecked(f"the callers of {flag.writers[0].access.function}()")
        elif not any(ANY in writer.phases for writer in flag.writers):
            yield _question(flag, readers)


def set_on_subset(context: PatchContext, options: Options) -> Iterator[Seen]:
    """A new per-CPU flag is set on the boot CPU alone, or on all others alone."""
    for flag in _flags(context, options):
        if isinstance(flag, NotChecked):
            yield flag
            continue
        phases = frozenset(chain.from_iterable(w.phases for w in flag.writers))
        who = _ONLY.get(next(iter(phases))) if len(phases) == 1 else None
        if flag.readers and who is not None:
            first = flag.writers[0]
            yield Match(
                where=first.access.where,
                message=(
                    f"{flag.name} is per CPU and is set here on {who} only "
                    f"({_by(first.entries[0])}). Is it not needed on the others?"
                ),
                trace=(
                    _definition(flag),
                    *chain.from_iterable(map(_steps, flag.writers)),
                ),
                key=flag.name,
            )


def early_write(context: PatchContext, options: Options) -> Iterator[Seen]:
    """A write before the per-CPU areas exist lands in the image all CPUs get."""
    for flag in _flags(context, options):
        if isinstance(flag, NotChecked):
            yield flag
            continue
        for writer in flag.writers:
            access, early = writer.access, writer.by(EARLY)
            if early is not None:
                yield Match(
                    where=access.where,
                    message=(
                        f"On the boot CPU this runs before setup_per_cpu_areas() "
                        f"({_by(early)}), so it sets {flag.name} in the image that "
                        "every CPU starts with."
                    ),
                    trace=(_definition(flag), *_way(early)),
                    key=f"{flag.name} {access.function}",
                )


def _flags(context: PatchContext, options: Options) -> Iterator[_Flag | NotChecked]:
    """Yield the per-CPU flags that a patch brings, with when they are used."""
    known = entries(options.table("phases"))
    old = {
        name
        for source in context.before.written_in("c")
        for name, *_ in _defined(source)
    }
    for source in context.after.written_in("c"):
        for name, default, span, text in _defined(source):
            if name in old:
                continue
            tree = tree_of(context.after)
            if tree is None:
                yield NotChecked(f"the tree, for when {name} is set and read")
                continue
            accesses = tuple(
                _Timed(access, reached(tree, access.function, known))
                for access in _accesses(context.after, name)
            )
            yield _Flag(
                name=name,
                where=source.at(span),
                text=text,
                default=default,
                readers=tuple(a for a in accesses if not a.access.value),
                writers=tuple(a for a in accesses if a.access.value not in _UNSET),
            )


def _defined(source: Source) -> Iterator[tuple[str, str, Span, str]]:
    if "DEFINE_PER_CPU" not in source.image.text:
        return
    places = layout(source.image)
    for found in _DEFINITION.finditer(without_comments(source.image.text)):
        span = places.span(*found.span())
        default = (found[3] or "").strip()
        yield found[2], default, span, found[0].split("\n")[0]


def _accesses(program: Program, name: str) -> Iterator[_Access]:
    """Yield the reads and the constant writes of a flag in the touched files."""
    for source in program.written_in("c"):
        for item in c_file.functions(source):
            if name not in c_file.words(source, item):
                continue
            for callee, call in c_file.calls(c_file.tree(source, item)):
                access = _ACCESS.fullmatch(callee)
                given = arguments(call)
                if access is None or not given or given[0].text != name:
                    continue
                value = given[1].text if access[1] == "write" and given[1:] else ""
                if not value or _CONSTANT.fullmatch(value):
                    yield _Access(source, item.name, call, value)


def _question(flag: _Flag, readers: list[_Timed]) -> Match:
    names = dict.fromkeys(f"{w.access.function}()" for w in flag.writers)
    setters = " and ".join(names)
    first = readers[0].access
    return Match(
        where=first.where,
        message=(
            f"Can a CPU get here before {flag.name} is set on it? It is "
            f"{flag.default or 'false'} until {setters} ran there, and "
            f"{first.function}() can run at any time."
        ),
        trace=(
            _definition(flag),
            *chain.from_iterable(map(_steps, flag.writers)),
            *(_reads(reader) for reader in readers),
            *_answers(flag.writers),
        ),
        key=flag.name,
    )


def _definition(flag: _Flag) -> Step:
    return Step(flag.where, flag.text, f"{flag.default or 'false'} to begin with")


def _steps(writer: _Timed) -> Iterator[Step]:
    access = writer.access
    note = f"set in {access.function}(), {_phases(writer)}"
    yield Step(access.where, access.node.text.split("\n")[0], note)
    for entry in writer.entries[:2]:
        yield from _way(entry)


def _reads(reader: _Timed) -> Step:
    access, entry = reader.access, reader.by(ANY)
    by = _by(entry) if entry is not None else ANY
    note = f"read in {access.function}(), which can run at any time ({by})"
    return Step(access.where, access.node.text.split("\n")[0], note)


def _answers(writers: tuple[_Timed, ...]) -> Iterator[Step]:
    """Yield what speaks against the window."""
    for writer in writers:
        access, early = writer.access, writer.by(EARLY)
        if early is not None:
            yield Step(
                access.where,
                access.node.text.split("\n")[0],
                f"closes it for all but the boot CPU: {_by(early)} comes before "
                "setup_per_cpu_areas(), so the write lands in the image that every "
                "CPU starts with",
            )
            return


def _way(entry: Reached) -> Iterator[Step]:
    """Yield the uses from an entry down, as places of the tree."""
    for placed in entry.way:
        use = placed.use
        text = f"{use.role} = {use.name}" if use.role[:1] == "." else f"{use.name}()"
        where = InFile(placed.path, _SIDE, Span(use.line, 1, use.line, 1))
        yield Step(where, text, f"in {use.holder}, {entry.phase}")


def _phases(timed: _Timed) -> str:
    if not timed.entries:
        return "from where is not known"
    return ", ".join(dict.fromkeys(_by(entry) for entry in timed.entries))


def _by(entry: Reached) -> str:
    name = entry.entry if entry.entry[:1] == "." else f"{entry.entry}()"
    return f"{entry.phase}: {name}"
