# SPDX-License-Identifier: GPL-2.0-or-later
"""C text to trees; the only module that knows tree-sitter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import tree_sitter_c
from tree_sitter import Language, Parser, Point, TreeCursor
from tree_sitter import Node as RawNode

from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax.chunks import chunks
from patchlint.syntax.mask import mask
from patchlint.syntax.node import Node
from patchlint.syntax.repair import repairs

FUNCTION = "function_definition"
_ARMS = frozenset(("preproc_ifdef", "preproc_if", "preproc_elif", "preproc_elifdef"))
_NESTING = _ARMS | {"linkage_specification", "declaration_list", "preproc_else"}
_NAMES = frozenset(("identifier", "type_identifier", "field_identifier"))
_DEPTH = 200
_KEPT = 4096
_WRONG = 100


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """Where the bytes of a tree stand in the file; no ``lines`` if all are ASCII."""

    source: bytes
    lines: tuple[bytes, ...]
    numbers: tuple[int, ...]
    column: int = 1

    def place(self, point: Point) -> tuple[int, int]:
        """Rows from 0 and columns in bytes, to lines and characters from 1."""
        row, byte = point
        width = byte if not self.lines else len(_text(self.lines[row][:byte]))
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
    _others: tuple[RawNode, ...] = ()


def items(image: Image) -> tuple[Item, ...]:
    """Outline a C file; wrong or missing code gives ERROR items, never an exception."""
    plain = image.text.isascii()
    found: list[Item] = []
    for chunk in chunks(image.text, image.numbers):
        text = image.text[chunk.begin : chunk.stop]
        source = text.encode("utf-8", "surrogateescape")
        numbers = image.numbers[chunk.first : chunk.end] or (1,)
        where = _Text(source, () if plain else (*source.split(b"\n"), b""), numbers)
        first, *others = _roots(where.source)
        read = _items(first, chunk.arms, where)
        found += (replace(item, _others=tuple(others)) for item in read)
    return tuple(found)


def tree(item: Item) -> Node:
    """Return the syntax tree of an item, its text as in the file (not as masked)."""
    return _convert(item._raw.walk(), item._where)  # noqa: SLF001


def alternatives(item: Item) -> Iterator[Node]:
    """Yield trees of an item with the ``#if`` arms that ``tree`` leaves out.

    Only where an ``#if`` cuts a statement in two, arms are left out; elsewhere the tree
    has them all (``preproc_if``). Each arm is in one of the trees at least.
    """
    for root in item._others:  # noqa: SLF001
        for other in _items(root, item.arms, item._where):  # noqa: SLF001
            if other.kind == item.kind and other.span.end_line == item.span.end_line:
                yield tree(other)


def unread(item: Item) -> int:
    """Return the first line that the grammar could not read; 0 if it read all."""
    waiting = [item._raw]  # noqa: SLF001
    while waiting:
        raw = waiting.pop()
        if raw.is_error or raw.is_missing:
            return item._where.place(raw.start_point)[0]  # noqa: SLF001
        waiting += reversed([child for child in raw.children if child.has_error])
    return 0


def head(item: Item) -> Node:
    """Return the tree of an item without its body, which is most of a function."""
    children = tuple(
        _convert(raw.walk(), item._where, role=role)  # noqa: SLF001
        for raw, role in _children(item._raw)  # noqa: SLF001
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
    lines = () if source.isascii() else (*lines, b"")
    where = _Text(source, lines, numbers, at.column - len(head))
    return _convert(value.walk(), where)


@lru_cache(maxsize=_KEPT)
def _roots(source: bytes) -> tuple[RawNode, ...]:
    """Parse one chunk; both sides of a patch share most of theirs.

    The first root is the best there is; the others show the ``#if`` arms that it
    does not, where the chunk could not be read with all of them.
    """
    masked = mask(source)
    best: tuple[RawNode, ...] = (_parser().parse(masked).root_node,)
    wrong = _errors(best[0])
    for texts in repairs(masked) if wrong else ():
        roots = tuple(_parser().parse(text).root_node for text in texts)
        if (errors := _errors(roots[0])) < wrong:
            best, wrong = roots, errors
        if not wrong:
            break
    return best


def _errors(root: RawNode) -> int:
    """Count the nodes that are wrong or missing, up to a number."""
    count, waiting = 0, [root] if root.has_error else []
    while waiting and count < _WRONG:
        raw = waiting.pop()
        count += raw.is_error or raw.is_missing
        waiting += (child for child in raw.children if child.has_error)
    return count


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
    for raw, role in _children(parent):
        if not raw.is_named or raw.type == "comment" or role in ("name", "condition"):
            continue
        if raw.type not in _NESTING:
            yield _item(raw, inside, where)
        elif depth < _DEPTH:
            arm = otherwise if role == "alternative" else inside
            yield from _items(raw, arm, where, depth + 1)


def _children(parent: RawNode) -> Iterator[tuple[RawNode, str]]:
    """Yield the children and their roles; to ask for one role takes time for all."""
    cursor = parent.walk()
    more = cursor.goto_first_child()
    while more:
        if cursor.node is not None:
            yield cursor.node, cursor.field_name or ""
        more = cursor.goto_next_sibling()


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
