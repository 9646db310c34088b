# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how much of a kernel tree is read: functions of C, statements of assembly.

Usage: measure_reading.py [--show] [LINUX]. A function is what stands between a brace
alone at the first column and the next one that closes there (coding-style.rst, 6),
outside of #define; it is clean if an item ends with it and nothing in the item's tree
is wrong or missing. A statement is understood if every sign of it has its place
(syntax/asm_shape.py). Large directories are sampled, always the same files.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from patchlint.diff.image import whole_image
from patchlint.model.image import Image
from patchlint.syntax import c
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.asm_shape import macros, understood

LINUX = Path(__file__).parents[2] / "linux"
C_CODE = {"arch/x86": 0, "kernel": 0, "mm": 0, "drivers": 600, "net": 400, "fs": 400}
MACHINES = ("x86", "arm64", "riscv", "arm")
C_FLOOR, ASM_FLOOR = 99.0, 99.9


def main() -> int:
    """Print a line a directory; status 1 if one is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="name what is not read")
    parser.add_argument("linux", nargs="?", type=Path, default=LINUX)
    given = parser.parse_args()
    if not (given.linux / "kernel").is_dir():
        print(f"measure-reading: {given.linux} is not here; nothing measured")
        return 0
    under = 0
    print("functions of C without anything wrong or missing:")
    for name, count in C_CODE.items():
        files = sampled((given.linux / name).rglob("*.c"), count)
        results = (found for file in files for found in functions(given.linux, file))
        under += told(name, len(files), results, C_FLOOR, show=given.show)
    print("statements of assembly understood:")
    for name in MACHINES:
        files = sampled((given.linux / "arch" / name).rglob("*.S"), 0)
        files = [file for file in files if not file.name.endswith(".lds.S")]
        results = (found for file in files for found in statements(given.linux, file))
        under += told(name, len(files), results, ASM_FLOOR, show=given.show)
    return 1 if under else 0


def sampled(files: Iterable[Path], count: int) -> list[Path]:
    """Return ``count`` of the files, the same ones each time; all of them for 0."""
    listed = sorted(files)
    return random.Random(1).sample(listed, min(count or len(listed), len(listed)))  # noqa: S311


def told(
    name: str, files: int, results: Iterable[str], floor: float, *, show: bool
) -> bool:
    """Print one line; ``results`` say where something is not read, "" if it is."""
    listed = list(results)
    wrong = [result for result in listed if result]
    share = 100 - 100 * len(wrong) / max(1, len(listed))
    is_under = share < floor
    note = f"  UNDER {floor} %" if is_under else ""
    print(f"{name:10} {files:5} files {len(listed):6} {share:7.3f} %{note}", flush=True)
    for result in wrong if show else ():
        print(f"    {result}")
    return is_under


def functions(linux: Path, file: Path) -> Iterator[str]:
    """Yield where a function is not clean, "" for each one that is."""
    image = read(linux, file)
    ends = {item.span.end_line: item for item in c.items(image)}
    for first, last in bodies(image.text):
        item = ends.get(last)
        is_clean = item and item.kind == c.FUNCTION and item.span.line <= first
        is_clean = is_clean and item and not c.unread(item)
        yield "" if is_clean else f"{image.path}:{first}"


def bodies(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of the braces of each function."""
    first = 0
    for number, row in enumerate(text.split("\n"), 1):
        if first and row.startswith("}"):
            if row.rstrip() == "}":
                yield first, number
            first = 0
        elif not first and row.rstrip() == "{":
            first = number


def statements(linux: Path, file: Path) -> Iterator[str]:
    """Yield the statements that are not understood, "" for each one that is."""
    image = read(linux, file)
    tree = parse_asm(image)
    known = macros(tree)
    for node in tree.children:
        if node.kind not in ("comment", "preproc"):
            is_known = understood(node, known)
            text = " ".join(node.text.split())[:80]
            yield "" if is_known else f"{image.path}:{node.span.line}: {text}"


def read(linux: Path, file: Path) -> Image:
    """Read a file of the tree, named as in the tree."""
    text = file.read_bytes().decode("utf-8", "surrogateescape")
    return whole_image(file.relative_to(linux).as_posix(), text, "")


if __name__ == "__main__":
    sys.exit(main())
