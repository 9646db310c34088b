# SPDX-License-Identifier: GPL-2.0-or-later
"""kernel-doc comments against the functions and structures they describe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from patchlint.analysis.comment_text import Comment, code, comments
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, Span
from patchlint.syntax.kerneldoc import Doc, document, fields, inline, parameters

_BASE = re.compile(r"\.+|->")
_LINES = 400
_MOST = 30


class _Pair(Struct, frozen=True):
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
                yield from islice(_function(pair), _MOST)
            elif pair.doc.kind in ("struct", "union"):
                yield from islice(_structure(pair), _MOST)


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
    name, described = pair.doc.name, pair.doc.described
    there = parameters(pair.code, name)
    if there is None:
        return
    excess = [n for n in described if not {n, _BASE.split(n)[0]} & {*there}]
    missing = [n for n in there if not {n, f"{n}..."} & {*described} and n != "..."]
    if len(excess) == len(missing) == 1 and _stand_alike(pair.doc, there, excess[0]):
        text = f"The parameter is called {missing[0]} in {name}()."
        yield _match(pair, excess[0], text, suggestion=missing[0])
        return
    for one in excess:
        yield _match(pair, one, f"{name}() has no parameter {one}.")
    if missing and not described:
        listed = ", ".join(f"@{one}" for one in missing)
        text = f"The kernel-doc of {name}() describes no parameter: {listed}."
        yield _match(pair, "", text)
        return
    for one in missing:
        text = f"The kernel-doc of {name}() does not describe @{one}."
        yield _match(pair, "", text, named=one)


def _stand_alike(doc: Doc, there: Sequence[str], excess: str) -> bool:
    """Say whether a description stands where the one parameter without one does."""
    at = list(doc.described).index(excess)
    return at < len(there) and there[at] not in doc.described


def _structure(pair: _Pair) -> Iterator[Match]:
    kind, name, described = pair.doc.kind, pair.doc.name, pair.doc.described
    there = fields(pair.text, kind, name)
    if there is None:
        return
    known = {*described, *inline(pair.text)}
    for one in described:
        if one not in there:
            yield _match(pair, one, f"{kind} {name} has no member {one}.")
    missing = sorted(one for one in there - known if "." not in one)
    for one in missing if known else ():
        text = f"The kernel-doc of {kind} {name} does not describe @{one}."
        yield _match(pair, "", text, named=one)


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
