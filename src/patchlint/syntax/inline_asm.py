# SPDX-License-Identifier: GPL-2.0-or-later
"""Inline assembly of C as facts: template, operands, clobbers, labels, instructions.

Read from the text by itself (GCC manual, "Extended Asm"), not from the tree of C: the
grammar knows no macro inside of it, and the bodies of ``#define`` have no tree. What
a macro hides is named in ``InlineAsm.unknown``, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from patchlint.model.image import Image
from patchlint.model.location import Span
from patchlint.syntax import c
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.comments import without_comments
from patchlint.syntax.inline_text import (
    CHARACTER,
    STRING,
    Piece,
    Place,
    Text,
    pieces,
)
from patchlint.syntax.layout import Layout, Range, layout
from patchlint.syntax.node import Node

_ASM = re.compile(
    r"(?<![\w.>])(?P<word>asm|__asm__|__asm|asm_inline|asm_volatile_goto"
    r"|asm_goto_output)(?P<qualifiers>(?:(?:\s|\\\n)+(?:volatile|__volatile__"
    r"|__volatile|goto|inline|__inline__|__inline))*)(?:\s|\\\n)*\("
)
_SKIPPED = re.compile(rf"{STRING}|{CHARACTER}|{_ASM.pattern}")
_NAME = re.compile(r"\[\s*(\w+)\s*\]\s*")
_DECLARED = re.compile(r"[\w\]]\s*\Z")
_STATEMENT = re.compile(r"(?:\b(?:else|do)|#[ \t]*define[ \t]+\w+)[\s\\]*\Z")
_GLUED = re.compile(r"[\w)\]]\Z")
_STRINGS = re.compile(r"_?_?\w*str", re.IGNORECASE)
_BEFORE = 80
_SECTIONS = 5


class Operand(Struct, frozen=True, eq=False):
    """``[name] "constraint" (value)``; ``macro`` is the text where one stands for it.

    ``value`` is the tree of the expression, None where it cannot be read.
    """

    name: str
    constraint: str
    value: Node | None
    macro: str
    text: str
    span: Span


class InlineAsm(Struct, frozen=True, eq=False):
    """One ``asm`` statement.

    ``template`` is what the compiler sees, escapes undone, macros as they are written.
    ``is_basic`` says that there is no colon: then ``%`` is no operand. ``unknown`` are
    the texts that hide something: macros, and "..." where the statement is cut off.
    """

    span: Span
    text: str
    is_volatile: bool
    is_basic: bool
    pieces: tuple[Piece, ...]
    outputs: tuple[Operand, ...]
    inputs: tuple[Operand, ...]
    clobbers: tuple[str, ...]
    labels: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def template(self) -> str:
        """The strings of the template joined, macros as words between them."""
        return "".join(piece.text for piece in self.pieces)


def find(node: Node) -> Iterator[InlineAsm]:
    """Yield each ``asm`` in the text of a node, be it a function or a ``#define``."""
    text = without_comments(node.text)
    source = Text(text, node.text, node.span)
    at = 0
    while found := _SKIPPED.search(text, at):
        at = found.end()
        if found["word"] and not _is_name(text, found.start()):
            sections, at = source.sections(at)
            yield _read(source, found, sections, at)


def read(node: Node) -> InlineAsm | None:
    """Read the node of one ``asm`` (``gnu_asm_expression``); None if it is none."""
    return next(find(node), None)


def statements(asm: InlineAsm, path: str) -> tuple[Node, ...]:
    """Return the statements of the template, those inside of macros last.

    ``path`` is the file's: what begins a comment depends on the architecture. Operands
    read as in the template, ``%%rax`` as ``%rax``; macros between strings are words.
    What cannot be read is an ``ERROR`` node. Places are those of the C file.
    """
    found: list[Node] = []
    waiting = [asm.pieces]
    for listed in waiting:
        if listed is asm.pieces or _speaks(listed):
            found += _parsed(listed, path, is_basic=asm.is_basic)
        waiting += (argument for piece in listed for argument in piece.arguments)
    return tuple(found)


def instructions(asm: InlineAsm, path: str) -> tuple[Node, ...]:
    """Return those of ``statements`` that are instructions."""
    return tuple(n for n in statements(asm, path) if n.kind == "instruction")


def _is_name(text: str, at: int) -> bool:
    """Say whether the ``asm`` at ``at`` names a register or symbol of a declaration."""
    start = max(0, at - _BEFORE)
    if not _DECLARED.search(text, start, at):
        return False
    return not _STATEMENT.search(text, start, at)


def _speaks(argument: Sequence[Piece]) -> bool:
    """Say whether an argument of a macro is assembly; operands are strings too."""
    if not argument or not argument[0].is_literal:
        return False
    return argument[0].text.lstrip()[:1] not in ("%", "#", "$", "")


def _read(
    source: Text, found: re.Match[str], sections: Sequence[Range], end: int
) -> InlineAsm:
    template = pieces(source, *sections[0])
    rest = [*sections[1:], *[(end, end)] * _SECTIONS][: _SECTIONS - 1]
    outputs, inputs = (tuple(_operands(source, *part)) for part in rest[:2])
    clobbers = tuple(_words(source, *rest[2]))
    words = (found["word"] + found["qualifiers"]).split()
    hidden = [piece.text for piece in template if not piece.is_literal]
    hidden += [operand.macro for operand in (*outputs, *inputs) if operand.macro]
    hidden += [word for word, is_literal in clobbers if not is_literal]
    is_cut = sections[-1][1] == end or len(sections) > _SECTIONS
    return InlineAsm(
        span=source.span(found.start(), end),
        text=source.original[found.start() : end],
        is_volatile=any("volatile" in word or "goto" in word for word in words),
        is_basic=len(sections) == 1,
        pieces=template,
        outputs=outputs,
        inputs=inputs,
        clobbers=tuple(word for word, _ in clobbers),
        labels=tuple(word for word, _ in _words(source, *rest[3])),
        unknown=(*hidden, *(("...",) if is_cut else ())),
    )


def _operands(source: Text, start: int, end: int) -> Iterator[Operand]:
    for begin, stop in source.parts(start, end):
        if operand := _operand(source, *source.strip(begin, stop)):
            yield operand


def _operand(source: Text, start: int, end: int) -> Operand | None:
    """The value is the last thing in parentheses, if a constraint is before it."""
    if start == end:
        return None
    text, span = source.original[start:end], source.span(start, end)
    named = _NAME.match(source.text, start, end)
    at = named.end() if named else start
    opened = source.last_group(at, end)
    constraint = pieces(source, at, opened)
    is_value = opened < end and any(
        piece.is_literal or piece.arguments for piece in constraint
    )
    if not is_value:
        return Operand("", "", None, text, text, span)
    begin, stop = source.strip(opened + 1, end - 1)
    return Operand(
        name=named[1] if named else "",
        constraint="".join(piece.text for piece in constraint),
        value=c.expression(source.text[begin:stop], source.span(begin, stop)),
        macro="".join(piece.text for piece in constraint if not piece.is_literal),
        text=text,
        span=span,
    )


def _words(source: Text, start: int, end: int) -> Iterator[tuple[str, bool]]:
    """Yield clobbers or labels, and whether each is a string."""
    for begin, stop in source.parts(start, end):
        listed = pieces(source, begin, stop)
        if listed:
            text = "".join(piece.text for piece in listed)
            yield text, all(piece.is_literal for piece in listed)


def _parsed(listed: Sequence[Piece], path: str, *, is_basic: bool) -> Iterator[Node]:
    """Parse the text that the pieces make; give its nodes their places in the file."""
    signs: list[str] = []
    places: list[Place] = []
    for before, piece in pairwise((None, *listed)):
        if before and piece and piece.text and _is_apart(before, piece):
            signs.append("\n")
            places.append(piece.places[0])
        if piece:
            signs += piece.text if piece.is_literal else piece.text.replace("#", "_")
            places += piece.places
    if not is_basic:
        signs, places = _unescaped(signs, places)
    if not places:
        return
    text = "".join(signs)
    numbers = tuple(range(1, text.count("\n") + 2))
    image = Image(path, text, numbers, whole=True, proven=True)
    tree = parse_asm(image)
    source = layout(image)
    last = (places[-1][0], places[-1][1] + 1)
    yield from (_moved(node, source, (*places, last)) for node in tree.children)


def _is_apart(before: Piece, piece: Piece) -> bool:
    """Say whether a macro begins or ends a statement, rather than a word of one.

    ``"bt %1, %0" CC_SET(c)`` is two statements, ``"call __x86_" STR(name)`` is one.
    """
    call = before if piece.is_literal else piece
    if before.is_literal == piece.is_literal and piece.is_literal:
        return False
    is_word = _GLUED.search(before.text) and _GLUED.match(piece.text[:1])
    return bool(is_word and call.arguments and not _STRINGS.match(call.text))


def _unescaped(
    signs: Sequence[str], places: Sequence[Place]
) -> tuple[list[str], list[Place]]:
    """Undo ``%%`` and the like, which stand for one sign."""
    kept: list[int] = []
    is_escape = False
    for at, sign in enumerate(signs):
        is_escape = not is_escape and bool(kept) and signs[at - 1] == "%"
        if is_escape and sign in "%{|}":
            kept.pop()
        elif sign != "%":
            is_escape = False
        kept.append(at)
    return [signs[at] for at in kept], [places[at] for at in kept]


def _moved(node: Node, source: Layout, places: Sequence[Place]) -> Node:
    """Give a node of the template and all below it their places in the C file."""
    span = node.span
    start = source.offset(span.line, span.column)
    end = source.offset(span.end_line, span.end_column)
    stop = places[end - 1] if end > start else places[start]
    return replace(
        node,
        span=Span(*places[start], stop[0], stop[1] + (end > start)),
        children=tuple(_moved(child, source, places) for child in node.children),
    )
