# SPDX-License-Identifier: GPL-2.0-or-later
"""What C says about a function's parameters: prototypes, definitions, typedefs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.arch import can_mean
from patchlint.analysis.c_file import FUNCTION, outline
from patchlint.lint.context import Program, Source, tree_of
from patchlint.model.image import Image
from patchlint.model.location import InFile, Span
from patchlint.model.symbol import Placed, SymbolKind
from patchlint.series.tree import Tree
from patchlint.syntax import c
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node
from patchlint.syntax.parameters import plain_parameters

_DECLARING = frozenset(("declaration", "type_definition", FUNCTION))
_ONLY_32 = re.compile(r"\bCONFIG_X86_32\b")
_ONLY_64 = re.compile(r"\bCONFIG_X86_64\b|\b__x86_64__\b")


class Parameter(Struct, frozen=True):
    """One parameter; ``name`` is "" where the prototype gives none."""

    name: str
    type: str
    span: Span


class Prototype(Struct, frozen=True):
    """A function's parameters as one declaration gives them.

    ``where`` is the declarator. ``arms`` are the preprocessor conditions it stands
    under, outermost first, e.g. ``("defined(CONFIG_X86_32)",)`` and, in its
    ``#else``, ``("!(defined(CONFIG_X86_32))",)``. ``typedef`` is the function typedef
    that gives the parameters, or "". ``far`` says that the patch does not touch its
    file, ``is_static`` that no other file can mean it.
    """

    name: str
    parameters: tuple[Parameter, ...]
    where: InFile
    arms: tuple[str, ...]
    typedef: str = ""
    far: bool = False
    is_static: bool = False


def prototypes(program: Program) -> Mapping[str, tuple[Prototype, ...]]:
    """Return every declaration and definition in the program, by function name.

    ``extern T f;`` with a function typedef ``T`` declares ``f`` with the parameters
    of ``T``; typedefs are listed under their own name too.
    """
    return program.facts.of(_prototypes, program)


def prototype_of(program: Program, name: str, path: str) -> Prototype | None:
    """Return the one prototype of ``name`` that holds for the file ``path``.

    What the touched files say comes first, then the rest of the tree. Of several
    under different ``#if`` arms, the one whose arm fits the ``_32`` or ``_64`` of the
    path; None where that leaves none or more than one spelling.
    """
    wide = "_32." not in path
    known = prototypes(program).get(name, ()) or elsewhere(program, name, path)
    fitting = [prototype for prototype in known if _fits(prototype.arms, wide=wide)]
    spellings = {tuple(p.name for p in proto.parameters) for proto in fitting}
    return fitting[0] if len(spellings) == 1 else None


def elsewhere(program: Program, name: str, path: str) -> tuple[Prototype, ...]:
    """Return what the files that a patch does not touch declare for the file ``path``.

    Functions that are static in other files, and those of other architectures and
    programs, are not meant.
    """
    found = program.facts.of(_elsewhere, (program, name))
    return tuple(p for p in found if can_mean(path, p.where.path))


def _elsewhere(key: tuple[Program, str]) -> tuple[Prototype, ...]:
    program, name = key
    tree = tree_of(program)
    if tree is None:
        return ()
    touched = {source.path for source in program.sources}
    return tuple(
        prototype
        for placed in tree.symbols(name)
        if placed.path not in touched and _is_public(placed)
        for prototype in _read(program, tree, placed)
    )


def _is_public(placed: Placed) -> bool:
    """Say whether other files may mean a symbol of this file."""
    is_static = "static" in placed.symbol.text.split()
    return not (is_static and placed.path.endswith(".c"))


def _read(program: Program, tree: Tree, placed: Placed) -> Iterator[Prototype]:
    """Parse the declaration an index holds; ``extern T f`` through the typedef."""
    symbol = placed.symbol
    if symbol.kind in (SymbolKind.FUNCTION, SymbolKind.PROTOTYPE):
        for prototype in _parsed(program, placed):
            yield replace(prototype, arms=symbol.arms, far=True)
    elif symbol.kind is SymbolKind.EXTERN:
        *_, kind, _ = symbol.text.split()
        for other in tree.symbols(kind):
            if other.symbol.kind is SymbolKind.TYPE and _is_public(other):
                for prototype in _parsed(program, other):
                    yield replace(
                        prototype,
                        name=symbol.name,
                        arms=other.symbol.arms,
                        typedef=kind,
                        far=True,
                    )


def _parsed(program: Program, placed: Placed) -> Iterator[Prototype]:
    text, line = f"{placed.symbol.text};", placed.symbol.line
    image = Image(placed.path, text, (line,), whole=False, proven=False)
    source = Source(image, program.side, frozenset(), program.facts)
    for item in outline(source):
        yield from _declared(source, item)


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
    shape = source.facts.of(_shape, item)
    if shape is not None:
        span, parameters = shape
        yield Prototype(
            name=item.name,
            parameters=parameters,
            where=source.at(span),
            arms=item.arms,
            typedef=item.name if item.kind == "type_definition" else "",
            is_static="static" in item.text.partition("(")[0].split(),
        )


def _shape(item: Item) -> tuple[Span, tuple[Parameter, ...]] | None:
    """Return the place and the parameters; both sides of a patch share most items."""
    if "(" not in item.text or not item.name:
        return None
    if plain := plain_parameters(item):
        where, parameters = plain
        return where, tuple(Parameter(*parameter) for parameter in parameters)
    declarator = _function_declarator(c.head(item))
    listed = None if declarator is None else declarator.child("parameters")
    if declarator is None or listed is None:
        return None
    return declarator.span, tuple(_parameters(listed))


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
    """Return the type: the parameter's text without its name.

    The tag of a struct may be the same word, so the place of the name counts.
    """
    text, row = parameter.text, name.span.line - parameter.span.line
    start = sum(len(line) + 1 for line in text.split("\n")[:row])
    start += name.span.column - (1 if row else parameter.span.column)
    return " ".join(f"{text[:start]}{text[start + len(name.text) :]}".split())


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
