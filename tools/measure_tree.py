# SPDX-License-Identifier: GPL-2.0-or-later
"""Say what the rules find in a tree, as if all of it were new.

Usage: measure_tree.py LINUX [-j N] [--every N] [--rule PATTERN] DIR... Each file is a
patch that adds it. With it come the headers beside it that it includes and, for
assembly, the files that declare its routines; only what stands in the file counts.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from patchlint.adapters.cards import load_rules  # noqa: E402
from patchlint.lint.engine import run  # noqa: E402
from patchlint.lint.rule import PatchRule, ProgramRule, Rule  # noqa: E402
from patchlint.model.finding import Finding  # noqa: E402
from patchlint.model.location import InFile  # noqa: E402
from tests.linux import trees  # noqa: E402
from tests.mails import Blobs, one_patch  # noqa: E402

BATCH = 40
INCLUDE = re.compile(r'^\s*#\s*include\s+"([\w./-]+\.h)"', re.MULTILINE)
ROUTINE = re.compile(r"^SYM_(?:TYPED_)?(?:FUNC|CODE)_START\w*\((\w+)\)", re.MULTILINE)
DECLARED = re.compile(r"^[a-z][\w \t*]*[ \t*](\w+)\([^(){};]*\)\s*;", re.MULTILINE)
LARGE = 400_000


@dataclass(slots=True)
class Tally:
    """What came of some files."""

    files: int = 0
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take another tally in."""
        self.files += other.files
        self.rules += other.rules
        self.skips += other.skips
        self.said += other.said
        self.crashes += other.crashes


def review(paths: Sequence[Path], root: Path, pattern: str) -> Tally:
    """Review files of a tree as new ones; runs in a process of its own."""
    tally, around = Tally(), trees(root)
    rules = chosen(pattern)
    for path in paths:
        tally.files += 1
        name = str(path.relative_to(root))
        files = {name: text_of(path)} | dict(beside(path, root))
        report = run(rules, [one_patch({}, files)], Blobs(), around)
        tally.crashes += [
            f"{crash.rule}: {crash.error}: {name}" for crash in report.crashes
        ]
        tally.skips.update(skip.rule for skip in report.skips)
        for finding in report.findings:
            if isinstance(finding.where, InFile) and finding.where.path == name:
                tally.rules[finding.rule, finding.severity.name] += 1
                tally.said.append(told(finding, name))
    return tally


def chosen(pattern: str) -> list[Rule]:
    """Return the rules about code that a pattern names."""
    return [
        rule
        for rule in load_rules()
        if isinstance(rule, ProgramRule | PatchRule)
        and fnmatchcase(rule.card.id, pattern)
        and not rule.card.id.startswith("series/")
    ]


def beside(path: Path, root: Path) -> Iterator[tuple[str, str]]:
    """Yield what belongs to a file: its own headers, and who declares its routines."""
    text = text_of(path)
    near = [path.parent / name for name in INCLUDE.findall(text)]
    if path.suffix == ".S":
        table = declaring(root)
        near += [table[name] for name in ROUTINE.findall(text) if name in table]
    for other in dict.fromkeys(place.resolve() for place in near if place.is_file()):
        inside = other != path and other.is_relative_to(root)
        if inside and other.stat().st_size < LARGE:
            yield str(other.relative_to(root)), text_of(other)


@cache
def declaring(root: Path) -> Mapping[str, Path]:
    """Return the file that declares a function, by its name: headers first."""
    found: dict[str, Path] = {}
    for ending in ("h", "c"):
        for path in sorted((root / "arch/x86").rglob(f"*.{ending}")):
            for name in DECLARED.findall(text_of(path)):
                found.setdefault(name, path)
    return found


def text_of(path: Path) -> str:
    """Read a file as the command does."""
    return path.read_bytes().decode("utf-8", "surrogateescape")


def told(finding: Finding, name: str) -> str:
    """Return a finding with its proof, to be read by hand."""
    assert isinstance(finding.where, InFile)  # noqa: S101 - it was asked before
    head = f"{finding.severity.name} {finding.rule} {name}:{finding.where.span.line}"
    lines = [head, f"  | {finding.quote[1:].strip()}", f"  {finding.message}"]
    for step in finding.trace:
        at = step.where.span.line if isinstance(step.where, InFile) else 0
        lines.append(f"    {at}: {step.text.strip()}  ({step.note})")
    return "\n".join(lines)


def listed(root: Path, folders: Sequence[str], every: int) -> list[Path]:
    """Return the source files of the folders."""
    found = [
        path
        for folder in folders
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in (".c", ".h", ".S")
        and path.is_file()
        and not path.is_symlink()
    ]
    return [path for path in found[::every] if path.stat().st_size < LARGE]


def main() -> int:
    """Print a line a rule and each hit; status 1 if a rule crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-j", type=int, default=2, metavar="N")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--rule", default="*", metavar="PATTERN")
    parser.add_argument("linux", nargs="?", default="")
    parser.add_argument("folders", nargs="*", default=["arch/x86", "kernel", "mm"])
    given = parser.parse_intermixed_args()
    if not given.linux:
        print("measure-tree: no tree given; nothing measured")
        return 0
    root = Path(given.linux).resolve()
    begin = time.perf_counter()
    tally, files = Tally(), listed(root, given.folders, given.every)
    trees(root, [str(path.relative_to(root)) for path in files])
    parts = [files[at : at + BATCH] for at in range(0, len(files), BATCH)]
    with ProcessPoolExecutor(given.j) as pool:
        for done in [pool.submit(review, part, root, given.rule) for part in parts]:
            tally.add(done.result())
    show(tally, time.perf_counter() - begin)
    return 1 if tally.crashes else 0


def show(tally: Tally, seconds: float) -> None:
    """Print the figures, then what was said."""
    for (rule, level), count in sorted(tally.rules.items()):
        print(f"{count:6} {level.lower():9} {rule}")
    for rule, count in sorted(tally.skips.items()):
        print(f"{count:6} not checked {rule}")
    print(f"{tally.files} files, {len(tally.crashes)} crashes, {seconds:.0f} s")
    for text in (*tally.crashes, *tally.said):
        print(text)


if __name__ == "__main__":
    sys.exit(main())
