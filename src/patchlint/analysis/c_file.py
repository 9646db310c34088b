# SPDX-License-Identifier: GPL-2.0-or-later
"""A C file as its functions and other items, parsed at most once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from patchlint.lint import reading
from patchlint.lint.context import Program, Source
from patchlint.syntax import c
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_WORD = re.compile(r"[A-Za-z_]\w*")
_DEFINED = re.compile(r"[ \t]*#[ \t]*define[ \t]+(\w+)")
_CALLS_DEEP = 4
FUNCTION = c.FUNCTION


def outline(source: Source) -> tuple[Item, ...]:
    """Return the top-level items of a C source."""
    return reading.outline(source)


def functions(source: Source) -> Iterator[Item]:
    """Yield the function definitions of a C source."""
    return iter(source.facts.of(_functions, source))


def function(program: Program, name: str) -> tuple[Source, Item] | None:
    """Return the one definition of a function in the program; None if not one."""
    found = program.facts.of(_by_name, program).get(name, ())
    return found[0] if len(found) == 1 else None


def is_concerned(program: Program, item: Item) -> bool:
    """Say whether a patch can change what a function of the program does.

    It does if it touches the function, or a function or macro that it calls, a few
    calls deep. The same functions are concerned on both sides.
    """
    return item in program.facts.of(_concerned, program)


def tree(source: Source, item: Item) -> Node:
    """Return the syntax tree of an item."""
    return source.facts.of(c.tree, item)


def alternatives(source: Source, item: Item) -> tuple[Node, ...]:
    """Return the trees with the ``#if`` arms that ``tree`` leaves out; mostly none."""
    return source.facts.of(_alternatives, item)


def words(source: Source, item: Item) -> frozenset[str]:
    """Return the words of an item's text: what it may speak of, at a glance."""
    return source.facts.of(_words, item)


def marks(source: Source, item: Item) -> frozenset[str]:
    """Return the words before the body of a function, attributes included.

    An attribute that stands first is no part of the item for the grammar.
    """
    return source.facts.of(_marks, (source, item))


def calls(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield (callee text, call) for each call below ``node``, in source order."""
    for below in node.walk():
        if below.kind == "call_expression":
            callee = below.child("function")
            yield ("" if callee is None else callee.text), below


def arguments(call: Node) -> tuple[Node, ...]:
    """Return the arguments of a call."""
    listed = call.child("arguments")
    return () if listed is None else listed.children


def _functions(source: Source) -> tuple[Item, ...]:
    return tuple(item for item in outline(source) if item.kind == FUNCTION)


def _by_name(program: Program) -> dict[str, tuple[tuple[Source, Item], ...]]:
    found: dict[str, list[tuple[Source, Item]]] = {}
    for source in program.written_in("c"):
        for item in functions(source):
            found.setdefault(item.name, []).append((source, item))
    return {name: tuple(entries) for name, entries in found.items()}


def _concerned(program: Program) -> frozenset[Item]:
    items = [(s, item) for s in program.written_in("c") for item in outline(s)]
    found = {item for source, item in items if _is_touched(source, item)}
    names = frozenset(name for item in found if (name := _called_as(item)))
    for _ in range(_CALLS_DEEP):
        users = {
            item
            for source, item in items
            if item not in found
            and item.kind == FUNCTION
            and not names.isdisjoint(words(source, item))
        }
        found |= users
        names = frozenset(item.name for item in users)
        if not names:
            break
    return frozenset(found)


def _is_touched(source: Source, item: Item) -> bool:
    lines = range(item.span.line, item.span.end_line + 1)
    return source.near is None or not source.near.isdisjoint(lines)


def _called_as(item: Item) -> str:
    """Return the name of a function or a macro, "" for what is not called."""
    if item.kind == FUNCTION:
        return item.name
    defined = _DEFINED.match(item.text)
    return defined[1] if defined else ""


def _alternatives(item: Item) -> tuple[Node, ...]:
    return tuple(c.alternatives(item))


def _marks(key: tuple[Source, Item]) -> frozenset[str]:
    source, item = key
    numbers = source.image.numbers
    at = bisect_left(numbers, item.span.line)
    line = source.facts.of(_lines, source)[at] if at < len(numbers) else ""
    head = item.text.partition("{")[0]
    return frozenset(_WORD.findall(f"{line[: item.span.column - 1]} {head}"))


def _lines(source: Source) -> tuple[str, ...]:
    return tuple(source.image.text.split("\n"))


def _words(item: Item) -> frozenset[str]:
    return frozenset(_WORD.findall(item.text))
