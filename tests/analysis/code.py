# SPDX-License-Identifier: GPL-2.0-or-later
"""C programs for tests of the analyses."""

from __future__ import annotations

from patchlint.analysis import c_file
from patchlint.diff.image import whole_image
from patchlint.lint.context import Facts, Program, Source
from patchlint.model.location import Side
from patchlint.syntax.node import Node


def program(**files: str) -> Program:
    """Return a program; a keyword such as ``a_c`` names the file ``a.c``."""
    facts = Facts()
    sources = (
        Source(
            whole_image(name.replace("_", "."), text, ""), Side.NEW, frozenset(), facts
        )
        for name, text in files.items()
    )
    return Program(Side.NEW, tuple(sources), facts)


def function(text: str, name: str = "f") -> Node:
    """Return the tree of a function in a C text."""
    (source,) = program(a_c=text).sources
    (item,) = (item for item in c_file.functions(source) if item.name == name)
    return c_file.tree(source, item)
