# SPDX-License-Identifier: GPL-2.0-or-later
"""In which section a function or variable lives, and whether others can be told.

Sections are told by the attribute words before a definition (include/linux/init.h,
include/linux/cache.h). scripts/mod/modpost.c looks at the same in the object files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.arch import can_mean
from patchlint.lint import context
from patchlint.lint.context import Source
from patchlint.model.symbol import FileFacts, Placed, Symbol, SymbolKind
from patchlint.series.tree import Tree

_DEFINES = (SymbolKind.FUNCTION, SymbolKind.VARIABLE, SymbolKind.PERCPU)
_WORD = re.compile(r"\w+")
_INLINE = frozenset(("inline", "__always_inline"))


def file_facts(source: Source) -> FileFacts:
    """Return the symbols and uses of one side of a touched file."""
    return source.facts.of(context.file_facts, (source.path, source.image.text))


def words(symbol: Symbol) -> frozenset[str]:
    """Return the words of a definition before its body: attributes are among them."""
    return frozenset(
        _WORD.findall(symbol.text.partition("(")[0] + _behind(symbol.text))
    )


def definitions(tree: Tree, name: str, path: str) -> tuple[Placed, ...]:
    """Return what ``name`` can mean in the file ``path``: its own definitions first.

    () where it is a macro, or where no definition is known: nothing is sure then.
    """
    found = tree.symbols(name)
    if any(placed.symbol.kind is SymbolKind.MACRO for placed in found):
        return ()
    defined = [placed for placed in found if placed.symbol.kind in _DEFINES]
    own = tuple(placed for placed in defined if placed.path == path)
    return own or tuple(placed for placed in defined if _is_meant(placed, path))


def is_marked(tree: Tree, name: str, marks: frozenset[str]) -> bool | None:
    """Say whether any definition or prototype of a function has one of the words.

    None where that is not sure: a macro, assembly, no definition for other files, or
    one that a macro makes.
    """
    found = [placed.symbol for placed in tree.symbols(name)]
    public = [s for s in found if "static" not in words(s) or "inline" in words(s)]
    kinds = {symbol.kind for symbol in found}
    is_made = any(symbol.text.split("(")[0].isupper() for symbol in found)
    if kinds & {SymbolKind.MACRO, SymbolKind.ROUTINE} or is_made:
        return None
    if not any(symbol.kind is SymbolKind.FUNCTION for symbol in public):
        return None
    return any(words(symbol) & marks for symbol in public)


def outlives(tree: Tree, holder: Placed, of_init: frozenset[str]) -> bool:
    """Say whether a function is there for others than code that is thrown away.

    One that is static and only called by init code may be inlined there.
    """
    own = words(holder.symbol)
    if own & _INLINE:
        return False
    if "static" not in own:
        return True
    return any(
        placed.use.role or not _is_of(tree, placed.path, placed.use.holder, of_init)
        for placed in tree.uses(holder.symbol.name)
        if placed.path == holder.path
    )


def _is_of(tree: Tree, path: str, name: str, of_init: frozenset[str]) -> bool:
    found = [
        p for p in tree.symbols(name) if p.path == path and p.symbol.kind in _DEFINES
    ]
    return bool(found) and all(words(placed.symbol) & of_init for placed in found)


def _is_meant(placed: Placed, path: str) -> bool:
    return "static" not in words(placed.symbol) and can_mean(path, placed.path)


def _behind(text: str) -> str:
    """Return what stands behind the parameters: an attribute may, too."""
    return f" {text.rpartition(')')[2]}" if "(" in text else ""


def functions(facts: FileFacts) -> Iterator[Symbol]:
    """Yield the functions a file defines."""
    return (s for s in facts.symbols if s.kind is SymbolKind.FUNCTION)
