# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a condition comes from: locals, parameters and flags traced to their roots.

Each step is kept as a line of the trace. A step is taken only where it is certain:
one assignment, one call site, writers that can be seen. Everything else is a root as
it stands. The number of steps is bounded.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from patchlint.analysis.bits import Bit, bit_of
from patchlint.analysis.c_file import arguments, functions
from patchlint.analysis.conditions import Condition, Conditions, plain, split
from patchlint.analysis.formula import (
    Formula,
    Literal,
    all_of,
    any_of,
    atom,
    contrary,
    same,
    texts,
)
from patchlint.analysis.helpers import given_to, pointed_at, returned
from patchlint.analysis.place import Place, spelled, tells_failure
from patchlint.analysis.reach import path_to, reach
from patchlint.analysis.root import SET_HERE, Root, joined
from patchlint.analysis.scope import Scope, Write, scope
from patchlint.analysis.writers import call_sites, writers
from patchlint.lint.context import Program
from patchlint.model.finding import Step
from patchlint.syntax.node import Node

_READ = re.compile(
    r"(?:__|raw_)?(?:this_cpu|raw_cpu)_read(?:_stable)?|per_cpu|READ_ONCE"
    r"|static_(?:branch_(?:un)?likely|branch_maybe|key_(?:enabled|false|true))"
)
_FALSE = frozenset(("0", "false", "NULL"))
_DEPTH = 6
_LARGE = 48
_MANY = 8
ALWAYS = "always"
Call = tuple[Place, Node]


def root_of(
    program: Program, where: Scope, conditions: Conditions, call: Call | None = None
) -> Root:
    """Trace what must hold in a C function, called from a place, to its roots."""
    given = given_to(where, *call) if call else {}
    return _resolve(Place(program, where, _DEPTH, given), conditions)


def root_of_flag(program: Program, name: str) -> Root:
    """Trace a global flag to what makes its writers run."""
    found = _by_writers(program, name, _DEPTH)
    return found or Root(atom(Literal(name)), seen=False)


def root_of_argument(
    program: Program, callee: str, position: int, bit: str = ""
) -> Root | None:
    """Trace what the callers pass as argument ``position`` (from 0) of a function.

    With ``bit``, whether it is set there. Calls through a local pointer of the
    function's typedef count as well. None where the program has no call, or several
    that pass different things.
    """
    return _argument(program, callee, position, bit, _DEPTH)


def _resolve(place: Place, conditions: Conditions) -> Root:
    """Put its root in the place of each condition."""
    if conditions.literal is not None:
        return _condition(place, conditions.literal)
    join = all_of if conditions.joint == "&&" else any_of
    return joined([_resolve(place, part) for part in conditions.parts], join)


def _condition(place: Place, condition: Condition) -> Root:
    failure = tells_failure(place.scope, condition)
    found = None
    if place.left > 0 and not condition.value and not failure:
        found = _traced(place, condition.node)
        if found is not None and condition.negated:
            found = replace(found, formula=contrary(found.formula))
    if found is None or sum(1 for _ in found.formula.literals()) > _LARGE:
        found = Root(atom(spelled(place, condition)))
    if failure or condition.weak:
        found = replace(found, weak=found.weak | texts(found.formula))
    return found


def _traced(place: Place, node: Node) -> Root | None:
    if node.kind == "identifier":
        return _name(place, node)
    if node.kind == "call_expression":
        return _called(place, node)
    if node.kind == "binary_expression":
        found = bit_of(node)
        return None if found is None else _bit(place, found)
    return None


def _name(place: Place, node: Node) -> Root | None:
    """A local by its assignment, a parameter by its argument, a global as a flag."""
    where, name = place.scope, node.text
    if name in place.given and name not in where.writes:
        caller, given = place.given[name]
        return _resolve(replace(caller, left=place.left - 1), split(given))
    if name in where.parameters:
        if name in where.writes or name in where.joined or name in where.unsure:
            return None
        position = where.parameters.index(name)
        return _argument(place.program, where.item.name, position, "", place.left - 1)
    if name in where.types:
        return _local(place, name)
    return _flag(place, name)


def _local(place: Place, name: str) -> Root | None:
    where = place.scope
    writes = where.writes.get(name, ())
    true = [write for write in writes if write.value.text not in _FALSE]
    if len(true) != 1 or name in where.joined or name in where.unsure:
        return None
    step = _step(where, true[0].node, f"{name} comes from here")
    return _value(place.deeper(), true[0]).led_by(step)


def _value(place: Place, write: Write) -> Root:
    """Resolve an assigned value, and what must hold for the assignment to run."""
    item, tree = place.scope.item, place.scope.tree
    held = reach(item, path_to(tree, write.node)) or Formula("&&")
    return _resolve(place, all_of((held, split(write.value))))


def _called(place: Place, call: Node) -> Root | None:
    callee, given = call.child("function"), arguments(call)
    name = "" if callee is None else callee.text
    if _READ.fullmatch(name) and given:
        target = pointed_at(given[0])
        if target.kind != "identifier":
            return _resolve(place.deeper(), atom(Condition(target)))
        return _flag(place, target.text)
    return _helper(place, call, name)


def _helper(place: Place, call: Node, name: str) -> Root | None:
    """A helper is what it returns, with the arguments of this call."""
    found = [
        scope(source, item)
        for source in place.program.written_in("c")
        for item in functions(source)
        if item.name == name
    ]
    if len(found) > 1 and not all(inner.item.arms for inner in found):
        return None
    parts = []
    for inner in found:
        result = returned(inner)
        if result is None:
            return None
        conditions, at = result
        step = _step(inner, at, f"{name}() is this")
        there = place.deeper(inner, given_to(inner, place, call))
        parts.append(_resolve(there, conditions).led_by(step))
    return joined(parts, any_of) if parts else None


def _flag(place: Place, name: str) -> Root | None:
    """A flag is what dominates the places that set it.

    One that nothing at hand sets stands for itself; a macro in capitals is none.
    """
    found = _by_writers(place.program, name, place.left)
    if found is not None:
        return found
    return None if name.isupper() else Root(atom(Literal(plain(name))), seen=False)


def _by_writers(program: Program, name: str, left: int) -> Root | None:
    return program.facts.of(_written, (program, name, left))


def _written(key: tuple[Program, str, int]) -> Root | None:
    program, name, left = key
    found = [one for one in writers(program, name) if one[1].value.text not in _FALSE]
    roots = []
    for inner, write in found if len(found) <= _MANY else ():
        step = _step(inner, write.node, f"{name}{SET_HERE}")
        root = _value(Place(program, inner, left - 1), write).led_by(step)
        if root.formula.always:
            root = replace(root, formula=atom(Literal(ALWAYS)))
        roots.append(root)
    return joined(roots, any_of) if roots else None


def _argument(
    program: Program, callee: str, position: int, bit: str, left: int
) -> Root | None:
    """Trace an argument; worked out once, so that many callers are no maze."""
    if left <= 0:
        return None
    return program.facts.of(_passed, (program, callee, position, bit, left))


def _passed(key: tuple[Program, str, int, str, int]) -> Root | None:
    program, callee, position, bit, left = key
    roots: list[Root] = []
    for inner, call in call_sites(program, callee):
        if position >= len(arguments(call)):
            continue
        given = arguments(call)[position]
        place = Place(program, inner, left)
        root = _bit(place, Bit(given, bit)) if bit else _resolve(place, split(given))
        if root is None:
            return None
        called = call.child("function")
        callee_text = "" if called is None else called.text
        roots.append(root.led_by(_step(inner, given, f"passed to {callee_text}()")))
    alike = roots and all(same(root.formula, roots[0].formula) for root in roots[1:])
    return roots[0] if alike else None


def _bit(place: Place, bit: Bit) -> Root | None:
    """Trace one bit of a value; None where it cannot be told."""
    node = bit.value
    if place.left <= 0:
        return None
    if (conditions := bit.constant()) is not None:
        return _resolve(place, conditions)
    if (halves := bit.parts()) is not None:
        roots = [_bit(place.deeper(), half) for half in halves]
        found = [root for root in roots if root is not None]
        return joined(found, any_of) if len(found) == len(roots) else None
    if node.kind == "conditional_expression":
        return _bit_chosen(place, bit)
    if node.kind != "identifier":
        return None
    return _bit_of_name(place, bit)


def _bit_chosen(place: Place, bit: Bit) -> Root | None:
    """``condition ? FLAG : 0``."""
    condition = bit.value.child("condition")
    arms = [bit.value.child("consequence"), bit.value.child("alternative")]
    parts = []
    for arm, negated in zip(arms, (False, True), strict=True):
        if condition is None or arm is None:
            return None
        root = _bit(place.deeper(), Bit(arm, bit.mask))
        if root is None:
            return None
        held = _resolve(place, split(condition, negated=negated))
        parts.append(joined([held, root], all_of))
    return joined(parts, any_of)


def _bit_of_name(place: Place, bit: Bit) -> Root | None:
    where, name = place.scope, bit.value.text
    written_to = name in where.writes or name in where.joined
    if name in where.unsure or name not in where.types:
        return None
    if name not in where.parameters:
        return _bit_of_local(place, bit)
    if written_to:
        return None
    if name in place.given:
        caller, given = place.given[name]
        return _bit(replace(caller, left=place.left - 1), Bit(given, bit.mask))
    position, callee = where.parameters.index(name), where.item.name
    return _argument(place.program, callee, position, bit.mask, place.left - 1)


def _bit_of_local(place: Place, bit: Bit) -> Root | None:
    """A bit is set where one of the assignments that give it is reached."""
    where, name = place.scope, bit.value.text
    writes = (*where.writes.get(name, ()), *where.joined.get(name, ()))
    relevant = [write for write in writes if not bit.untouched_by(write)]
    if sum(write.operator == "=" for write in relevant) > 1:
        return None
    roots = [_bit_written(place, write, bit.mask) for write in relevant]
    known = [root for root in roots if root is not None]
    return joined(known, any_of) if len(known) == len(roots) else None


def _bit_written(place: Place, write: Write, mask: str) -> Root | None:
    where = place.scope
    held = reach(where.item, path_to(where.tree, write.node))
    value = _bit(place.deeper(), Bit(write.value, mask))
    if value is None or held is None or write.operator not in ("=", "|="):
        return None
    step = _step(where, write.node, f"{mask}{SET_HERE}")
    guard = _resolve(place.deeper(), held)
    return joined([guard.led_by(step), value], all_of)


def _step(where: Scope, node: Node, note: str) -> Step:
    line = node.text.split("\n")[0]
    return Step(where.source.at(node.span), line, note)
