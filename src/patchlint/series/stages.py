# SPDX-License-Identifier: GPL-2.0-or-later
"""The touched files at every stage of a series: each text is read and indexed once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from patchlint.model.symbol import FileFacts, Placed, PlacedUse, SymbolKind


class _Version(Struct, frozen=True, eq=False):
    """A text that a path holds from a stage on, with what it names; None: it is gone.

    Stages are sides of patches, in their order.
    """

    stage: int
    path: str
    text: str | None
    symbols: dict[str, list[Placed]] = field(default_factory=dict)
    uses: dict[str, list[PlacedUse]] = field(default_factory=dict)

    def index(self, facts: FileFacts) -> None:
        """Take in what the text names and uses."""
        for symbol in facts.symbols:
            placed = Placed(self.path, symbol)
            self.symbols.setdefault(symbol.name, []).append(placed)
        for use in facts.uses:
            self.uses.setdefault(use.name, []).append(PlacedUse(self.path, use))


class Stages:
    """What the patches of a series have done to the files they touch, stage by stage.

    A question about one stage costs what it finds, not what all patches touch: a long
    series asks many of them.
    """

    def __init__(self, read: Callable[[str, str], FileFacts]) -> None:
        """Know no file; ``read`` takes the facts from a path and a text."""
        self._read = read
        self._versions: dict[str, list[_Version]] = {}
        self._all: list[_Version] = []
        self._indexed = 0
        self._names: dict[str, dict[str, None]] = {}
        self._used: dict[str, dict[str, None]] = {}
        self.stage = 0

    def add(self, texts: Mapping[str, str | None]) -> None:
        """Begin a stage, at which some paths hold other texts, or are gone."""
        self.stage += 1
        for path, text in texts.items():
            versions = self._versions.setdefault(path, [])
            if not versions or versions[-1].text != text:
                version = _Version(self.stage, path, text)
                versions.append(version)
                self._all.append(version)

    @property
    def paths(self) -> tuple[str, ...]:
        """All the paths that any patch touches."""
        return tuple(self._versions)

    def version(self, path: str, stage: int) -> _Version | None:
        """Return what a path holds at a stage; None if no patch has touched it yet."""
        versions = self._versions.get(path, ())
        at = bisect_right(versions, stage, key=lambda version: version.stage)
        return versions[at - 1] if at else None

    def symbols(self, name: str, stage: int) -> tuple[Placed, ...]:
        """Return every place in the files that defines, declares or exports a name."""
        self._index(stage)
        here = (self.version(p, stage) for p in sorted(self._names.get(name, ())))
        return tuple(p for v in here if v for p in v.symbols.get(name, ()))

    def uses(self, name: str, stage: int) -> tuple[PlacedUse, ...]:
        """Return every place in the files that calls a name or hands it on."""
        self._index(stage)
        here = (self.version(p, stage) for p in sorted(self._used.get(name, ())))
        return tuple(p for v in here if v for p in v.uses.get(name, ()))

    def names(self, kind: SymbolKind, beginning: str, stage: int) -> tuple[str, ...]:
        """Return the names of one kind that begin so, ordered."""
        self._index(stage)
        return tuple(
            name
            for name in sorted(self._names)
            if name.startswith(beginning)
            and any(p.symbol.kind is kind for p in self.symbols(name, stage))
        )

    def _index(self, stage: int) -> None:
        """Read the texts up to a stage that were not read yet."""
        while self._indexed < len(self._all):
            version = self._all[self._indexed]
            if version.stage > stage:
                return
            if version.text is not None:
                version.index(self._read(version.path, version.text))
                for name in version.symbols:
                    self._names.setdefault(name, {})[version.path] = None
                for name in version.uses:
                    self._used.setdefault(name, {})[version.path] = None
            self._indexed += 1


class Stage(Struct, frozen=True, eq=False):
    """The touched files at one stage, as a tree of their own."""

    stages: Stages
    number: int

    def symbols(self, name: str) -> tuple[Placed, ...]:
        """Return every place that defines, declares or exports ``name``."""
        return self.stages.symbols(name, self.number)

    def uses(self, name: str) -> tuple[PlacedUse, ...]:
        """Return every place that calls ``name`` or hands it on."""
        return self.stages.uses(name, self.number)

    def names(self, kind: SymbolKind, beginning: str) -> tuple[str, ...]:
        """Return the names of one kind that begin so, ordered."""
        return self.stages.names(kind, beginning, self.number)

    def covers(self, path: str) -> bool:
        """Say whether the file is there."""
        version = self.stages.version(path, self.number)
        return version is not None and version.text is not None

    def __contains__(self, path: object) -> bool:
        """Say whether a patch has touched the path so far."""
        return (
            isinstance(path, str) and self.stages.version(path, self.number) is not None
        )
