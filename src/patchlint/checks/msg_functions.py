# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions that a message names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from msgspec import Struct

from patchlint.lint.context import PatchContext, tree_of
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Step
from patchlint.model.location import InMessage, Span
from patchlint.series.tree import Tree

Seen = Match | NotChecked

_NAMED = re.compile(r"(?<![\w/{*.>-])([a-z_]\w{5,})\(\)")
_CALLED = re.compile(r"\b([A-Za-z_]\w{3,})\s*\(")
_WORD = re.compile(r"[A-Za-z_]\w*")
_ASIDE = re.compile(r"[ \t>|+-]|\s*$")
_DIGITS = re.compile(r"\d+")
_EDITS = 2
_LONG = 8
_MOST = 400


class _Near(Struct, frozen=True):
    """A function of the diff with a name like one of the message, and where."""

    name: str
    line: int


def function_near_miss(context: PatchContext, options: Options) -> Iterator[Seen]:
    """The message names a function that is nowhere, and the diff one that is alike.

    Two signs apart, or the same words in another order: by the mail alone, unless
    the tree has the name. One word of the name apart, and it is the function of a
    hunk: only where a tree says that there is no such function.
    """
    named = tuple(_named(context))
    known = _known(context) if named else frozenset()
    named = tuple(entry for entry in named if entry[0] not in known)
    if not named:
        return
    headings, called = _functions(context)
    tree = tree_of(context.after)
    for name, line, column in named:
        if tree is not None and _exists(tree, name):
            continue
        near = next((c for c in called if _is_slip(name, c.name)), None)
        if near is None and any(_is_kin(name, c.name, options) for c in headings):
            if tree is None:
                yield NotChecked(f"the tree, for whether there is a {name}()")
                continue
            near = next(c for c in headings if _is_kin(name, c.name, options))
        if near is not None:
            yield _match(
                context, name, Span(line, column, line, column + len(name) + 2), near
            )


def _named(context: PatchContext) -> Iterator[tuple[str, int, int]]:
    """Yield (name, line, column) of the functions in the prose, each once."""
    told: set[str] = set()
    for line in context.patch.parts.log:
        text = context.message.line(line)
        for found in () if _ASIDE.match(text) else _NAMED.finditer(text):
            if found[1] not in told and len(told) < _MOST:
                told.add(found[1])
                yield found[1], line, found.start(1) + 1


def _known(context: PatchContext) -> frozenset[str]:
    """Return every word of the diff and of the touched files."""
    texts = [line.text for change in context.patch.changes for line in change.lines]
    texts += [hunk.heading for change in context.patch.changes for hunk in change.hunks]
    for program in (context.before, context.after):
        texts += [source.image.text for source in program.sources]
    return frozenset(word for text in texts for word in _WORD.findall(text))


def _functions(context: PatchContext) -> tuple[list[_Near], list[_Near]]:
    """Return the functions of the hunks, and those and what their lines call."""
    headings: dict[str, _Near] = {}
    called: dict[str, _Near] = {}
    for change in context.patch.changes:
        for hunk in change.hunks:
            for name in _CALLED.findall(hunk.heading)[:1]:
                headings.setdefault(name, _Near(name, hunk.mail))
            for line in hunk.lines:
                names = _CALLED.findall(line.text)
                for name in names:
                    called.setdefault(name, _Near(name, line.mail))
                for name in names[:1] if line.text[:1].isalpha() else ():
                    headings.setdefault(name, _Near(name, line.mail))
    return list(headings.values())[:_MOST], list({**called, **headings}.values())[
        :_MOST
    ]


def _exists(tree: Tree, name: str) -> bool:
    return bool(tree.symbols(name) or tree.uses(name))


def _is_slip(name: str, other: str) -> bool:
    """Say whether one name is the other with a slip of the pen."""
    if sorted(name.split("_")) == sorted(other.split("_")):
        return name != other
    return len(name) >= _LONG and name[0] == other[0] and _few_edits(name, other)


def _few_edits(one: str, other: str) -> bool:
    """Say whether at most two signs are changed, gone or added, and no digits."""
    if abs(len(one) - len(other)) > _EDITS:
        return False
    parts = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    changed = [(one[a:b], other[c:d]) for tag, a, b, c, d in parts if tag != "equal"]
    if any(re.search(r"[\d_]", "".join(pair)) for pair in changed):
        return False
    return sum(max(len(a), len(b)) for a, b in changed) <= _EDITS


def _is_kin(name: str, other: str, options: Options) -> bool:
    """Say whether two names differ in one of their words, and are alike as a whole."""
    if _DIGITS.sub("", name) == _DIGITS.sub("", other):
        return False
    ours, theirs = name.split("_"), other.split("_")
    apart = sum(a != b for a, b in zip(ours, theirs, strict=False))
    if len(ours) != len(theirs) or len(ours) < 2 or apart != 1:
        return False
    return SequenceMatcher(None, name, other).ratio() >= options.number("alike")


def _match(context: PatchContext, name: str, span: Span, near: _Near) -> Match:
    where = InMessage(span)
    shown = context.message.line(near.line).strip()
    return Match(
        where=where,
        message=(
            f"There is no {name}() in what the patch touches; is {near.name}() meant?"
        ),
        trace=(Step(InMessage(Span(near.line)), shown, f"{near.name}() is here"),),
        suggestion=f"{near.name}()",
        key=name,
    )
