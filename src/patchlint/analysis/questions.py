# SPDX-License-Identifier: GPL-2.0-or-later
"""The conditions that a patch takes out of C functions or puts into them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis.c_file import functions, words
from patchlint.analysis.conditions import Condition, operator_of, split, written
from patchlint.analysis.formula import atom
from patchlint.analysis.place import as_it_stands
from patchlint.analysis.reach import path_to, reach
from patchlint.analysis.scope import Scope, scope
from patchlint.lint.context import Program, Source
from patchlint.model.location import InFile
from patchlint.syntax.node import Node

_ASKING = frozenset(
    (
        "if_statement", "while_statement", "for_statement", "do_statement",
        "conditional_expression",
    )
)  # fmt: skip


_NAME = re.compile(r"[A-Za-z_]\w*")
_TYPE = re.compile(r"\([^()]*\)->")


class Question(Struct, frozen=True):
    """One condition, where it is asked, and what else is there.

    ``said`` is as it is asked, ``text`` the same without its negation. ``touched`` says
    that it stands on a line the patch changes.
    """

    text: str
    said: str
    function: str
    where: InFile
    touched: bool
    _inner: Scope
    _condition: Node

    @property
    def beside(self) -> frozenset[str]:
        """The conditions that hold where it is asked, or are asked with it."""
        inner, condition = self._inner, self._condition
        around = reach(inner.item, path_to(inner.tree, condition))
        held = () if around is None else tuple(around.literals())
        asked = split(condition).literals()
        return frozenset(_text(inner, one) for one in (*held, *asked))


def touched(program: Program) -> Iterator[Question]:
    """Yield the conditions that stand on changed lines of the C files of one side."""
    for source in program.written_in("c"):
        for item in functions(source):
            lines = range(item.span.line, item.span.end_line + 1)
            if not source.changed.isdisjoint(lines):
                asked = _asked(source, scope(source, item))
                yield from (question for question in asked if question.touched)


def anywhere(program: Program, text: str) -> Iterator[Question]:
    """Yield where the C files of one side ask something."""
    names = frozenset(_NAME.findall(_TYPE.sub("", text)))
    for source in program.written_in("c"):
        for item in functions(source):
            if names <= words(source, item):
                asked = _asked(source, scope(source, item))
                yield from (question for question in asked if question.text == text)


def _asked(source: Source, inner: Scope) -> Iterator[Question]:
    for node in inner.tree.walk():
        for condition in _conditions(node):
            for literal in split(condition).literals():
                touched = literal.node.span.line in source.changed
                where = source.at(literal.node.span)
                one = as_it_stands(inner, literal)
                said = written(atom(one))
                name = inner.item.name
                yield Question(one.text, said, name, where, touched, inner, condition)


def _conditions(node: Node) -> Iterator[Node]:
    """Yield what a node asks: its condition, or what a function or flag is told."""
    condition = node.child("condition") if node.kind in _ASKING else None
    if condition is not None:
        yield condition
    elif node.kind == "return_statement" and node.children:
        value = node.children[0]
        if operator_of(value) in ("&&", "||", "==", "!=", "<", ">", "<=", ">=", "!"):
            yield value


def _text(inner: Scope, condition: Condition) -> str:
    return written(atom(as_it_stands(inner, condition)))
