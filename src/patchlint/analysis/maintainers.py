# SPDX-License-Identifier: GPL-2.0-or-later
"""MAINTAINERS: who is to get a patch, by the rules of scripts/get_maintainer.pl.

The file is read, the script is never run. ``F:`` and ``X:`` are patterns of paths: one
that ends with a slash is all below a folder, another one fits as many folders deep as
it is itself; ``*`` and ``?`` are as in a shell. ``N:`` is a regular expression for
paths, ``K:`` one for changed lines. Patterns of strangers: what could take endless time
is left out, and so is what is too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from patchlint.lint.pattern import is_exponential

_FIELD = re.compile(r"([A-Z]):\s*(.*\S)")
_ADDRESS = re.compile(r"(?:\"?([^\"<]*?)\"?\s*)<([^<>\s]+)>|([^\s<>()]+@[^\s<>()]+)")
_WILD = re.compile(r"[*?]")
_LONGEST = 300
_STARS = 6
_EVERYTHING = ("*", "*/")


class Person(Struct, frozen=True):
    """A maintainer, a reviewer or a list; ``note`` is what stands behind it."""

    name: str
    mailbox: str
    note: str = ""


class Entry(Struct, frozen=True):
    """One entry: its title, its people and lists, its status, and its patterns."""

    title: str
    maintainers: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    lists: tuple[Person, ...]
    status: str
    trees: tuple[str, ...]
    files: tuple[str, ...]
    excluded: tuple[str, ...]
    names: tuple[str, ...]
    content: tuple[str, ...]

    @property
    def is_rest(self) -> bool:
        """Whether it is the one that everything belongs to."""
        return any(pattern in _EVERYTHING for pattern in self.files)


class Maintainers:
    """The entries of one MAINTAINERS; patterns are made when a path may fit them."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        """Sort the patterns by the folder they begin with."""
        self.entries = entries
        self._by_folder: dict[str, list[tuple[str, Entry]]] = {}
        self._named: list[tuple[re.Pattern[str], Entry]] = []
        self._made: dict[str, re.Pattern[str] | None] = {}
        for entry in entries:
            for pattern in () if entry.is_rest else entry.files:
                place = self._by_folder.setdefault(_folder(pattern), [])
                place.append((pattern, entry))
            for name in entry.names:
                if made := _regex(name):
                    self._named.append((made, entry))

    def of(self, path: str) -> tuple[tuple[int, Entry], ...]:
        """Return the entries a path belongs to, with how specific each is.

        That is the number of folders of the pattern that fits, as get_maintainer.pl
        counts them; the most specific come first, then in the order of the file. The
        entry of everything is none of them.
        """
        found: dict[int, tuple[int, Entry]] = {}
        for depth, entry in (*self._by_path(path), *self._by_name(path)):
            if not any(self._fits(pattern, path) for pattern in entry.excluded):
                last = found.get(id(entry), (-1, entry))[0]
                found[id(entry)] = (max(depth, last), entry)
        order = {id(entry): at for at, entry in enumerate(self.entries)}
        return tuple(
            sorted(found.values(), key=lambda each: (-each[0], order[id(each[1])]))
        )

    def by_content(self, lines: Iterable[str]) -> tuple[Entry, ...]:
        """Return the entries whose ``K:`` fits one of some changed lines."""
        short = [line[:_LONGEST] for line in lines]
        return tuple(
            entry
            for entry in self.entries
            if any(
                made.search(line)
                for pattern in entry.content
                if (made := _regex(pattern))
                for line in short
            )
        )

    def _by_path(self, path: str) -> Iterator[tuple[int, Entry]]:
        for folder in _folders(path):
            for pattern, entry in self._by_folder.get(folder, ()):
                if self._fits(pattern, path):
                    depth = pattern.count("/") + (not pattern.endswith("/"))
                    yield depth, entry

    def _by_name(self, path: str) -> Iterator[tuple[int, Entry]]:
        for pattern, entry in self._named:
            if pattern.search(path[:_LONGEST]):
                yield 0, entry

    def _fits(self, pattern: str, path: str) -> bool:
        if pattern.endswith("/") or path.startswith(f"{pattern}/"):
            below = pattern if pattern.endswith("/") else f"{pattern}/"
            return self._begins(below, path)
        same_depth = pattern.count("/") == path.count("/")
        return same_depth and self._begins(pattern, path)

    def _begins(self, pattern: str, path: str) -> bool:
        """Say whether a path begins as a pattern has it, which may have wildcards."""
        if not _WILD.search(pattern):
            return path.startswith(pattern)
        if pattern not in self._made:
            self._made[pattern] = _shell(pattern)
        made = self._made[pattern]
        return made is not None and made.match(path[:_LONGEST]) is not None


def maintainers(text: str) -> Maintainers:
    """Read MAINTAINERS; what is no entry is left out."""
    return Maintainers(tuple(_entries(text)))


def _entries(text: str) -> Iterator[Entry]:
    title, fields = "", list[tuple[str, str]]()
    for line in text.split("\n"):
        found = _FIELD.match(line)
        if found:
            fields.append((found[1], found[2]))
        elif line.strip() and not line[0].isspace():
            if fields:
                yield _entry(title, fields)
            title, fields = line.strip(), []
    if fields:
        yield _entry(title, fields)


def _entry(title: str, fields: list[tuple[str, str]]) -> Entry:
    def of(kind: str) -> tuple[str, ...]:
        return tuple(v for k, v in fields if k == kind and len(v) <= _LONGEST)

    return Entry(
        title=title,
        maintainers=tuple(_people(of("M"))),
        reviewers=tuple(_people(of("R"))),
        lists=tuple(_people(of("L"))),
        status=next(iter(of("S")), ""),
        trees=of("T"),
        files=of("F"),
        excluded=of("X"),
        names=of("N"),
        content=of("K"),
    )


def _people(values: Iterable[str]) -> Iterator[Person]:
    for value in values:
        if found := _ADDRESS.search(value):
            mailbox = (found[2] or found[3]).lower()
            note = value[found.end() :].strip(" ()")
            yield Person((found[1] or "").strip(), mailbox, note)


def _folder(pattern: str) -> str:
    """Return the folder in front of the first wildcard, or of the last part."""
    wild = _WILD.search(pattern)
    literal = pattern[: wild.start()] if wild else pattern.removesuffix("/")
    return literal.rpartition("/")[0]


def _folders(path: str) -> Iterator[str]:
    """Yield the folders around a path, the outermost ("") first."""
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _shell(pattern: str) -> re.Pattern[str] | None:
    if pattern.count("*") > _STARS:
        return None
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(text)


def _regex(text: str) -> re.Pattern[str] | None:
    """Make a regular expression of Perl, as ``m/.../x``; None where it is none."""
    try:
        return None if is_exponential(text) else re.compile(text, re.VERBOSE)
    except (re.error, OverflowError, RecursionError):
        return None
