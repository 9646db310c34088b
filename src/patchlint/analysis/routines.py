# SPDX-License-Identifier: GPL-2.0-or-later
"""The functions of an assembly file, and the registers their comments document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.arch import is_x86_64
from patchlint.analysis.asm_expand import expanded
from patchlint.analysis.registers import ARGUMENTS, canonical
from patchlint.lint.context import Source
from patchlint.model.location import Span
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.node import Node

_START = re.compile(r"SYM_(?:TYPED_)?(?:FUNC|CODE)_START\w*|ENTRY")
_END = re.compile(r"SYM_(?:FUNC|CODE)_END\w*|ENDPROC|END")
_DOC_LINE = re.compile(
    r"[\s*/#]*(?P<register>%\w+)[ \t]*(?:[:=]|--?[ \t]|[ \t])[ \t]*(?P<text>[^\s:=].*)"
)
_NAME_FIRST = re.compile(
    r"[\s*/#]*(?P<text>[A-Za-z]\w*)[ \t]*[:=][ \t]*(?P<register>%\w+)\s*(?:\*/)?"
)
_HEADING = re.compile(r"in(?:puts?)?|arg\w*|param\w*|entry|regs?|registers?", re.I)
_RESULT_LINE = re.compile(
    r"[\s*/#]*(?:outputs?|returns?|results?|clobber\w*|uses|scratch|modif\w+"
    r"|exit|(?:up)?on (?:exit|return)|(?:at|after) (?:the )?(?:exit|return|end))\b",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(
    r"(?:an? |is |used as |as )*(?:te?mp|temporary|scratch|(?:is |gets )?clobbered)"
    r"(?: (?:reg|register|space|by .*))?"
)
_NAME_END = re.compile(r"[,;:=()\[\]{}/]|\.(?:\s|$)|\s-+\s|\*/")
_ALONE = re.compile(r"(?!is\b|holds\b|has\b|contains\b|points\b|must\b)[A-Za-z]\w*")
_BEFORE_DOC = frozenset(
    ("endbr64", "push", "pushq", "pushf", "pushfq", "cld", "cli", "sti", "nop")
)
_REACH = 30


class RegisterDoc(Struct, frozen=True):
    """One line ``%reg  name or prose`` of a register comment.

    ``register`` is the 64-bit name without ``%``. ``name`` are the words up to the
    first punctuation, blanks for underscores; ``text`` is all that is said. ``span``
    is the line from the register to its end; ``wide`` if it gives a 64-bit name.
    ``name_first`` if the line is ``name: %reg``.
    """

    register: str
    name: str
    text: str
    span: Span
    wide: bool
    name_first: bool = False

    def line(self, register: str = "", text: str = "") -> str:
        """Return the line as it is, or with another register or text."""
        register, text = register or self.register, text or self.text
        return f"{text}: %{register}" if self.name_first else f"%{register} {text}"

    @property
    def said(self) -> str:
        """The name as the comment spells it."""
        return _NAME_END.split(self.text)[0].strip()


class Routine(Struct, frozen=True, eq=False):
    """A function: what stands between its start and its end macro.

    ``span`` is the start macro. ``written`` are its statements as they stand, without
    comments; in ``statements`` the macros of the file are replaced by what they stand
    for, at the place of the call. ``kind`` is FUNC or CODE, or "" for ENTRY. ``local``
    says that no other file can call it.
    """

    name: str
    span: Span
    written: tuple[Node, ...]
    statements: tuple[Node, ...]
    documents: tuple[RegisterDoc, ...]
    kind: str
    local: bool

    def document(self, register: str) -> RegisterDoc | None:
        """Return what is documented of a register at the entry."""
        return next((d for d in self.documents if d.register == register), None)


def tree(source: Source) -> Node:
    """Return the syntax tree of an assembly file."""
    return source.facts.of(_tree, source)


def routines(source: Source) -> tuple[Routine, ...]:
    """Return the functions of an assembly file, in order."""
    return source.facts.of(_routines, source)


def _tree(source: Source) -> Node:
    return parse_asm(source.image)


def _routines(source: Source) -> tuple[Routine, ...]:
    nodes = tree(source).children
    starts = [at for at, node in enumerate(nodes) if _marked(node, _START)]
    ends = (*starts, len(nodes))[1:]
    replaced = expanded(nodes, wide=is_x86_64(source.path))
    return tuple(
        _routine(nodes, start, end, replaced)
        for start, end in zip(starts, ends, strict=True)
    )


def documented(text: str, span: Span) -> tuple[RegisterDoc, ...]:
    """Read the register lines of a comment.

    One line alone must be ``%reg: name`` or ``%reg name`` of an argument: more words
    are prose.
    """
    found = tuple(_doc_lines(text, span))
    if len(found) == 1 and not _says_enough(found[0]):
        return ()
    return tuple(line for line in found if not _NO_VALUE.fullmatch(line.name))


def _says_enough(line: RegisterDoc) -> bool:
    is_name = _ALONE.fullmatch(line.text) is not None
    return is_name and line.wide and line.register in ARGUMENTS


def _routine(
    nodes: tuple[Node, ...], start: int, end: int, replaced: list[tuple[Node, ...]]
) -> Routine:
    body = nodes[start + 1 : end]
    stop = next((at for at, node in enumerate(body) if _marked(node, _END)), len(body))
    head = nodes[start]
    documents = _first_documented(_inside(body[:stop], head.span.line))
    written = tuple(node for node in body[:stop] if node.kind != "comment")
    return Routine(
        name=_argument(head),
        span=head.span,
        written=written,
        statements=tuple(
            node
            for each in replaced[start + 1 : start + 1 + stop]
            for node in each
            if node.kind != "comment"
        ),
        documents=documents or _first_documented(_above(nodes[:start], head)),
        kind=next((kind for kind in ("FUNC", "CODE") if kind in _name(head)), ""),
        local="_LOCAL" in _name(head),
    )


def _marked(node: Node, pattern: re.Pattern[str]) -> bool:
    return node.kind == "macro_call" and pattern.fullmatch(_name(node)) is not None


def _name(node: Node) -> str:
    name = node.child("name")
    return name.text if name else ""


def _argument(node: Node) -> str:
    operand = node.child("operand")
    return operand.text if operand else ""


def _inside(body: tuple[Node, ...], line: int) -> Iterator[Node]:
    """The comments at the start, while the registers still are as at the entry."""
    for node in body:
        if node.span.line > line + _REACH:
            return
        if node.kind == "instruction" and _name(node) not in _BEFORE_DOC:
            return
        if node.kind == "comment":
            yield node


def _above(nodes: tuple[Node, ...], head: Node) -> Iterator[Node]:
    """The comments between the last statement and the start macro, nearest first."""
    line = head.span.line
    for node in reversed(nodes):
        if node.kind not in ("comment", "preproc", "directive"):
            return
        if line - node.span.end_line > 3:
            return
        line = node.span.line
        if node.kind == "comment":
            yield node


def _first_documented(comments: Iterator[Node]) -> tuple[RegisterDoc, ...]:
    for text, span in _blocks(comments):
        if found := documented(text, span):
            return found
    return ()


def _blocks(comments: Iterator[Node]) -> Iterator[tuple[str, Span]]:
    """Join line comments that follow each other in one column."""
    nodes = sorted(comments, key=lambda node: node.span)
    lines: list[Node] = []
    for node in nodes:
        if lines and not _follows(lines[-1], node):
            yield _joined(lines)
            lines = []
        lines.append(node)
    if lines:
        yield _joined(lines)


def _follows(before: Node, node: Node) -> bool:
    return (
        not before.text.startswith("/*")
        and not node.text.startswith("/*")
        and node.span.line == before.span.line + 1
        and node.span.column == before.span.column
    )


def _joined(lines: list[Node]) -> tuple[str, Span]:
    first, last = lines[0].span, lines[-1].span
    indent = " " * (first.column - 1)
    text = f"\n{indent}".join(node.text for node in lines)
    return text, Span(first.line, first.column, last.end_line, last.end_column)


def _doc_lines(text: str, span: Span) -> Iterator[RegisterDoc]:
    for row, line in enumerate(text.split("\n")):
        if _RESULT_LINE.match(line):
            return
        found = _DOC_LINE.match(line.rstrip()) or _NAME_FIRST.fullmatch(line)
        register = canonical(found["register"]) if found else None
        if found is None or register is None:
            continue
        name_first = found.start("text") < found.start("register")
        if name_first and (
            canonical(found["text"]) or _HEADING.fullmatch(found["text"])
        ):
            continue
        said = found["text"].removesuffix("*/").rstrip()
        first = (span.column - 1 if row == 0 else 0) + 1
        number = span.line + row
        place = Span(
            number,
            min(found.start("register"), found.start("text")) + first,
            number,
            max(found.end("register"), found.start("text") + len(said)) + first,
        )
        name = normal(_NAME_END.split(said)[0].strip())
        wide = found["register"] == f"%{register}"
        yield RegisterDoc(register, name, said, place, wide, name_first)


def normal(name: str) -> str:
    """Return a value's name as it is compared: small letters, blanks for ``_``."""
    return " ".join(name.replace("_", " ").lower().split())
