# SPDX-License-Identifier: GPL-2.0-or-later
"""C text to trees; the only module that knows tree-sitter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import tree_sitter_c
from tree_sitter import Language, Parser, Point, TreeCursor
from tree_sitter import Node as RawNode

from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax.chunks import chunks
from patchlint.syntax.mask import mask
from patchlint.syntax.node import Node

_ARMS = frozenset(("preproc_ifdef", "preproc_if", "preproc_elif", "preproc_elifdef"))
_NESTING = _ARMS | {"linkage_specification", "declaration_list", "preproc_else"}
_NAMES = frozenset(("identifier", "type_identifier", "field_identifier"))
_DEPTH = 200
_KEPT = 4096


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """Where the bytes of a tree stand in the file; ``plain`` if all are ASCII."""

    source: bytes
    lines: tuple[bytes, ...]
    numbers: tuple[int, ...]
    plain: bool
    column: int = 1

    def place(self, point: Point) -> tuple[int, int]:
        """Rows from 0 and columns in bytes, to lines and characters from 1."""
        row, byte = point
        width = byte if self.plain else len(_text(self.lines[row][:byte]))
        first = self.column if row == 0 else 1
        return self.numbers[min(row, len(self.numbers) - 1)], width + first


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """Something at the top level of a C file: a function, a declaration, a typedef.

    ``kind`` is the grammar's word. ``name`` is the name it declares ("" if none).
    ``arms`` are the ``#if`` conditions it stands under, outermost first.
    """

    kind: str
    name: str
    span: Span
    arms: tuple[str, ...]
    text: str
    _raw: RawNode
    _where: _Text


def items(image: Image) -> tuple[Item, ...]:
    """Outline a C file; wrong or missing code gives ERROR items, never an exception."""
    lines = tuple(image.text.encode("utf-8", "surrogateescape").split(b"\n"))
    plain = image.text.isascii()
    found: list[Item] = []
    for chunk in chunks(image.text, image.numbers):
        rows = lines[chunk.first : chunk.end]
        numbers = image.numbers[chunk.first : chunk.end]
        where = _Text(b"\n".join((*rows, b"")), (*rows, b""), numbers, plain)
        found += _items(_root(where.source), chunk.arms, where)
    return tuple(found)


def tree(item: Item) -> Node:
    """Return the syntax tree of an item, its text as in the file (not as masked)."""
    return _convert(item._raw.walk(), item._where)  # noqa: SLF001


def head(item: Item) -> Node:
    """Return the tree of an item without its body, which is most of a function."""
    children = tuple(
        _convert(raw.walk(), item._where, role=item._raw.field_name_for_child(at) or "")  # noqa: SLF001
        for at, raw in enumerate(item._raw.children)  # noqa: SLF001
        if raw.is_named and raw.type not in ("comment", "compound_statement")
    )
    return Node(item.kind, "", item.text, item.span, children)


def expression(text: str, at: Span) -> Node | None:
    """Parse one C expression that begins at ``at`` in its file; None if it is none.

    It may stand in the body of a ``#define``: then ``a##b`` is one name.
    """
    head = b"int x = "
    source = head + text.encode("utf-8", "surrogateescape") + b";"
    root = _parser().parse(mask(source).replace(b"##", b"__")).root_node
    declaration = root.named_child(0)
    if root.has_error or root.named_child_count != 1 or declaration is None:
        return None
    declarator = declaration.child_by_field_name("declarator")
    value = declarator and declarator.child_by_field_name("value")
    if value is None:
        return None
    lines = tuple(source.split(b"\n"))
    numbers = tuple(range(at.line, at.line + len(lines)))
    where = _Text(source, lines, numbers, source.isascii(), at.column - len(head))
    return _convert(value.walk(), where)


@lru_cache(maxsize=_KEPT)
def _root(source: bytes) -> RawNode:
    """Parse one chunk; both sides of a patch share most of theirs."""
    return _parser().parse(mask(source)).root_node


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_c.language()))


def _items(
    parent: RawNode, arms: tuple[str, ...], where: _Text, depth: int = 0
) -> Iterator[Item]:
    """Walk the top level; ``#if`` arms and ``extern "C"`` only nest it."""
    inside, otherwise = arms, arms
    if parent.type in _ARMS:
        condition = _condition(parent)
        inside, otherwise = (*arms, condition), (*arms, f"!({condition})")
    for at, raw in enumerate(parent.children):
        role = parent.field_name_for_child(at)
        if not raw.is_named or raw.type == "comment" or role in ("name", "condition"):
            continue
        if raw.type not in _NESTING:
            yield _item(raw, inside, where)
        elif depth < _DEPTH:
            arm = otherwise if role == "alternative" else inside
            yield from _items(raw, arm, where, depth + 1)


def _condition(arm: RawNode) -> str:
    """Return the condition of an arm; ``#ifdef X`` reads ``defined(X)``."""
    name = arm.child_by_field_name("name")
    if name is not None:
        negation = "!" if arm.children[0].type in ("#ifndef", "#elifndef") else ""
        return f"{negation}defined({_text(name.text)})"
    condition = arm.child_by_field_name("condition")
    return "" if condition is None else " ".join(_text(condition.text).split())


def _item(raw: RawNode, arms: tuple[str, ...], where: _Text) -> Item:
    return Item(
        kind=raw.type,
        name=_declared(raw),
        span=_span(raw, where),
        arms=arms,
        text=_text(where.source[raw.start_byte : raw.end_byte]),
        _raw=raw,
        _where=where,
    )


def _declared(raw: RawNode) -> str:
    """Return the name a function, declaration or typedef declares, or ""."""
    node: RawNode | None = raw.child_by_field_name("declarator")
    for _ in range(_DEPTH):
        if node is None or node.type in _NAMES:
            break
        inner = node.child_by_field_name("declarator")
        if inner is None and node.type == "parenthesized_declarator":
            inner = node.named_child(0)
        node = inner
    return "" if node is None else _text(node.text)


def _convert(cursor: TreeCursor, where: _Text, depth: int = 0, role: str = "") -> Node:
    """Turn a raw tree into values; what lies too deep or is missing is an ERROR.

    ``role`` is the field of the first node, which its own cursor does not know.
    """
    raw = cursor.node
    assert raw is not None  # noqa: S101 - a cursor always stands on a node
    role = (cursor.field_name or "") if depth else role
    children: list[Node] = []
    if depth < _DEPTH and cursor.goto_first_child():
        while True:
            child = cursor.node
            if child is not None and _kept(child, cursor.field_name):
                children.append(_convert(cursor, where, depth + 1))
            if not cursor.goto_next_sibling():
                break
        cursor.goto_parent()
    text = _text(where.source[raw.start_byte : raw.end_byte])
    cut = depth >= _DEPTH and raw.named_child_count > 0
    kind = "ERROR" if cut or raw.is_missing else raw.type
    return Node(kind, role, text, _span(raw, where), tuple(children))


def _kept(raw: RawNode, role: str | None) -> bool:
    return raw.type != "comment" and (raw.is_named or bool(role) or raw.is_missing)


def _span(raw: RawNode, where: _Text) -> Span:
    return Span(*where.place(raw.start_point), *where.place(raw.end_point))


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "surrogateescape")
