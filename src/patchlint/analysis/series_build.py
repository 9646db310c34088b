# SPDX-License-Identifier: GPL-2.0-or-later
"""From which patch on a posting builds a file that it adds, and sets a symbol.

New drivers come file by file, and the makefile last: until then nothing breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from patchlint.lint.context import SeriesContext
from patchlint.model.change import FileChange, Kind
from patchlint.model.series import Series

NEVER = 1 << 30
"""A patch that does not come."""
ALWAYS = -1
"""The base."""

_KCONFIG = re.compile(r"[ \t]*(?:menu)?config[ \t]+(\w+)\s*(?:#.*)?\Z")
_PROMPT = re.compile(
    r"[ \t]+(?:(?:bool|tristate|int|hex|string)[ \t]+|prompt[ \t]+)[\"']"
)
_DEPENDS = re.compile(r"[ \t]+depends[ \t]+on[ \t]+(.*)")
_SELECT = re.compile(r"[ \t]+(?:select|imply)[ \t]+(\w+)")
_DEFAULT = re.compile(r"[ \t]+(?:def_bool|def_tristate|default)[ \t]+(?!n\b)")
_MAKE = re.compile(r"(?:Makefile|Kbuild)(?:\.\w+)?\Z")
_RULE = re.compile(r"([\w-]+)-(?:\$\(CONFIG_(\w+)\)|y|m|objs)[ \t]*[+:]?=")
_OBJECT = re.compile(r"[\w./-]+(?:\.o|/)(?=\s|\\|\Z)")
_DEPTH = 4


class _Built(Struct, frozen=True):
    """A makefile line of one patch: what it adds its object to, and the condition."""

    patch: int
    owner: str
    symbol: str


class _Symbol(Struct):
    """A Kconfig symbol that a patch adds, and what sets it."""

    patch: int
    path: str
    is_asked: bool = False
    depends: list[str] = field(default_factory=list)


class Build(Struct):
    """When things come: files, lines of makefiles, Kconfig symbols; by patch from 0."""

    files: dict[str, int] = field(default_factory=dict)
    symbols: dict[str, _Symbol] = field(default_factory=dict)
    selected: dict[str, int] = field(default_factory=dict)
    objects: dict[str, list[_Built]] = field(default_factory=dict)

    def since(self, path: str) -> int:
        """Return the patch from which on a file of code is built.

        ALWAYS for one of the base, as far as can be seen; NEVER for a new one that no
        makefile of the posting names, and for a new header.
        """
        if path not in self.files:
            return ALWAYS
        folders = path.split("/")
        if folders[0] == "arch" and f"arch/{folders[1]}/Makefile" in self.files:
            return NEVER
        stem, _, ending = path.rpartition(".")
        return NEVER if ending == "h" else self._object(f"{stem}.o", _DEPTH)

    def symbol(self, name: str) -> int:
        """Return from which patch on a Kconfig symbol can be set.

        ALWAYS for one that no patch brings. One that nobody is asked for is set where
        it is selected, and one that depends on it not before.
        """
        return self._symbol(name, _DEPTH)

    def _symbol(self, name: str, left: int) -> int:
        known = self.symbols.get(name)
        if known is None:
            return ALWAYS
        needs = [self._symbol(other, left - 1) for other in known.depends if left]
        set_by = ALWAYS if known.is_asked else self.selected.get(name, NEVER)
        return max(known.patch, set_by, *needs)

    def _object(self, name: str, left: int) -> int:
        """Return when an object is built, by the makefile line that is first."""
        if not left:
            return NEVER
        folder = name.rpartition("/")[0]
        found = [NEVER]
        for built in self.objects.get(name, ()):
            when = max(built.patch, self.symbol(built.symbol))
            owner = f"{folder}/{built.owner}.o"
            if owner in self.objects and owner != name:
                when = max(when, self._object(owner, left - 1))
            found.append(when)
        return max(min(found), self._folder(folder))

    def _folder(self, folder: str) -> int:
        """Return when the makefile above names a folder that the posting adds to it."""
        rules = self.objects.get(f"{folder}/", ())
        return min(
            (max(built.patch, self.symbol(built.symbol)) for built in rules),
            default=ALWAYS,
        )


def build(context: SeriesContext) -> Build:
    """Return when a posting builds what, worked out once."""
    return context.facts.of_one(_build, context.series)


def _build(series: Series) -> Build:
    made = Build()
    for number, patch in enumerate(series.patches):
        for change in patch.changes:
            if change.old_path is None:
                made.files.setdefault(change.path, number)
            name = change.path.rpartition("/")[2]
            if name.startswith("Kconfig"):
                _configs(made, change, number)
            elif _MAKE.match(name):
                for target, built in _objects(change, number):
                    made.objects.setdefault(target, []).append(built)
    return made


def _configs(made: Build, change: FileChange, patch: int) -> None:
    """Take in the symbols that a Kconfig file has after a change and had not before."""
    had = {
        found[1]
        for line in change.lines
        if line.kind is Kind.REMOVED and (found := _KCONFIG.match(line.text))
    }
    for hunk in change.hunks:
        symbol: _Symbol | None = None
        for line in hunk.lines:
            if line.kind is Kind.REMOVED:
                continue
            if begins := _KCONFIG.match(line.text):
                symbol = None
                if line.kind is Kind.ADDED and begins[1] not in had:
                    symbol = made.symbols.setdefault(
                        begins[1], _Symbol(patch, change.path)
                    )
            elif line.kind is Kind.ADDED:
                _set(made, symbol, line.text, patch)


def _set(made: Build, symbol: _Symbol | None, text: str, patch: int) -> None:
    """Take in one line of a Kconfig entry."""
    if selects := _SELECT.match(text):
        made.selected.setdefault(selects[1], patch)
    elif symbol and (_PROMPT.match(text) or _DEFAULT.match(text)):
        symbol.is_asked = True
    elif symbol and (depends := _DEPENDS.match(text)) and "||" not in depends[1]:
        symbol.depends += re.findall(r"(?<!!)\b[A-Z]\w+", depends[1])


def _objects(change: FileChange, patch: int) -> Iterator[tuple[str, _Built]]:
    """Yield what added lines of a makefile build, with the path, and how."""
    folder = change.path.rpartition("/")[0]
    for hunk in change.hunks:
        owner = symbol = ""
        goes_on = False
        for line in hunk.lines:
            if line.kind is Kind.REMOVED:
                continue
            if rule := _RULE.match(line.text):
                owner, symbol = rule[1], rule[2] or ""
            elif not goes_on:
                owner = symbol = ""
            goes_on = line.text.rstrip().endswith("\\")
            if line.kind is Kind.ADDED:
                for name in _OBJECT.findall(line.text):
                    yield f"{folder}/{name}", _Built(patch, owner, symbol)
