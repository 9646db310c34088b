# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites of guarded operations on one side of a patch, and their guards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.arch import family
from patchlint.analysis.c_file import arguments, calls, functions, words
from patchlint.analysis.conditions import Conditions, as_text, plain, written
from patchlint.analysis.formula import (
    Formula,
    Literal,
    all_of,
    assumed,
    simplified,
)
from patchlint.analysis.place import Place, as_it_stands
from patchlint.analysis.reach import path_to, reach
from patchlint.analysis.root import Root, joined
from patchlint.analysis.roots import root_of
from patchlint.analysis.scope import Scope, scope
from patchlint.analysis.writers import call_sites
from patchlint.lint.context import Program
from patchlint.model.finding import Step
from patchlint.model.location import InFile
from patchlint.syntax.node import Node

_TARGET = re.compile(r"[A-Za-z_]\w*(?:->\w+|\.\w+)*")
_CALLERS = 4
_SITES = 60
_LIFTS = 2


class Operations(Struct, frozen=True):
    """The guarded operations: the names (C) or mnemonics (asm) of each kind.

    ``alike`` are functions that ask the same: their names, and the one to use for it.
    ``targets`` are operations that say by an argument what they work on: two of them
    are of one kind only if it is the same one.
    """

    kinds: tuple[tuple[str, frozenset[str]], ...]
    alike: tuple[tuple[str, frozenset[str]], ...] = ()
    targets: tuple[tuple[str, frozenset[str]], ...] = ()

    def kind(self, name: str) -> str:
        """Return the kind an operation is of, or ""."""
        return next((kind for kind, names in self.kinds if name in names), "")

    def kind_of(self, name: str, call: Node) -> str:
        """Return the kind of a call, with what it works on where that is told."""
        if kind := self.kind(name):
            return kind
        where = next((at for at, names in self.targets if name in names), "")
        given = arguments(call)
        if not where or int(where) >= len(given):
            return ""
        target = plain(given[int(where)].text).removeprefix("&")
        return f"{name} of {target}" if _TARGET.fullmatch(target) else ""

    def ask(self, atom: str) -> str:
        """Return a condition with one name for functions that ask the same."""
        for name, others in self.alike:
            atom = re.sub(rf"\b(?:{'|'.join(sorted(others))})\b(?=\()", name, atom)
        return atom

    @property
    def names(self) -> frozenset[str]:
        """All names and mnemonics."""
        listed = (*self.kinds, *self.targets)
        return frozenset(name for _, names in listed for name in names)


class Site(Struct, frozen=True):
    """One place that executes a guarded operation, and what it depends on.

    ``asked`` is the condition as it stands there, ``guard`` what it comes down to.
    ``names`` are the parameters and locals of the function, with their types.
    """

    function: str
    kind: str
    name: str
    where: InFile
    guard: Root
    asked: str
    names: tuple[tuple[str, str], ...] = ()

    @property
    def needed(self) -> Formula[Literal]:
        """The guard without what only tells whether something worked or is built."""
        formula = self.guard.formula
        for text in sorted(self.guard.weak):
            negated = {one.negated for one in formula.literals() if one.text == text}
            formula = assumed(formula, text, holds=negated == {False})
        return simplified(formula)

    @property
    def shown(self) -> str:
        """The root condition as a reader would write it; "" if there is none."""
        return readable(written(self.needed))


def sites(
    program: Program, operations: Operations, known: frozenset[str]
) -> Iterator[Site]:
    """Yield the sites of a program, in order.

    Those in functions that are not ``known`` to the other side of the patch belong
    to their callers, as far as they are here: a helper may be new.
    """
    yield from _c_sites(program, operations, known)
    if not program.written_in("asm"):
        return
    # What reads assembly is much, and most patches have none.
    from patchlint.analysis import asm_guards

    for site in asm_guards.sites(program, operations.names):
        kind = operations.kind(site.name)
        yield Site(site.routine, kind, site.name, site.where, site.guard, site.asked)


def callers(program: Program, site: Site) -> tuple[Site, ...]:
    """Return a site as its callers have it: their conditions joined to its own.

    Nothing for a function that other files may call.
    """
    inner = _function(program, site)
    if inner is None or not inner.item.text.startswith("static"):
        return ()
    return tuple(_lifted(program, site))


def _function(program: Program, site: Site) -> Scope | None:
    """Return the C function a site is told of, in the file it stands in."""
    for source in program.written_in("c"):
        for item in functions(source) if source.path == site.where.path else ():
            if item.name == site.function:
                return scope(source, item)
    return None


def _c_sites(
    program: Program, operations: Operations, known: frozenset[str]
) -> Iterator[Site]:
    for source in program.written_in("c"):
        for item in functions(source) if family(source.path) is not None else ():
            if operations.names.isdisjoint(words(source, item)):
                continue
            inner = scope(source, item)
            found = [(operations.kind_of(*one), *one) for one in calls(inner.tree)]
            told = [one for one in found if one[0]]
            for kind, name, call in told if len(told) <= _SITES else ():
                held = reach(item, path_to(inner.tree, call))
                if held is not None:
                    site = _site(program, inner, (kind, name, call), held)
                    yield from _known(program, site, known, _LIFTS)


def _site(
    program: Program, inner: Scope, what: tuple[str, str, Node], held: Conditions
) -> Site:
    kind, name, call = what
    where = inner.source.at(call.span)
    root = _root(program, inner, name, held)
    names = tuple(inner.types.items())
    return Site(inner.item.name, kind, name, where, root, _asked(inner, held), names)


def _asked(inner: Scope, held: Conditions) -> str:
    return written(held.expand(lambda one: _atom(as_it_stands(inner, one))))


def _atom(literal: Literal) -> Formula[Literal]:
    return Formula("", literal)


def _root(program: Program, inner: Scope, name: str, held: Conditions) -> Root:
    """Trace the guard of an operation; the conditions in front of it come first."""
    parts = []
    for part in held.conjuncts:
        first = next(part.literals(), None)
        root = root_of(program, inner, part)
        if first is not None:
            where = inner.source.at(first.node.span)
            text = written(as_text(part, plain))
            root = root.led_by(Step(where, text, f"guards {name}()"))
        parts.append(root)
    return joined(parts, all_of)


def _known(
    program: Program, site: Site, known: frozenset[str], left: int
) -> Iterator[Site]:
    """Hand a site in an unknown function on to its callers."""
    if site.function in known or left == 0:
        yield site
        return
    lifted = tuple(_lifted(program, site))
    if not 1 <= len(lifted) <= _CALLERS:
        yield site
        return
    for above in lifted:
        yield from _known(program, above, known, left - 1)


def _lifted(program: Program, site: Site) -> Iterator[Site]:
    for inner, call in call_sites(program, site.function):
        held = reach(inner.item, path_to(inner.tree, call))
        if held is None or inner.item.name == site.function:
            continue
        above = _root(program, inner, site.name, held)
        own = _given(program, site, Place(program, inner, _LIFTS), call)
        asked = " && ".join(t for t in (_asked(inner, held), site.asked) if t)
        guard = joined([above, own], all_of)
        names = (*site.names, *inner.types.items())
        function = inner.item.name
        yield Site(function, site.kind, site.name, site.where, guard, asked, names)


def _given(program: Program, site: Site, caller: Place, call: Node) -> Root:
    """Trace the own guard of a site again, with the arguments of one call."""
    inner = _function(program, site)
    for _, node in calls(inner.tree) if inner else ():
        if inner and inner.source.at(node.span) == site.where:
            held = reach(inner.item, path_to(inner.tree, node))
            if held is not None:
                root = root_of(program, inner, held, (caller, call))
                guards = (s for s in site.guard.steps if s.note.startswith("guards "))
                return root.led_by(*guards)
    return site.guard


def readable(atom: str) -> str:
    """Return a condition with blanks, and without the types of pointers."""
    text = re.sub(r"\([^()]*\)(?:->|\.)", "", atom)
    return re.sub(r"(?<=[\w)\]])(>=|<=|==|!=|&&|\|\||[<>&|])(?=[\w(!~])", r" \1 ", text)
