# SPDX-License-Identifier: GPL-2.0-or-later
"""What C says about a function's parameters: prototypes, definitions, typedefs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from patchlint.analysis.c_file import FUNCTION, outline
from patchlint.lint.context import Program, Source
from patchlint.model.location import InFile, Span
from patchlint.syntax import c
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_DECLARING = frozenset(("declaration", "type_definition", FUNCTION))
_ONLY_32 = re.compile(r"\bCONFIG_X86_32\b")
_ONLY_64 = re.compile(r"\bCONFIG_X86_64\b|\b__x86_64__\b")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; ``name`` is "" where the prototype gives none."""

    name: str
    type: str
    span: Span


@dataclass(frozen=True, slots=True)
class Prototype:
    """A function's parameters as one declaration gives them.

    ``where`` is the declarator. ``arms`` are the preprocessor conditions it stands
    under, outermost first, e.g. ``("defined(CONFIG_X86_32)",)`` and, in its
    ``#else``, ``("!(defined(CONFIG_X86_32))",)``. ``typedef`` is the function typedef
    that gives the parameters, or "".
    """

    name: str
    parameters: tuple[Parameter, ...]
    where: InFile
    arms: tuple[str, ...]
    typedef: str = ""


def prototypes(program: Program) -> Mapping[str, tuple[Prototype, ...]]:
    """Return every declaration and definition in the program, by function name.

    ``extern T f;`` with a function typedef ``T`` declares ``f`` with the parameters
    of ``T``; typedefs are listed under their own name too.
    """
    return program.facts.of(_prototypes, program)


def prototype_of(program: Program, name: str, path: str) -> Prototype | None:
    """Return the one prototype of ``name`` that holds for the file ``path``.

    Of several under different ``#if`` arms, the one whose arm fits the ``_32`` or
    ``_64`` of the path; None where that leaves none or more than one spelling.
    """
    wide = "_32." not in path
    fitting = [
        prototype
        for prototype in prototypes(program).get(name, ())
        if _fits(prototype.arms, wide=wide)
    ]
    spellings = {tuple(p.name for p in proto.parameters) for proto in fitting}
    return fitting[0] if len(spellings) == 1 else None


def _fits(arms: tuple[str, ...], *, wide: bool) -> bool:
    """Say whether code under ``arms`` can be built for 64 (or 32) bit."""
    for arm in arms:
        negated = arm.startswith("!")
        if _ONLY_32.search(arm) and negated != wide:
            return False
        if _ONLY_64.search(arm) and negated == wide:
            return False
    return True


def _prototypes(program: Program) -> dict[str, tuple[Prototype, ...]]:
    found = [
        prototype
        for source in program.written_in("c")
        for item in outline(source)
        if item.kind in _DECLARING
        for prototype in _declared(source, item)
    ]
    table: dict[str, tuple[Prototype, ...]] = {}
    for prototype in (*found, *_by_typedef(program, found)):
        table[prototype.name] = (*table.get(prototype.name, ()), prototype)
    return table


def _declared(source: Source, item: Item) -> Iterator[Prototype]:
    """Yield the prototype an item gives, unless it declares no function."""
    if "(" not in item.text or not item.name:
        return
    declarator = _function_declarator(source.facts.of(c.head, item))
    if declarator is None:
        return
    listed = declarator.child("parameters")
    if listed is not None:
        yield Prototype(
            name=item.name,
            parameters=tuple(_parameters(listed)),
            where=source.at(declarator.span),
            arms=item.arms,
            typedef=item.name if item.kind == "type_definition" else "",
        )


def _function_declarator(item: Node) -> Node | None:
    """Follow the declarators down to the one with parameters; pointers to functions
    and arrays of them are data, not functions."""
    node = item.child("declarator")
    while node is not None and node.kind in ("pointer_declarator", "init_declarator"):
        node = node.child("declarator")
    if node is None or node.kind != "function_declarator":
        return None
    inner = node.child("declarator")
    named = inner is not None and inner.kind in ("identifier", "type_identifier")
    return node if named else None


def _parameters(listed: Node) -> Iterator[Parameter]:
    """``(void)`` has no parameters."""
    for node in listed.children:
        if node.kind != "parameter_declaration" or node.text.strip() == "void":
            continue
        name = _name(node)
        kind = node.text if name is None else _without(node, name)
        yield Parameter("" if name is None else name.text, kind, node.span)


def _name(parameter: Node) -> Node | None:
    declarator = parameter.child("declarator")
    if declarator is None:
        return None
    return next((n for n in declarator.walk() if n.kind == "identifier"), None)


def _without(parameter: Node, name: Node) -> str:
    """Return the type: the parameter's text without its name."""
    text = re.sub(rf"\b{re.escape(name.text)}\b", "", parameter.text, count=1)
    return " ".join(text.split())


def _by_typedef(program: Program, found: list[Prototype]) -> Iterator[Prototype]:
    """Yield ``f`` for ``extern T f;``, where ``T`` is a typedef of a function."""
    typedefs: dict[str, list[Prototype]] = {}
    for prototype in found:
        typedefs.setdefault(prototype.name, []).append(prototype)
    for source in program.written_in("c"):
        for item in outline(source):
            if item.kind != "declaration" or "(" in item.text:
                continue
            kind = source.facts.of(c.head, item).child("type")
            for prototype in typedefs.get("" if kind is None else kind.text, ()):
                name = prototype.name
                yield replace(prototype, name=item.name, typedef=name)
