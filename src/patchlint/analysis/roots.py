# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a condition comes from: locals, parameters and flags traced to their roots.

Each step is kept as a line of the trace. A step is taken only where it is certain:
one assignment, one call site, writers that can be seen. Everything else is a root as
it stands. The number of steps is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from patchlint.analysis.c_file import arguments, calls, function, functions, words
from patchlint.analysis.conditions import (
    Condition,
    atoms,
    dominating,
    negate,
    path_to,
    plain,
    spell,
)
from patchlint.analysis.prototypes import prototypes
from patchlint.analysis.scope import Scope, Write, scope
from patchlint.lint.context import Program
from patchlint.model.finding import Step
from patchlint.syntax.node import Node

_READ = re.compile(
    r"(?:__|raw_)?(?:this_cpu|raw_cpu)_read(?:_stable)?|per_cpu|READ_ONCE"
)
_FALSE = frozenset(("0", "false", "NULL"))
_TRUE = frozenset(("1", "true"))
_DEPTH = 6
ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Root:
    """What a condition comes down to.

    ``atoms`` are the root conditions, all of which hold. ``steps`` lead there.
    ``seen`` is False where a flag's writers are outside the files at hand.
    """

    atoms: frozenset[str]
    steps: tuple[Step, ...] = ()
    seen: bool = True


def root_of(program: Program, where: Scope, condition: Condition) -> Root:
    """Trace one condition of a C function to its roots."""
    return _resolve(_Place(program, where, _DEPTH), condition)


def asked(where: Scope, condition: Condition) -> str:
    """Return a condition as C, its pointers named by their types."""
    return spell(condition, partial(_in_terms_of_types, _pointers(where)))


def root_of_argument(program: Program, callee: str, position: int) -> Root | None:
    """Trace what the callers pass as argument ``position`` (from 0) of a function.

    Calls through a local pointer of the function's typedef count as well. None
    where the program has no call, or several that pass different things.
    """
    return _argument(program, callee, position, _DEPTH)


@dataclass(frozen=True, slots=True)
class _Place:
    """The function a condition stands in, and how many steps may still be taken."""

    program: Program
    scope: Scope
    left: int

    def deeper(self, where: Scope | None = None) -> _Place:
        return _Place(self.program, where or self.scope, self.left - 1)


def _resolve(place: _Place, condition: Condition) -> Root:
    node = condition.node
    found: Root | None = None
    if place.left > 0:
        if node.kind == "identifier":
            found = _name(place, node)
        elif node.kind == "call_expression":
            found = _called(place, node)
    if found is None:
        return Root(frozenset((asked(place.scope, condition),)))
    if not condition.negated:
        return found
    return Root(frozenset((_not(found.atoms),)), found.steps, found.seen)


def _not(known: frozenset[str]) -> str:
    if len(known) == 1:
        (only,) = known
        return only[1:] if only.startswith("!") else negate(only)
    return negate(" && ".join(sorted(known)))


def _all(place: _Place, conditions: Iterable[Condition]) -> Root:
    """Resolve a conjunction."""
    roots = [_resolve(place, condition) for condition in conditions]
    return Root(
        frozenset(atom for root in roots for atom in root.atoms),
        tuple(step for root in roots for step in root.steps),
        all(root.seen for root in roots),
    )


def _name(place: _Place, node: Node) -> Root | None:
    """A local by its assignment, a parameter by its argument, a global as a flag."""
    where, name = place.scope, node.text
    if name in where.parameters and name not in where.writes:
        position = where.parameters.index(name)
        return _argument(place.program, where.item.name, position, place.left - 1)
    if name in where.types:
        return _local(place, name)
    return _flag(place, name)


def _local(place: _Place, name: str) -> Root | None:
    writes = place.scope.writes.get(name, ())
    true = [write for write in writes if write.value.text not in _FALSE]
    if len(true) != 1:
        return None
    step = _step(place.scope, true[0].node, f"{name} comes from here")
    root = _value(place.deeper(), true[0])
    return Root(root.atoms, (step, *root.steps), root.seen)


def _value(place: _Place, write: Write) -> Root:
    """Resolve an assigned value: a constant by the guards of its assignment."""
    if write.value.text not in _TRUE:
        return _all(place, atoms(write.value, negated=False))
    guards = dominating(path_to(place.scope.tree, write.node))
    if not guards:
        return Root(frozenset((ALWAYS,)))
    return _all(place, guards)


def _called(place: _Place, call: Node) -> Root | None:
    callee, given = call.child("function"), arguments(call)
    name = "" if callee is None else callee.text
    if _READ.fullmatch(name) and given:
        if given[0].kind != "identifier":
            return _resolve(place.deeper(), Condition(given[0], negated=False))
        return _flag(place, given[0].text)
    found = function(place.program, name)
    if found is None:
        return None
    inner = scope(*found)
    result = _only_result(inner)
    if result is None:
        return None
    step = _step(inner, result, f"{name}() is this")
    root = _all(place.deeper(inner), atoms(result, negated=False))
    return Root(root.atoms, (step, *root.steps), root.seen)


def _only_result(helper: Scope) -> Node | None:
    """Return the expression of a function that is one return statement."""
    body = helper.tree.child("body")
    if body is None or len(body.children) != 1:
        return None
    statement = body.children[0]
    if statement.kind != "return_statement" or not statement.children:
        return None
    return statement.children[0]


def _flag(place: _Place, name: str) -> Root | None:
    """A flag is what dominates the places that set it.

    One that nothing at hand sets stands for itself; a macro in capitals is none.
    """
    roots = []
    for inner, write in _writers(place.program, name):
        if write.value.text not in _FALSE:
            step = _step(inner, write.node, f"{name} is set here")
            root = _value(place.deeper(inner), write)
            roots.append(Root(root.atoms, (step, *root.steps), root.seen))
    if not roots:
        own = Root(frozenset((plain(name),)), seen=False)
        return None if name.isupper() else own
    return roots[0] if len(roots) == 1 else _either(roots)


def _either(roots: list[Root]) -> Root:
    texts = sorted({" && ".join(sorted(root.atoms)) for root in roots})
    return Root(
        frozenset((" || ".join(f"({text})" for text in texts),)),
        tuple(step for root in roots for step in root.steps),
        all(root.seen for root in roots),
    )


def _writers(program: Program, name: str) -> Iterator[tuple[Scope, Write]]:
    """Yield every plain write of a global flag, with its function."""
    for source in program.written_in("c"):
        for item in functions(source):
            if name in words(source, item):
                inner = scope(source, item)
                if name not in inner.types:
                    yield from ((inner, w) for w in inner.writes.get(name, ()))


def _argument(program: Program, callee: str, position: int, left: int) -> Root | None:
    if left <= 0:
        return None
    sites = [
        (inner, arguments(call)[position], call)
        for inner, call in _call_sites(program, callee)
        if position < len(arguments(call))
    ]
    roots = []
    for inner, given, call in sites:
        step = _step(inner, given, f"passed to {_callee(call)}()")
        root = _all(_Place(program, inner, left), atoms(given, negated=False))
        roots.append(Root(root.atoms, (step, *root.steps), root.seen))
    return roots[0] if len({root.atoms for root in roots}) == 1 else None


def _call_sites(program: Program, callee: str) -> Iterator[tuple[Scope, Node]]:
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


def _callee(call: Node) -> str:
    callee = call.child("function")
    return "" if callee is None else callee.text


def _pointers(where: Scope) -> Mapping[str, str]:
    """Return the type behind each local pointer and parameter that is one."""
    return {
        name: kind.removesuffix(" *")
        for name, kind in where.types.items()
        if kind.endswith(" *")
    }


def _in_terms_of_types(pointers: Mapping[str, str], text: str) -> str:
    """Return C text with the pointers before a member named by their type.

    ``c->level`` means the same in two functions whose ``c`` is of one type.
    """

    def typed(found: re.Match[str]) -> str:
        kind = pointers.get(found[0])
        return found[0] if kind is None else f"({kind})"

    return re.sub(r"(?<![\w.>])[A-Za-z_]\w*(?=->)", typed, plain(text))


def _step(where: Scope, node: Node, note: str) -> Step:
    line = node.text.split("\n")[0]
    return Step(where.source.at(node.span), line, note)
