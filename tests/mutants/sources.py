# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the functions come from: a Linux tree, or the small bases beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random

from patchlint.diff.image import whole_image
from patchlint.series.tree import TreeSource
from patchlint.syntax import c
from tests.linux import Small, trees
from tests.mutants.model import Code, Family, Files

_ROUTINE = re.compile(
    r"^SYM_(?:TYPED_)?(?:FUNC|CODE)_START\w*\((\w+)\)\n.*?^SYM_(?:FUNC|CODE)_END\(\1\)\n",
    re.MULTILINE | re.DOTALL,
)
_PROTOTYPE = re.compile(r"^[a-z][\w \t*]*[ \t*](\w+)\([^(){};]*\)\s*;", re.MULTILINE)
_LONGEST_FILE = 60_000
_LONGEST_FUNCTION = 4_000


class Tree:
    """Source files of a tree, read at most once; deterministic for a seed."""

    def __init__(self, root: Path, seed: int, spared: frozenset[str]) -> None:
        """Take functions of ``root`` but for those whose names are ``spared``.

        Of a big tree few of each file, of a small one all, and more than once.
        """
        self._root, self._seed, self._spared = root, seed, spared
        big = (root / "MAINTAINERS").exists()
        self._of_a_file, self._rounds = (2, 1) if big else (100, 3)
        self._listed: dict[tuple[str, str], list[Path]] = {}
        self.around: TreeSource = trees(root) if big else Small(root)

    def codes(self, family: Family) -> Iterator[Code]:
        """Yield functions that may do for a family, in a seeded order."""
        hint = re.compile(family.hint)
        rng = Random(f"{self._seed} {family.name}")  # noqa: S311 - a test, no secret
        files = [
            p for folder in self._folders(family) for p in self._files(folder, family)
        ]
        rng.shuffle(files)
        for path in files * self._rounds:
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            if len(text) > _LONGEST_FILE or not hint.search(text) or "\f" in text:
                continue
            found = list(self._functions(path, text, family))
            rng.shuffle(found)
            yield from found[: self._of_a_file]

    def _folders(self, family: Family) -> list[Path]:
        there = [self._root / folder for folder in family.folders]
        return [folder for folder in there if folder.is_dir()] or [self._root]

    def _files(self, folder: Path, family: Family) -> list[Path]:
        ending = ".S" if family.language == "asm" else ".c"
        key = (str(folder), ending)
        if key not in self._listed:
            found = sorted(p for p in folder.rglob(f"*{ending}") if p.is_file())
            self._listed[key] = [p for p in found if _wanted(p, ending)]
        return self._listed[key]

    def _functions(self, path: Path, text: str, family: Family) -> Iterator[Code]:
        name = str(path.relative_to(self._root))
        hint = re.compile(family.hint)
        made = _asm(name, text) if family.language == "asm" else _c(name, text)
        for code in made:
            fits = not family.inside or hint.search(code.own)
            short = len(code.own) < _LONGEST_FUNCTION
            if fits and short and code.name not in self._spared:
                yield self._with_prototype(code) if family.language == "asm" else code

    def _with_prototype(self, code: Code) -> Code:
        """Add the one file that declares a routine, if it is a small one."""
        path = _declaring(self._root).get(code.name)
        if path is None:
            return code
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        others: Files = {str(path.relative_to(self._root)): text}
        return Code(code.path, code.text, code.name, code.start, code.end, others)


def _wanted(path: Path, ending: str) -> bool:
    """32-bit code has rules of its own, tools and boot code are other programs."""
    text = str(path)
    return ending == ".c" or not re.search(
        r"_32\b|/boot/|/vdso/|/um/|/realmode/|/math-emu/|retpoline", text
    )


@cache
def _declaring(root: Path) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    folder = root / "arch/x86"
    for path in sorted((folder if folder.is_dir() else root).rglob("*.[ch]")):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if len(text) < _LONGEST_FILE:
            for name in _PROTOTYPE.findall(text):
                found.setdefault(name, path)
    return found


def _asm(path: str, text: str) -> Iterator[Code]:
    for found in _ROUTINE.finditer(text):
        yield Code(path, text, found[1], found.start(), found.end())


def _c(path: str, text: str) -> Iterator[Code]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for item in c.items(whole_image(path, text, "")):
        if item.kind != "function_definition" or item.arms or not item.name:
            continue
        at = starts[item.span.line - 1] + item.span.column - 1
        end = starts[item.span.end_line - 1] + item.span.end_column - 1
        if item.span.column == 1:
            yield Code(path, text, item.name, at, end)
