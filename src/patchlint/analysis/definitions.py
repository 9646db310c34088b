# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a name is defined: a function, a macro, a member, a label, a local."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.c_file import FUNCTION, outline, tree, words
from patchlint.analysis.comment_text import code
from patchlint.lint.context import Program, Source
from patchlint.model.location import InFile
from patchlint.syntax.c import Item
from patchlint.syntax.layout import layout
from patchlint.syntax.node import Node

_TYPES = ("struct_specifier", "union_specifier", "enum_specifier")
_NAMED = {
    "preproc_def": ("macro", "name"),
    "preproc_function_def": ("macro", "name"),
    "enumerator": ("constant", "name"),
    "labeled_statement": ("label", "label"),
    **dict.fromkeys(_TYPES, ("type", "name")),
}
_DECLARING = {
    "field_declaration": "member",
    "type_definition": "type",
    "parameter_declaration": "parameter",
    "declaration": "variable",
}
_LOCAL = ("label", "parameter")
_WRAPPING = (
    "pointer_declarator", "array_declarator", "function_declarator", "init_declarator",
    "parenthesized_declarator",
)  # fmt: skip
_DEPTH = 20


class Definition(Struct, frozen=True):
    """A definition; ``what`` is the word for it.

    ``inside`` is the function it is local to, "" for what the whole file knows.
    """

    what: str
    where: InFile
    text: str
    inside: str = ""


def definition(program: Program, name: str) -> Definition | None:
    """Return the first definition of a name in the files of a program, or None.

    A declaration of what is defined elsewhere (``extern``, a prototype) is none.
    """
    found = (hit for source in program.sources for hit in _in_source(source, name))
    return next(found, None)


def _in_source(source: Source, name: str) -> Iterator[Definition]:
    if source.language == "c":
        for item in outline(source):
            if name in words(source, item):
                yield from _in_item(source, item, name)
    yield from _by_macro(source, name)


def _by_macro(source: Source, name: str) -> Iterator[Definition]:
    """Yield labels and routines of assembly, and what macros of C define."""
    word = re.escape(name)
    pattern = (
        rf"^[ \t]*(?:(?:static[ \t]+)?DEFINE_\w+\((?:[^,()\n]+,[ \t]*)?{word}\b"
        rf"|(?:static[ \t]+)?(?:H?LIST_HEAD|SYSCALL_DEFINE\d|module_param)\({word}\b)"
        if source.language == "c"
        else rf"^[ \t]*(?:{word}[ \t]*:|SYM_\w+\({word}[,)]|\.macro[ \t]+{word}\b"
        rf"|#[ \t]*define[ \t]+{word}\b|\.(?:set|equ)[ \t]+{word}\b)"
    )
    text = code(source)
    if source.language in ("c", "asm") and name in text:
        for hit in re.finditer(pattern, text, re.MULTILINE):
            where = source.at(layout(source.image).span(*hit.span()))
            yield Definition("definition", where, " ".join(hit[0].split()))


def _in_item(source: Source, item: Item, name: str) -> Iterator[Definition]:
    if item.kind == FUNCTION and item.name == name:
        head = item.text.partition("{")[0]
        yield Definition("function", source.at(item.span), " ".join(head.split()))
    inside = item.name if item.kind == FUNCTION else ""
    for node in tree(source, item).walk():
        what = _defined(node, name)
        local = what in _LOCAL or (what == "variable" and bool(inside))
        if what and not (local and not inside):
            text = " ".join(node.text.partition("{")[0].partition("\n")[0].split())
            yield Definition(what, source.at(node.span), text, inside if local else "")


def _defined(node: Node, name: str) -> str:
    """Return the word for what a node defines by this name, or ""."""
    if node.kind in _NAMED:
        what, field = _NAMED[node.kind]
        named = node.child(field)
        if named is None or named.text != name:
            return ""
        return what if node.kind not in _TYPES or node.child("body") else ""
    if node.kind not in _DECLARING or name not in _declared(node):
        return ""
    if node.kind == "declaration":
        elsewhere = node.text.startswith("extern") or _is_prototype(node)
        return "" if elsewhere else "variable"
    return _DECLARING[node.kind]


def _declared(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.field != "declarator":
            continue
        inner: Node | None = child
        for _ in range(_DEPTH):
            if inner is None or inner.kind not in _WRAPPING:
                break
            below = inner.child("declarator")
            inner = below or next(iter(inner.children), None)
        if inner is not None:
            yield inner.text


def _is_prototype(node: Node) -> bool:
    declarator = node.child("declarator")
    while declarator is not None and declarator.kind == "pointer_declarator":
        declarator = declarator.child("declarator")
    if declarator is None or declarator.kind != "function_declarator":
        return False
    inner = declarator.child("declarator")
    return inner is not None and inner.kind == "identifier"
