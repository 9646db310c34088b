# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands for the rules of a scan, and for the code that looks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from patchlint.adapters.rulebook import packed, rulebook
from patchlint.lint.options import Options
from patchlint.lint.selection import names

_TOP = Path(__file__).parents[2]
_CODE = (
    "adapters/scan", "analysis", "checks", "diff", "lint", "mail", "model", "prose",
    "series", "syntax",
)  # fmt: skip
_KINDS = frozenset((".py", ".txt", ".bin"))


@cache
def digest(words: tuple[str, ...]) -> str:
    """Return the digest of the rules that words name, and of the code, by content."""
    made = sha256()
    for path in _code():
        made.update(path.relative_to(_TOP).as_posix().encode())
        made.update(sha256(path.read_bytes()).digest())
    book = rulebook()
    # Without what the options have worked out so far.
    cards = tuple(
        replace(card, options=Options(card.options.values))
        for card in book.cards
        if not words or any(names(word, card.id) for word in words)
    )
    made.update(packed(replace(book, cards=cards)))
    return made.hexdigest()[:32]


def _code() -> Iterator[Path]:
    for folder in _CODE:
        found = (_TOP / folder).rglob("*")
        yield from sorted(path for path in found if path.suffix in _KINDS)
