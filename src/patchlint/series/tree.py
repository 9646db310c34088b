# SPDX-License-Identifier: GPL-2.0-or-later
"""The tree around a series: who defines a name, and who uses it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from patchlint.model.symbol import FileFacts, Placed, PlacedUse, SymbolKind
from patchlint.syntax.tree_files import read_file


class Tree(Protocol):
    """The symbols of the files of one commit, or of the part of it that is indexed.

    Answers are ordered by path, then line.
    """

    def symbols(self, name: str) -> tuple[Placed, ...]:
        """Return every place that defines, declares or exports ``name``."""

    def uses(self, name: str) -> tuple[PlacedUse, ...]:
        """Return every place that calls ``name`` or hands it on."""

    def covers(self, path: str) -> bool:
        """Say whether the tree has the file, and it is indexed."""

    def names(self, kind: SymbolKind, beginning: str) -> tuple[str, ...]:
        """Return the names of one kind that begin so, ordered."""


class TreeSource(Protocol):
    """Where trees come from: an index of a repository, or a dict in tests."""

    def tree(self, commit: str, paths: Iterable[str]) -> Tree | None:
        """Return the tree at ``commit`` (a full id, or HEAD) as far as a change of
        ``paths`` needs it; None if the commit is unknown or holds none of them."""


class NoTrees:
    """No repository: nothing is known of other files."""

    def tree(self, commit: str, paths: Iterable[str]) -> Tree | None:  # noqa: ARG002
        """Know no tree."""
        return None


class Texts:
    """A tree of texts by path: the files a series touches, and tests."""

    def __init__(
        self,
        files: Mapping[str, str],
        read: Callable[[str, str], FileFacts] = read_file,
    ) -> None:
        """Know ``files``; each is read, by path and text, when something is asked."""
        self._files = dict(sorted(files.items()))
        self._read = read

    def symbols(self, name: str) -> tuple[Placed, ...]:
        """Return every place that defines, declares or exports ``name``."""
        return self._symbols.get(name, ())

    def uses(self, name: str) -> tuple[PlacedUse, ...]:
        """Return every place that calls ``name`` or hands it on."""
        return self._uses.get(name, ())

    def covers(self, path: str) -> bool:
        """Say whether the tree has the file."""
        return path in self._files

    def names(self, kind: SymbolKind, beginning: str) -> tuple[str, ...]:
        """Return the names of one kind that begin so, ordered."""
        return tuple(
            name
            for name, placed in sorted(self._symbols.items())
            if name.startswith(beginning) and any(p.symbol.kind is kind for p in placed)
        )

    @cached_property
    def _facts(self) -> dict[str, FileFacts]:
        return {path: self._read(path, text) for path, text in self._files.items()}

    @cached_property
    def _symbols(self) -> dict[str, tuple[Placed, ...]]:
        found: dict[str, list[Placed]] = {}
        for path, facts in self._facts.items():
            for symbol in facts.symbols:
                found.setdefault(symbol.name, []).append(Placed(path, symbol))
        return {name: tuple(placed) for name, placed in found.items()}

    @cached_property
    def _uses(self) -> dict[str, tuple[PlacedUse, ...]]:
        found: dict[str, list[PlacedUse]] = {}
        for path, facts in self._facts.items():
            for use in facts.uses:
                found.setdefault(use.name, []).append(PlacedUse(path, use))
        return {name: tuple(placed) for name, placed in found.items()}


class Patched(Struct, frozen=True, eq=False):
    """A tree in which the ``touched`` paths hold ``texts``, or are gone."""

    base: Tree
    texts: Tree
    touched: Container[str]

    def symbols(self, name: str) -> tuple[Placed, ...]:
        """Return every place that defines, declares or exports ``name``."""
        kept = (p for p in self.base.symbols(name) if p.path not in self.touched)
        found = (*kept, *self.texts.symbols(name))
        return tuple(sorted(found, key=lambda p: (p.path, p.symbol.line)))

    def uses(self, name: str) -> tuple[PlacedUse, ...]:
        """Return every place that calls ``name`` or hands it on."""
        kept = (p for p in self.base.uses(name) if p.path not in self.touched)
        found = (*kept, *self.texts.uses(name))
        return tuple(sorted(found, key=lambda p: (p.path, p.use.line)))

    def covers(self, path: str) -> bool:
        """Say whether the tree has the file, and it is indexed."""
        known = self.texts if path in self.touched else self.base
        return known.covers(path)

    def names(self, kind: SymbolKind, beginning: str) -> tuple[str, ...]:
        """Return the names of one kind that begin so, ordered."""
        found = {*self.base.names(kind, beginning), *self.texts.names(kind, beginning)}
        return tuple(name for name in sorted(found) if self._has(name, kind))

    def _has(self, name: str, kind: SymbolKind) -> bool:
        return any(placed.symbol.kind is kind for placed in self.symbols(name))


# Headers, and what all architectures share, concern every change.
_COMMON = ("include", "init", "kernel", "mm")
_DEPTH = 3


def areas(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders whose files matter to a change of ``paths``, ordered.

    For a file of an architecture all of it, otherwise the subsystem: the first three
    folders of its path.
    """
    return tuple(sorted({*_COMMON, *_around(paths)}))


def _around(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        *folders, _ = path.split("/")
        depth = 2 if folders[:1] == ["arch"] else _DEPTH
        if folders:
            yield "/".join(folders[:depth])
