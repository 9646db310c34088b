# SPDX-License-Identifier: GPL-2.0-or-later
"""kernel-doc comments against the functions and structures they describe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchlint.analysis.comment_text import Comment, code, comments
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, Span
from patchlint.syntax.kerneldoc import Doc, document, fields, inline, parameters

_BASE = re.compile(r"\.(?!\.)|->")
_LINES = 400


@dataclass(frozen=True, slots=True)
class _Pair:
    """A kernel-doc comment and what stands below it, from line ``line`` on."""

    source: Source
    comment: Comment
    doc: Doc
    line: int
    text: str
    code: str


def kerneldoc_params(program: Program, _: Options) -> Iterator[Match]:
    """A kernel-doc comment names a parameter that is not there, or misses one.

    Members of structures likewise. scripts/kernel-doc says the same of a whole tree.
    """
    for source in program.written_in("c"):
        for pair in _pairs(source) if "/**\n" in source.image.text else ():
            if pair.doc.kind == "function":
                yield from _function(pair)
            elif pair.doc.kind in ("struct", "union"):
                yield from _structure(pair)


def _pairs(source: Source) -> Iterator[_Pair]:
    rows, bare = source.image.text.split("\n"), code(source).split("\n")
    for comment in comments(source):
        doc = None if comment.front or comment.is_cut else document(comment.text)
        if doc is not None:
            end = comment.last + _LINES
            text = "\n".join(rows[comment.last : end])
            yield _Pair(
                source,
                comment,
                doc,
                comment.last + 1,
                text,
                "\n".join(bare[comment.last : end]),
            )


def _function(pair: _Pair) -> Iterator[Match]:
    doc = pair.doc
    there = parameters(pair.code, doc.name)
    if there is None:
        return
    excess = [
        n
        for n in doc.described
        if _BASE.split(n)[0].removesuffix("...") not in there and n not in there
    ]
    missing = [
        n
        for n in there
        if n not in doc.described and n != "..." and f"{n}..." not in doc.described
    ]
    if len(excess) == 1 and len(missing) == 1:
        yield _match(
            pair,
            excess[0],
            f"The parameter is called {missing[0]} in {doc.name}().",
            suggestion=missing[0],
        )
        return
    for name in excess:
        yield _match(pair, name, f"{doc.name}() has no parameter {name}.")
    if missing and not doc.described:
        listed = ", ".join(f"@{name}" for name in missing)
        yield _match(
            pair,
            "",
            f"The kernel-doc of {doc.name}() describes no parameter: {listed}.",
        )
        return
    for name in missing:
        yield _match(
            pair,
            "",
            f"The kernel-doc of {doc.name}() does not describe @{name}.",
            named=name,
        )


def _structure(pair: _Pair) -> Iterator[Match]:
    doc = pair.doc
    there = fields(pair.text, doc.kind, doc.name)
    if there is None:
        return
    described = {*doc.described, *inline(pair.text)}
    for name in doc.described:
        if name not in there:
            yield _match(pair, name, f"{doc.kind} {doc.name} has no member {name}.")
    missing = sorted(name for name in there - described if "." not in name)
    if missing and not described:
        return
    for name in missing:
        yield _match(
            pair,
            "",
            f"The kernel-doc of {doc.kind} {doc.name} does not describe @{name}.",
            named=name,
        )


def _match(
    pair: _Pair, described: str, message: str, *, named: str = "", suggestion: str = ""
) -> Match:
    """Point at the description, or at the name that has none."""
    head = pair.source.at(Span(pair.comment.first + 1))
    where = _described(pair, described) if described else _named(pair, named) or head
    return Match(
        where=where,
        message=message,
        trace=(Step(head, f"{pair.doc.name} - ...", "is described here"),),
        suggestion=suggestion,
        key=message,
    )


def _described(pair: _Pair, name: str) -> InFile:
    line = pair.comment.lines[pair.doc.described[name]]
    return pair.source.at(
        Span(line.number, line.column, line.number, line.column + len(name) + 1)
    )


def _named(pair: _Pair, name: str) -> InFile | None:
    hit = re.search(rf"(?<![\w.]){re.escape(name)}\b", pair.code) if name else None
    if hit is None:
        return None
    line = pair.line + pair.code.count("\n", 0, hit.start())
    column = hit.start() - (pair.code.rfind("\n", 0, hit.start()) + 1) + 1
    return pair.source.at(Span(line, column, line, column + len(name)))
