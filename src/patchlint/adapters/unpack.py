# SPDX-License-Identifier: GPL-2.0-or-later
"""Containers in containers: packed files, archives, and what a folder holds."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from patchlint.adapters.expand import cannot_unpack, expand, is_packed
from patchlint.adapters.tar import Member, TarError, is_tar, members
from patchlint.mail.bare import is_bare, numbered
from patchlint.mail.names import inside, is_left_over, is_wanted, natural, shown
from patchlint.mail.quilt import QuiltPatch, parse_quilt, to_p1
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.limits import Limits
from patchlint.model.raw import Raw

_MAILDIR = ("cur/", "new/")
_SERIES = ("series", "patches/series")
_MANY = 8
_DEEPEST = 32

# Look a name of a folder up: what it holds, why it cannot be read, or that it is none.
Load = Callable[[str], Raw | Defect | None]


class Depth(Struct, frozen=True):
    """How deep in other things one is: packed so often, in an archive."""

    packed: int = 0
    archived: bool = False


TOP = Depth()


class Unpacker:
    """Unpacks what it is given, and counts what all of it may come to."""

    def __init__(self, limits: Limits) -> None:
        """Begin with all there is."""
        self.limits = limits
        self.bytes_left = limits.input_bytes
        self.members_left = limits.archive_members

    def open(self, raw: Raw, depth: Depth = TOP) -> Iterator[Raw | Defect]:
        """Yield what is in an input, which is itself where it is no container."""
        if is_packed(raw.data):
            if depth.packed >= self.limits.unpackings:
                times = f"packed more than {self.limits.unpackings} times"
                yield _limit(f"{raw.name}: {times}: not read")
            else:
                yield from self._expanded(raw, replace(depth, packed=depth.packed + 1))
        elif is_tar(raw.data):
            if depth.archived:
                yield _limit(f"{raw.name}: an archive in an archive: not read")
            else:
                yield from self._archive(raw, replace(depth, archived=True))
        elif what := cannot_unpack(raw.data):
            yield broken(f"{raw.name}: {what} is not read")
        else:
            yield raw

    def folder(
        self, label: str, names: Iterable[str], load: Load, depth: Depth = TOP
    ) -> Iterator[Raw | Defect]:
        """Yield what a folder holds: a quilt, a maildir, or files of patches.

        ``names`` are relative to it. What is no mail by its name is told in one line.
        """
        passed = yield from self._held(label, sorted(names, key=natural), load, depth)
        if passed:
            yield _passed(label, passed)

    def _held(
        self, label: str, names: list[str], load: Load, depth: Depth
    ) -> Generator[Raw | Defect, None, list[str]]:
        """Yield what a folder holds, and return the names of what was passed over."""
        for series in _SERIES:
            if series in names and (order := _quilt(series, load)):
                yield from self._quilt(f"{label}: {series}", order, load, depth)
                return []
        mails = [n for n in names if n.startswith(_MAILDIR) and n.count("/") == 1]
        wanted = mails or [name for name in names if is_wanted(name)]
        found: list[Raw | Defect] = []
        for name in wanted:
            if (loaded := load(name)) is not None:
                found += self._opened(loaded, depth)
        yield from number_bare(found)
        taken = set(wanted)
        left = () if mails else (n for n in names if n not in taken)
        return [name for name in left if not is_left_over(name)]

    def _opened(self, loaded: Raw | Defect, depth: Depth) -> Iterator[Raw | Defect]:
        if isinstance(loaded, Defect):
            yield loaded
        else:
            yield from self.open(loaded, depth)

    def _expanded(self, raw: Raw, depth: Depth) -> Iterator[Raw | Defect]:
        ratio = max(len(raw.data) * self.limits.expansion, self.limits.mail_bytes)
        result = expand(raw.data, min(ratio, self.bytes_left))
        self.bytes_left -= len(result.data)
        if result.over:
            yield _limit(f"{raw.name}: {result.fault}: not read")
        elif result.fault:
            yield broken(f"{raw.name}: {result.fault}")
        if result.data:
            yield from self.open(Raw(raw.name, result.data), depth)

    def _archive(self, raw: Raw, depth: Depth) -> Iterator[Raw | Defect]:
        held: dict[str, Member] = {}
        try:
            for member in members(raw.data):
                if not self.members_left:
                    most = self.limits.archive_members
                    yield _limit(f"{raw.name}: more than {most} files: rest not read")
                    break
                self.members_left -= 1
                held[member.name.removeprefix("./")] = member
        except TarError as error:
            yield broken(f"{raw.name}: {error}")
        passed: list[str] = []
        for folder, names in _folders(held).items():
            label = f"{raw.name}: {shown(folder)}" if folder else raw.name
            load = _loader(raw.name, folder, held)
            passed += yield from self._held(label, names, load, depth)
        if passed:
            yield _passed(raw.name, passed)

    def _quilt(
        self, label: str, order: list[QuiltPatch], load: Load, depth: Depth
    ) -> Iterator[Raw | Defect]:
        """Yield the patches of a quilt as one series; a gap keeps its number."""
        patches: list[Raw | None] = []
        for patch in order:
            pieces = list(self._quilted(label, patch, load, depth))
            yield from (piece for piece in pieces if isinstance(piece, Defect))
            raws = (piece for piece in pieces if isinstance(piece, Raw))
            patches.append(next(raws, None))
        yield from numbered(patches)

    def _quilted(
        self, label: str, patch: QuiltPatch, load: Load, depth: Depth
    ) -> Iterator[Raw | Defect]:
        where = f"{label}: {shown(patch.name)}"
        if patch.reverse:
            yield broken(f"{where}: -R, a patch that is taken back, is not read")
            return
        loaded = load(patch.name) if inside(patch.name) else None
        if loaded is None:
            yield broken(f"{where}: no such patch")
            return
        for piece in self._opened(loaded, depth):
            if isinstance(piece, Raw):
                yield Raw(piece.name, to_p1(piece.data, patch.strip))
            else:
                yield piece


def number_bare(found: list[Raw | Defect]) -> Iterator[Raw | Defect]:
    """Yield what was found; patches without headers that are all alone are a series."""
    raws = [piece for piece in found if isinstance(piece, Raw)]
    yield from (piece for piece in found if isinstance(piece, Defect))
    if len(raws) > 1 and all(map(is_bare, raws)):
        raws.sort(key=lambda raw: natural(raw.name))
        yield from numbered(raws)
    else:
        yield from raws


def _passed(label: str, names: list[str]) -> Defect:
    """Return word of files that are no mail by their names."""
    some = ", ".join(shown(name) for name in names[:_MANY])
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return Defect(DefectKind.CONTAINER, f"{label}: passed over {some}{more}")


def broken(text: str) -> Defect:
    """Return word of something that cannot be read."""
    return Defect(DefectKind.CONTAINER, text, hides=True)


def _limit(text: str) -> Defect:
    return Defect(DefectKind.LIMIT, text, hides=True)


def _quilt(series: str, load: Load) -> list[QuiltPatch]:
    """Return the patches of a series file, by their names in the folder.

    A file of that name which names nothing that is there is not one of a quilt.
    """
    raw = load(series)
    if not isinstance(raw, Raw):
        return []
    beside = series.removesuffix("series")
    order = {
        patch.name: QuiltPatch(beside + patch.name, patch.strip, patch.reverse)
        for patch in parse_quilt(raw.data.decode("utf-8", "replace"))
    }
    named = list(order.values())
    there = any(inside(patch.name) and load(patch.name) for patch in named)
    return named if there else []


def _folders(held: Iterable[str]) -> dict[str, list[str]]:
    """Group the members of an archive by folder; a quilt or maildir is one."""
    roots = {_parent(name) for name in held if name.rsplit("/", 1)[-1] == "series"}
    groups: dict[str, list[str]] = {}
    for name in sorted(held, key=natural):
        root = _parent(name)
        above = _above(root)
        if quilt := next((folder for folder in above if folder in roots), None):
            root = quilt
        elif root.rsplit("/", 1)[-1] in ("cur", "new", "tmp"):
            root = _parent(root)
        groups.setdefault(root, []).append(name[len(root) :].removeprefix("/"))
    return groups


def _above(folder: str) -> Iterator[str]:
    """Yield a folder and those it is in, not endlessly many."""
    for _ in range(_DEEPEST):
        yield folder
        if not folder:
            return
        folder = _parent(folder)


def _parent(name: str) -> str:
    return name.rpartition("/")[0]


def _loader(archive: str, folder: str, held: dict[str, Member]) -> Load:
    def load(name: str) -> Raw | Defect | None:
        member = held.get(f"{folder}/{name}" if folder else name)
        if member is None:
            return None
        label = f"{archive}: {shown(member.name)}"
        if member.data is None:
            return broken(f"{label}: a link or device: not read")
        return Raw(label, member.data)

    return load
