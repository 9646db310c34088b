# SPDX-License-Identifier: GPL-2.0-or-later
"""What a file is built into, by the makefiles of a tree.

``obj-$(CONFIG_X) += x.o`` builds an object of its own, ``x-y += part.o`` a part of one
(Documentation/kbuild/makefiles.rst). Conditions of folders are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.symbol import SymbolKind
from patchlint.series.tree import Tree

_RULE = re.compile(r"([\w-]+)-(?:\$\(CONFIG_(\w+)\)|(y|m|objs|n))")
_DEPTH = 4


class Owner(Struct, frozen=True):
    """An object that is linked or loaded as one: ``path``, and what builds it.

    ``symbol`` is the configuration symbol, "" for ``obj-y`` and ``obj-m``.
    """

    path: str
    symbol: str
    is_module: bool


def owners(tree: Tree, path: str) -> frozenset[Owner]:
    """Return the objects that the C or assembly file ``path`` becomes part of.

    None where no makefile of its folder names it.
    """
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return frozenset(_owners(tree, folder, f"{stem}.o", _DEPTH))


def may_be_module(tree: Tree, path: str) -> bool:
    """Say whether a file is only ever part of objects that can be modules."""
    found = owners(tree, path)
    return bool(found) and all(owner.is_module for owner in found)


def _owners(tree: Tree, folder: str, name: str, left: int) -> Iterator[Owner]:
    for placed in tree.symbols(name) if left else ():
        rule = _RULE.fullmatch(placed.symbol.text)
        is_here = placed.path.rpartition("/")[0] == folder
        if placed.symbol.kind is not SymbolKind.OBJECT or not is_here or rule is None:
            continue
        if rule[1] == "obj":
            symbol = rule[2] or ""
            is_module = rule[3] == "m" or _is_tristate(tree, symbol)
            yield Owner(f"{folder}/{name}", symbol, is_module)
        else:
            yield from _owners(tree, folder, f"{rule[1]}.o", left - 1)


def _is_tristate(tree: Tree, symbol: str) -> bool:
    return any(
        placed.symbol.kind is SymbolKind.CONFIG and placed.symbol.text == "tristate"
        for placed in tree.symbols(symbol)
    )
