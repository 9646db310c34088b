# SPDX-License-Identifier: GPL-2.0-or-later
"""What an index takes from a file that is not C: assembly, Kconfig, Makefiles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from patchlint.model.symbol import FileFacts, Symbol, SymbolKind, Use
from patchlint.syntax import symbols
from patchlint.syntax.comments import without_comments

# By their names, as scripts/checkkconfigsymbols.py and the top Makefile find them.
_KCONFIG = re.compile(r"Kconfig(?:[.\-_]\w+(?:[.\-]\w+)*)?\Z")
_MAKEFILE = re.compile(r"(?:Makefile|Kbuild)(?:\.\w+)?\Z")
_ROUTINE = re.compile(r"^[ \t]*(?:SYM_\w*START\w*|ENTRY)\((\w+)", re.MULTILINE)
_EXPORT = re.compile(r"^[ \t]*EXPORT_SYMBOL\w*\((\w+)", re.MULTILINE)
_JUMP = re.compile(r"^[ \t]*(?:call|jmp|bl?)[ \t]+([a-z_]\w+)", re.MULTILINE)
_CONFIG = re.compile(r"^[ \t]*(?:menu)?config[ \t]+(\w+)[ \t]*(?:#.*)?$", re.MULTILINE)
_TYPE = re.compile(r"^[ \t]+(?:def_)?(bool|tristate|string|int|hex)\b", re.MULTILINE)
_OBJECTS = re.compile(
    r"^([\w-]+-(?:\$\(\w+\)|[ymn]|objs))[ \t]*[+:]?=(.*)$", re.MULTILINE
)
_OBJECT = re.compile(r"[\w./-]+(?:\.o|/)(?=\s|$)")


def read_file(path: str, text: str) -> FileFacts:
    """Return what the file ``path`` names and uses; nothing for other files."""
    kind = is_indexed(path)
    return _READERS[kind](text) if kind else FileFacts((), ())


def is_indexed(path: str) -> str:
    """Return how a file of this name is read (c, asm, kconfig, makefile), or ""."""
    name = path.rpartition("/")[2]
    if name.endswith((".c", ".h")):
        return "c"
    if name.endswith(".S"):
        return "asm"
    if _KCONFIG.match(name):
        return "kconfig"
    return "makefile" if _MAKEFILE.match(name) else ""


def is_everywhere(path: str) -> bool:
    """Say whether what the file names holds for the whole tree: Kconfig symbols do."""
    return is_indexed(path) == "kconfig"


def _assembly(text: str) -> FileFacts:
    clean = without_comments(text)
    routines = [
        Symbol(found[1], kind, _line(clean, found.start(1)))
        for pattern, kind in (
            (_ROUTINE, SymbolKind.ROUTINE),
            (_EXPORT, SymbolKind.EXPORT),
        )
        for found in pattern.finditer(clean)
    ]
    routines.sort(key=lambda symbol: symbol.line)
    return FileFacts(tuple(routines), tuple(_jumps(clean, routines)))


def _jumps(text: str, routines: list[Symbol]) -> Iterator[Use]:
    starts = [s for s in routines if s.kind is SymbolKind.ROUTINE]
    for found in _JUMP.finditer(text):
        line = _line(text, found.start(1))
        holders = [s.name for s in starts if s.line <= line]
        if holders:
            yield Use(found[1], holders[-1], "", line)


def _kconfig(text: str) -> FileFacts:
    found = []
    for entry in _CONFIG.finditer(text):
        kind = _TYPE.search(text, entry.end(), entry.end() + 300)
        what = kind[1] if kind else ""
        found.append(
            Symbol(entry[1], SymbolKind.CONFIG, _line(text, entry.start(1)), what)
        )
    return FileFacts(tuple(found), ())


def _makefile(text: str) -> FileFacts:
    joined = re.sub(r"\\\n", "  ", text)
    found = [
        Symbol(name, SymbolKind.OBJECT, _line(joined, rule.start()), rule[1])
        for rule in _OBJECTS.finditer(joined)
        for name in _OBJECT.findall(rule[2])
    ]
    return FileFacts(tuple(found), ())


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


_READERS: Mapping[str, Callable[[str], FileFacts]] = {
    "c": symbols.symbols,
    "asm": _assembly,
    "kconfig": _kconfig,
    "makefile": _makefile,
}
