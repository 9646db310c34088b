# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites of guarded operations, their guards, and what a patch does to them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from patchlint.analysis import asm_guards
from patchlint.analysis.arch import is_x86_64
from patchlint.analysis.c_file import calls, functions, words
from patchlint.analysis.conditions import Condition, dominating, path_to
from patchlint.analysis.roots import Root, asked, root_of
from patchlint.analysis.scope import Scope, scope
from patchlint.lint.context import PatchContext, Program
from patchlint.model.finding import Step
from patchlint.model.location import InFile
from patchlint.syntax.comments import without_comments
from patchlint.syntax.node import Node

_STATUS = frozenset(("ret", "err", "error", "rc", "retval", "rv", "res", "status"))
_CHECKS = re.compile(r"IS_ERR(?:_OR_NULL)?\(|WARN\w*\(|BUG_ON\(|DEBUG_LOCKS_WARN_ON\(")
_WORDS = re.compile(r"\w+|\W")
_DEFINED = re.compile(
    r"^[ \t]*#[ \t]*define[ \t]+(\w+)"
    r"|^(?:DEFINE|DECLARE)_\w+\((?:[^,()\n]+,)?[ \t]*(\w+)[ \t]*\)"
    r"|^[A-Za-z_][\w \t*]*?\b(\w+)[ \t]*[(=;\[]"
    r"|^[ \t]+[A-Za-z_][\w \t*]*?[ \t*](\w+)[ \t]*(?::[ \t]*\d+)?;",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Operations:
    """The guarded operations: the names (C) or mnemonics (asm) of each kind.

    ``alike`` are functions that ask the same: their names, and the one to use for it.
    """

    kinds: tuple[tuple[str, frozenset[str]], ...]
    alike: tuple[tuple[str, frozenset[str]], ...] = ()

    def kind(self, name: str) -> str:
        """Return the kind an operation is of, or ""."""
        return next((kind for kind, names in self.kinds if name in names), "")

    def ask(self, atom: str) -> str:
        """Return a condition with one name for functions that ask the same."""
        for name, others in self.alike:
            atom = re.sub(rf"\b(?:{'|'.join(sorted(others))})\b(?=\()", name, atom)
        return atom

    @property
    def names(self) -> frozenset[str]:
        """All names and mnemonics."""
        return frozenset(name for _, names in self.kinds for name in names)


@dataclass(frozen=True, slots=True)
class Site:
    """One place that executes a guarded operation, and what it depends on.

    ``asked`` are its conditions as they stand there, ``guard`` what they come down to.
    """

    function: str
    kind: str
    name: str
    where: InFile
    guard: Root
    asked: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The root conditions as a reader would write them."""
        atoms = sorted(self.guard.atoms)
        if len(atoms) > 1:
            atoms = [f"({atom})" if "||" in atom else atom for atom in atoms]
        return " && ".join(_readable(atom) for atom in atoms)


class Fate(Enum):
    """What a patch does to the guard of a site."""

    KEPT = "the same text"
    REWRITTEN = "another text, the same root"
    CHANGED = "another root"


@dataclass(frozen=True, slots=True)
class Change:
    """A site before and after a patch."""

    before: Site
    after: Site
    fate: Fate


def guard_record(context: PatchContext, operations: Operations) -> tuple[Change, ...]:
    """Return every site that stands on both sides of a patch, and its fate.

    Sites are paired by file, function and order; where their number differs, a
    function is left out, since an operation added or removed is no drift.
    """
    return context.facts.of(_record, (context, operations))


def _record(key: tuple[PatchContext, Operations]) -> tuple[Change, ...]:
    context, operations = key
    moved = {c.old_path or "": c.path for c in context.patch.changes}
    before = _by_place(_sites(context.before, operations), moved)
    after = _by_place(_sites(context.after, operations), {})
    same = _Same(operations, _defined(context.before), _defined(context.after))
    return tuple(
        Change(old, new, _fate(old, new, same))
        for place, olds in before.items()
        if len(olds) == len(after.get(place, ()))
        for old, new in zip(olds, after[place], strict=True)
    )


def _sites(program: Program, operations: Operations) -> Iterator[Site]:
    yield from _c_sites(program, operations)
    for routine, name, where, guard in asm_guards.sites(program, operations.names):
        kind, asked_there = operations.kind(name), tuple(sorted(guard.atoms))
        yield Site(routine, kind, name, where, guard, asked_there)


def _c_sites(program: Program, operations: Operations) -> Iterator[Site]:
    for source in program.written_in("c"):
        for item in functions(source) if is_x86_64(source.path) else ():
            if operations.names.isdisjoint(words(source, item)):
                continue
            inner = scope(source, item)
            for name, call in calls(inner.tree):
                if kind := operations.kind(name):
                    where = source.at(call.span)
                    guards = _guards(inner, call)
                    root = _root(program, inner, name, guards)
                    conditions = tuple(asked(inner, guard) for guard in guards)
                    yield Site(item.name, kind, name, where, root, conditions)


def _guards(inner: Scope, call: Node) -> tuple[Condition, ...]:
    """Return the conditions of a call, without those that only tell failure."""
    found = dominating(path_to(inner.tree, call))
    return tuple(
        condition for condition in found if not _tells_failure(inner, condition)
    )


def _tells_failure(inner: Scope, condition: Condition) -> bool:
    """A status that was returned, a pointer that is there, a warning."""
    node = condition.node
    if node.kind == "binary_expression":
        node = node.children[0]
    if node.kind == "call_expression":
        return _CHECKS.match(node.text) is not None
    if node.kind != "identifier":
        return False
    return node.text in _STATUS or inner.types.get(node.text, "").endswith("*")


def _root(
    program: Program, inner: Scope, name: str, guards: tuple[Condition, ...]
) -> Root:
    """Join the roots of all conditions of a call."""
    atoms: set[str] = set()
    steps: list[Step] = []
    seen = True
    for condition in guards:
        root = root_of(program, inner, condition)
        where = inner.source.at(condition.node.span)
        steps += [Step(where, condition.text, f"guards {name}()"), *root.steps]
        atoms |= root.atoms
        seen = seen and root.seen
    return Root(frozenset(atoms), tuple(steps), seen)


def _by_place(
    sites: Iterator[Site], moved: Mapping[str, str]
) -> Mapping[Hashable, list[Site]]:
    """Group sites by file, function and kind; a renamed file keeps its place."""
    found: dict[Hashable, list[Site]] = {}
    for site in sites:
        path = moved.get(site.where.path, site.where.path)
        place = (path, site.function, site.kind)
        found.setdefault(place, []).append(site)
    return found


@dataclass(frozen=True, slots=True)
class _Same:
    """What makes two conditions the same: the names files define before and after."""

    operations: Operations
    before: frozenset[str]
    after: frozenset[str]

    def holds(self, old: Root, new: Root) -> bool:
        """Say whether two guards ask the same, up to renamed definitions."""
        olds, news = self._words(old), self._words(new)
        return len(olds) == len(news) and all(
            a == b or (a in self.before - self.after and b in self.after - self.before)
            for a, b in zip(olds, news, strict=True)
        )

    def _words(self, root: Root) -> list[str]:
        atoms = sorted(self.operations.ask(atom) for atom in root.atoms)
        return _WORDS.findall(" && ".join(atoms))


def _fate(old: Site, new: Site, same: _Same) -> Fate:
    if not same.holds(old.guard, new.guard):
        return Fate.CHANGED
    shapes = [(site.asked, len(site.guard.steps)) for site in (old, new)]
    return Fate.KEPT if shapes[0] == shapes[1] else Fate.REWRITTEN


def _defined(program: Program) -> frozenset[str]:
    """Return the names that the touched C files define or declare."""
    return frozenset(
        name
        for source in program.written_in("c")
        for groups in _DEFINED.findall(without_comments(source.image.text))
        for name in groups
        if name
    )


def _readable(atom: str) -> str:
    text = re.sub(r"\([^()]*\)(?:->|\.)", "", atom)
    return re.sub(r"(?<=[\w)\]])(>=|<=|==|!=|&&|\|\||[<>&|])(?=[\w(!~])", r" \1 ", text)
