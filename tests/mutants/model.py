# SPDX-License-Identifier: GPL-2.0-or-later
"""What a mutant is: a clean text, the same with a fault, and who must say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

Files = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Code:
    """One function of one file.

    ``start`` and ``end`` are offsets in ``text``; ``others`` are files that a patch
    needs beside it, e.g. the header with the prototype.
    """

    path: str
    text: str
    name: str
    start: int
    end: int
    others: Files = field(default_factory=dict)

    @property
    def own(self) -> str:
        """The text of the function."""
        return self.text[self.start : self.end]

    @property
    def label(self) -> str:
        """The function for people."""
        return f"{self.path}:{self.name}"

    def tree(self, own: str | None = None, path: str = "") -> Files:
        """Return all files, with another text for the function."""
        text = self.text[: self.start] + (self.own if own is None else own)
        return {**self.others, path or self.path: text + self.text[self.end :]}


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault: the files before and after, and a piece of the culprit's text.

    ``near`` is a change that looks alike and is right; None where there is none.
    """

    before: Files
    after: Files
    culprit: str
    near: Files | None = None


Plant = Callable[[Code, Random], Planted | None]


@dataclass(frozen=True, slots=True)
class Family:
    """A class of faults.

    ``rules``: one of them must speak. ``hint`` is a regular expression that a file
    must match to be worth a look, ``folders`` where such files are in Linux.
    With ``inside`` the function itself must match it. ``floor`` is the least share to
    be found; 0 for what is known to be out of reach.
    """

    name: str
    rules: tuple[str, ...]
    language: str
    hint: str
    folders: tuple[str, ...]
    plant: Plant
    floor: float = 0.95
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault of a family in a function."""

    family: Family
    code: Code
    planted: Planted
    number: int

    def __str__(self) -> str:
        return f"{self.family.name} {self.number} {self.code.label}"


Source = Callable[[Family], Iterator[Code]]


def changed(text: str, at: int, end: int, new: str) -> str:
    """Return ``text`` with the characters from ``at`` to ``end`` replaced."""
    return text[:at] + new + text[end:]
