# SPDX-License-Identifier: GPL-2.0-or-later
"""Collect the words of a Linux tree, and its list of misspelt ones.

Usage: build_words.py LINUX. Writes ``src/patchlint/prose/words.txt`` (GPL-2.0-only, as
what it is made from). Words of texts count as common from ``COMMON`` uses on, and as
known from ``KNOWN`` on; so do parts of names in code that are used ``CODE`` times.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from patchlint.prose.spelling import packed
from tools.linux_prose import DIRS, texts

OUT = Path(__file__).parents[1] / "src/patchlint/prose/words.txt"
COMMON, KNOWN, CODE = 60, 4, 12
_WORD = re.compile(r"(?<![\w.'-])[A-Za-z]?[a-z]{2,}(?![\w(])")
_PART = re.compile(r"(?<![a-z])[a-z]{4,}")


def main() -> None:
    """Read the tree and write the data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("linux", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    slips = dict(wrong_and_right(given.linux))
    told = Counter(
        word.lower()
        for parts in texts(given.linux)
        for text in parts
        for word in _WORD.findall(text)
    )
    coded = Counter(dict.fromkeys(slips, 0))
    for path in sources(given.linux):
        coded.update(_PART.findall(path.read_text("utf-8", "replace").lower()))
    known = {word for word, count in told.items() if count >= KNOWN}
    known |= {word for word, count in coded.items() if count >= CODE}
    known -= set(slips)
    common = {word for word in known if told[word] >= COMMON}
    given.out.write_bytes(packed(slips, common, known - common))
    size = given.out.stat().st_size
    print(
        f"{len(slips)} slips, {len(common)} common of {len(known)} words, {size} bytes"
    )


def wrong_and_right(linux: Path) -> Iterator[tuple[str, str]]:
    """Yield the entries of the kernel's list that are single plain words."""
    for line in (linux / "scripts/spelling.txt").read_text("utf-8").split("\n"):
        wrong, _, right = line.partition("||")
        if wrong.isalpha() and right and not line.startswith("#"):
            yield wrong.lower(), right.strip()


def sources(linux: Path) -> Iterator[Path]:
    """Yield the source files of the tree, big tables left out."""
    for folder in DIRS:
        for path in sorted((linux / folder).rglob("*.[chS]")):
            if path.stat().st_size < 200_000:
                yield path


if __name__ == "__main__":
    main()
