# SPDX-License-Identifier: GPL-2.0-or-later
"""C text to trees; the only module that knows tree-sitter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax.c_text import Text, decoded, encoded, text_of
from patchlint.syntax.chunks import Head, chunks
from patchlint.syntax.mask import mask
from patchlint.syntax.node import Node
from patchlint.syntax.repair import repairs

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode
    from tree_sitter import Parser, TreeCursor

FUNCTION = "function_definition"
_ARMS = frozenset(("preproc_ifdef", "preproc_if", "preproc_elif", "preproc_elifdef"))
_NESTING = _ARMS | {"linkage_specification", "declaration_list", "preproc_else"}
_NAMES = frozenset(("identifier", "type_identifier", "field_identifier"))
_DEPTH = 200
_KEPT = 4096
_WRONG = 100
_PIECE = 4096
# How often the parser reports, every 100 steps. Code of the kernel takes up to 17 steps
# for 10 bytes; where nothing fits, steps grow with the square of the length.
_MOST_REPORTS = 1_000
_BYTES_PER_REPORT = 20
_NO_BREAK = re.compile(rb"[^\n]")


class Item(Struct, frozen=True, eq=False):
    """Something at the top level of a C file: a function, a declaration, a typedef.

    ``kind`` is the grammar's word. ``name`` is the name it declares ("" if none).
    ``arms`` are the ``#if`` conditions it stands under, outermost first. A function
    that can be seen at once is parsed when its tree is asked for: then ``_raw`` is
    None, and ``_body`` says where its body begins.
    """

    kind: str
    name: str
    span: Span
    arms: tuple[str, ...]
    text: str
    _where: Text
    _raw: RawNode | None
    _body: int = 0


def items(image: Image) -> tuple[Item, ...]:
    """Outline a C file; wrong or missing code gives ERROR items, never an exception."""
    found: list[Item] = []
    for chunk in chunks(image.text, image.numbers):
        line = image.numbers[chunk.first] if image.numbers else 1
        source = image.text[chunk.begin : chunk.stop]
        found += _chunk_items(source, line, chunk.arms, chunk.function)
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def _chunk_items(
    source: str, line: int, arms: tuple[str, ...], function: Head | None
) -> tuple[Item, ...]:
    """Both sides of a patch share the items of what is before the first change."""
    where = text_of(encoded(source), line)
    if function is None or not where.text:
        return tuple(_items(_roots(where.source)[0], arms, where))
    row = source.count("\n", 0, function.begin)
    column = function.begin - (source.rfind("\n", 0, function.begin) + 1)
    span = where.span((row, column), (source.count("\n") - 1, 1))
    text = source[function.begin : -1]
    name = function.name
    return (Item(FUNCTION, name, span, arms, text, where, None, function.body),)


def tree(item: Item) -> Node:
    """Return the syntax tree of an item, its text as in the file (not as masked)."""
    return _convert(_raw(item).walk(), item._where)  # noqa: SLF001


def alternatives(item: Item) -> Iterator[Node]:
    """Yield trees of an item with the ``#if`` arms that ``tree`` leaves out.

    Only where an ``#if`` cuts a statement in two, arms are left out; elsewhere the tree
    has them all (``preproc_if``). Each arm is in one of the trees at least.
    """
    for root in _roots(item._where.source)[1:]:  # noqa: SLF001
        for other in _items(root, item.arms, item._where):  # noqa: SLF001
            if other.kind == item.kind and other.span.end_line == item.span.end_line:
                yield tree(other)


def unread(item: Item) -> int:
    """Return the first line that the grammar could not read; 0 if it read all."""
    waiting = [_raw(item)]
    while waiting:
        raw = waiting.pop()
        if raw.is_error or raw.is_missing:
            return item._where.place(raw.start_point)[0]  # noqa: SLF001
        waiting += reversed([child for child in raw.children if child.has_error])
    return 0


def head(item: Item) -> Node:
    """Return the tree of an item without its body, which is most of a function."""
    where = item._where  # noqa: SLF001
    raw = item._raw or _function(_root_of_head(where.source[: item._body]))  # noqa: SLF001
    if raw.has_error:
        raw = _raw(item)
    children = tuple(
        _convert(child.walk(), where, role=role)
        for child, role in _children(raw)
        if child.is_named and child.type not in ("comment", "compound_statement")
    )
    return Node(item.kind, "", item.text, item.span, children)


def _raw(item: Item) -> RawNode:
    """Return the root of an item, parsed now if it was not yet."""
    return item._raw or _function(_roots(item._where.source)[0])  # noqa: SLF001


def _function(root: RawNode) -> RawNode:
    return next((raw for raw in root.children if raw.type == FUNCTION), root)


def _root_of_head(source: bytes) -> RawNode:
    return _parsed(mask(source + b"{}")) or _refused(source)


def expression(text: str, at: Span) -> Node | None:
    """Parse one C expression that begins at ``at`` in its file; None if it is none.

    It may stand in the body of a ``#define``: then ``a##b`` is one name.
    """
    before = b"int x = "
    source = before + encoded(text) + b";"
    root = _parsed(mask(source).replace(b"##", b"__"))
    declaration = root and root.named_child(0)
    if (
        root is None
        or root.has_error
        or root.named_child_count != 1
        or declaration is None
    ):
        return None
    declarator = declaration.child_by_field_name("declarator")
    value = declarator and declarator.child_by_field_name("value")
    if value is None:
        return None
    where = text_of(source, at.line, at.column - len(before))
    return _convert(value.walk(), where)


@lru_cache(maxsize=_KEPT)
def _roots(source: bytes) -> tuple[RawNode, ...]:
    """Parse one chunk; both sides of a patch share most of theirs.

    The first root is the best there is; the others show the ``#if`` arms that it
    does not, where the chunk could not be read with all of them.
    """
    masked = mask(source)
    first = _parsed(masked)
    if first is None:
        return (_refused(masked),)
    best: tuple[RawNode, ...] = (first,)
    wrong = _errors(first)
    for texts in repairs(masked) if wrong else ():
        roots = tuple(root for text in texts if (root := _parsed(text)))
        if len(roots) == len(texts) and (errors := _errors(roots[0])) < wrong:
            best, wrong = roots, errors
        if not wrong:
            break
    return best


def _parsed(source: bytes) -> RawNode | None:
    """Return the root of a text; None where it takes too many steps.

    It is the steps that count, and not the time: the same text is always read, or
    never. Signals get through between two reports.
    """
    parser, left = _parser(), _MOST_REPORTS + len(source) // _BYTES_PER_REPORT

    def piece(at: int, _: object) -> bytes:
        return source[at : at + _PIECE]

    def is_enough(_: int, __: bool) -> bool:  # noqa: FBT001 - as it is called
        nonlocal left
        left -= 1
        return left < 0

    try:
        return parser.parse(piece, progress_callback=is_enough).root_node
    except ValueError:
        return None
    finally:
        parser.reset()  # else the next text goes on where this one was stopped


def _refused(source: bytes) -> RawNode:
    """Return a tree for a text that takes too many steps: an ERROR, nothing else."""
    at = len(source) - len(source.lstrip())
    blank = _NO_BREAK.sub(b" ", source)
    return _parser().parse(blank[:at] + b"@" + blank[at + 1 :]).root_node


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
    # Whoever looks at a message alone does without: it takes some 30 ms to import.
    import tree_sitter_c
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_c.language()))


def _items(
    parent: RawNode, arms: tuple[str, ...], where: Text, depth: int = 0
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


def bare(source: bytes) -> None:
    """Parse as the grammar alone does, to compare times with."""
    _parser().parse(source)


def forget() -> None:
    """Drop what is kept from one text to the next, to measure times without."""
    _roots.cache_clear()
    _chunk_items.cache_clear()


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
        return f"{negation}defined({decoded(name.text)})"
    condition = arm.child_by_field_name("condition")
    return "" if condition is None else " ".join(decoded(condition.text).split())


def _item(raw: RawNode, arms: tuple[str, ...], where: Text) -> Item:
    return Item(
        kind=raw.type,
        name=_declared(raw),
        span=where.span(raw.start_point, raw.end_point),
        arms=arms,
        text=where.cut(raw.start_byte, raw.end_byte),
        _where=where,
        _raw=raw,
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
    return "" if node is None else decoded(node.text)


def _convert(cursor: TreeCursor, where: Text, depth: int = 0, role: str = "") -> Node:
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
    text = where.cut(raw.start_byte, raw.end_byte)
    span = where.span(raw.start_point, raw.end_point)
    cut = depth >= _DEPTH and raw.named_child_count > 0
    kind = "ERROR" if cut or raw.is_missing else raw.type
    return Node(kind, role, text, span, tuple(children))


def _kept(raw: RawNode, role: str | None) -> bool:
    return raw.type != "comment" and (raw.is_named or bool(role) or raw.is_missing)
