# SPDX-License-Identifier: GPL-2.0-or-later
"""Names that a macro puts together: ``DEVICE_ATTR_RO(speed)`` uses ``speed_show``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from patchlint.analysis.series_rows import Piece, Row
from patchlint.model.change import Kind

_WORD = re.compile(r"[A-Za-z_]\w*")
_CAPITAL = re.compile(r"\b_*[A-Z][A-Z0-9_]+[a-z_]*\s*\(")
_TOP = re.compile(r"[A-Za-z_]\w*\s*\(")
_PASTED = re.compile(r"(\w*)\s*##\s*(\w*)")
_SHORTEST = 3
_PARTS = 12


class Pasted(Struct, frozen=True):
    """What macros may make names of.

    ``words`` are arguments of macros that are no statements, by file; ``fixed`` is what
    ``##`` is written next to, anywhere; ``longer`` are the ends, behind an underscore,
    of all words: ``__pi_start`` may be the ``start`` of another object.
    """

    words: Mapping[str, frozenset[str]]
    fixed: frozenset[str]
    longer: frozenset[str]


def pasted(of: Iterable[Piece]) -> Pasted:
    """Return what the macros in the lines of a posting may make names of."""
    words: dict[str, set[str]] = {}
    fixed: set[str] = set()
    longer: set[str] = set()
    for piece in of:
        here = words.setdefault(piece.rows[0].path, set())
        here.update(_arguments(piece.new))
        for row in piece.new:
            for found in _PASTED.finditer(row.code):
                fixed.update(part for part in found.groups() if len(part) >= _SHORTEST)
            if row.line.kind is Kind.ADDED:
                for word in _WORD.findall(row.code):
                    longer.update(_ends(word))
    by_file = {path: frozenset(found) for path, found in words.items()}
    return Pasted(by_file, frozenset(fixed), frozenset(longer))


def _arguments(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the words in macros at the top level, in tables and in macros."""
    depth = 0
    for row in rows:
        code = row.code.rstrip()
        is_top = code[:1].strip() != ""
        is_macro = bool(_TOP.match(code) or _CAPITAL.search(code))
        is_statement = code.endswith(";") and not is_top
        if depth > 0 or (is_macro and not is_statement):
            yield from _WORD.findall(code)
            depth = max(0, depth + code.count("(") - code.count(")"))


def _ends(word: str) -> Iterator[str]:
    """Yield what stands behind the underscores of a word, at its front."""
    name = word.lstrip("_")
    for _ in range(3):
        _, _, name = name.partition("_")
        if not name:
            return
        yield name


def made_by_macro(name: str, path: str, known: Pasted) -> bool:
    """Say whether a macro may have put a name together of something that is shown."""
    if any(name.startswith(part) or name.endswith(part) for part in known.fixed):
        return True
    words = known.words.get(path, frozenset())
    return name in known.longer or any(part in words for part in _parts(name))


def _parts(name: str) -> Iterator[str]:
    """Yield the ends of a name between underscores, of some length, but all of it."""
    words = name.split("_")[:_PARTS]
    for at in range(1, len(words)):
        for part in ("_".join(words[:at]), "_".join(words[at:])):
            if len(part) >= _SHORTEST:
                yield part
