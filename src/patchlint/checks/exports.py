# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about what modules may use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.modules import may_be_module, owners
from patchlint.analysis.sections import file_facts, words
from patchlint.lint.context import Program, Source, tree_of
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InFile, Span
from patchlint.model.symbol import Placed, SymbolKind, Use
from patchlint.series.tree import Tree

Seen = Match | NotChecked

_CONDITIONAL = re.compile(r"[ \t]*#[ \t]*(if|ifdef|ifndef|endif)\b")
_NO_MODULE = re.compile(r"\bIS_BUILTIN\(|\bMODULE\b")
_DEFINES = (SymbolKind.FUNCTION, SymbolKind.ROUTINE)


def export_missing(program: Program, options: Options) -> Iterator[Seen]:  # noqa: ARG001
    """A file that can be a module calls a function that is not exported."""
    for source in program.written_in("c"):
        if not source.changed or not source.path.endswith(".c"):
            continue
        tree = tree_of(program)
        if tree is None:
            yield NotChecked("the makefiles and definitions of the tree")
            return
        if may_be_module(tree, source.path):
            yield from _unexported(program, tree, source)


def _unexported(program: Program, tree: Tree, source: Source) -> Iterator[Match]:
    own = owners(tree, source.path)
    for use in file_facts(source).uses:
        if use.line not in source.changed or use.role:
            continue
        target = _only_definition(tree, use.name)
        if target is None or any(
            placed.symbol.kind is SymbolKind.EXPORT for placed in tree.symbols(use.name)
        ):
            continue
        others = owners(tree, target.path)
        if _is_built_in(source, use.line):
            continue
        if others and not {o.path for o in own} & {o.path for o in others}:
            yield _match(program, source, use, target, min(o.path for o in own))


def _is_built_in(source: Source, line: int) -> bool:
    """Say whether a line stands under an ``#if`` that asks for no module."""
    open_ifs: list[str] = []
    for row in source.image.text.split("\n")[: line - 1]:
        if directive := _CONDITIONAL.match(row):
            if directive[1] == "endif":
                del open_ifs[-1:]
            else:
                open_ifs.append(row)
    return any(_NO_MODULE.search(row) for row in open_ifs)


def _only_definition(tree: Tree, name: str) -> Placed | None:
    """Return the one function of a name that other files can call, or None."""
    found = tree.symbols(name)
    if any(placed.symbol.kind is SymbolKind.MACRO for placed in found):
        return None
    defined = [placed for placed in found if placed.symbol.kind in _DEFINES]
    if len(defined) != 1 or words(defined[0].symbol) & {"static", "inline", "__weak"}:
        return None
    return defined[0] if defined[0].path.endswith((".c", ".S")) else None


def _match(
    program: Program, source: Source, use: Use, target: Placed, module: str
) -> Match:
    where = InFile(source.path, program.side, Span(use.line))
    there = InFile(target.path, program.side, Span(target.symbol.line))
    return Match(
        where=where,
        message=(
            f"{module} can be a module, and {use.name}() of {target.path} is not "
            "exported."
        ),
        trace=(
            Step(
                where,
                f"{use.name}() in {use.holder}()",
                "called by what can be a module",
            ),
            Step(
                there, target.symbol.text or use.name, "defined here, without an export"
            ),
        ),
        key=f"{source.path} {use.name}",
    )
