# SPDX-License-Identifier: GPL-2.0-or-later
"""Who in a program gives a global its value, and a function its arguments."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.analysis.c_file import calls, functions, words
from patchlint.analysis.prototypes import prototypes
from patchlint.analysis.scope import Scope, Write, scope
from patchlint.lint.context import Program
from patchlint.syntax.node import Node


def writers(program: Program, name: str) -> Iterator[tuple[Scope, Write]]:
    """Yield every plain write of a global flag, with its function."""
    for source in program.written_in("c"):
        for item in functions(source):
            if name in words(source, item):
                inner = scope(source, item)
                if name not in inner.types:
                    yield from ((inner, w) for w in inner.writes.get(name, ()))


def call_sites(program: Program, callee: str) -> Iterator[tuple[Scope, Node]]:
    """Yield the calls of a function, also through a local pointer of its typedef."""
    typedefs = {p.typedef for p in prototypes(program).get(callee, ()) if p.typedef}
    names = {callee, *typedefs}
    for source in program.written_in("c"):
        for item in functions(source):
            if names.isdisjoint(words(source, item)):
                continue
            inner = scope(source, item)
            for name, call in calls(inner.tree):
                kind = inner.types.get(name, "").removesuffix(" *")
                if (name == callee and name not in inner.types) or kind in typedefs:
                    yield inner, call
