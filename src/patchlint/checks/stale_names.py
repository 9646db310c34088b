# SPDX-License-Identifier: GPL-2.0-or-later
"""Comments that still use a name which the patch takes out of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.analysis import c_file
from patchlint.analysis.comment_text import Comment, Line, code, comments
from patchlint.analysis.definitions import Definition, definition
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.lint.options import Options
from patchlint.model.change import Kind
from patchlint.model.finding import Match, Step
from patchlint.model.location import Span

_WORD = re.compile(r"[A-Za-z_]\w*")
_PASTED = re.compile(r"(\w{3,})\s*##|##\s*(\w{3,})")
_AROUND = 4
_STOP = re.compile(r"[.!?;](?=\s|$)|\s{2,}")
_LANGUAGES = (".c", ".h", ".S", ".s")


def stale_identifier(context: PatchContext, options: Options) -> Iterator[Match]:
    """A comment names what the patch removes or renames.

    Its definition was in a touched file before, and the name is nowhere in the code of
    the touched files after. What the comment tells as ``history`` is left alone.
    """
    history = options.pattern("history")
    gone = _gone(context)
    if not gone or not _is_complete(context):
        return
    known: dict[str, Definition | None] = {}
    for source in context.after.sources:
        for comment in comments(source) if source.language else ():
            for row, at, name in _names(comment, gone):
                if name not in known:
                    known[name] = definition(context.before, name)
                found = known[name]
                if found is None or not _reaches(found, source, comment):
                    continue
                if not history.search(_sentence(comment, row, at, name)):
                    use = _Use(name, source, comment.lines[row], at, found)
                    yield _match(use, _renamed(context, name))


def _gone(context: PatchContext) -> frozenset[str]:
    """Return the names that were in code before, and are in none after."""
    gone = _all_words(context.before) - _all_words(context.after)
    parts = [part for s in context.after.sources for part in _pasted(s)]
    return frozenset(
        name for name in gone if not any(_made_by(name, *p) for p in parts)
    )


def _all_words(program: Program) -> frozenset[str]:
    every = (s.facts.of(_words, s) for s in program.sources if s.language)
    return frozenset[str]().union(*every)


def _words(source: Source) -> frozenset[str]:
    return frozenset(_WORD.findall(code(source)))


def _pasted(source: Source) -> frozenset[tuple[str, str]]:
    return (
        frozenset(_PASTED.findall(code(source)))
        if "##" in source.image.text
        else frozenset()
    )


def _made_by(name: str, head: str, tail: str) -> bool:
    """Say whether a macro may put a name together of what it pastes."""
    return bool(head and name.startswith(head)) or bool(tail and name.endswith(tail))


def _is_complete(context: PatchContext) -> bool:
    """Say whether all touched files of C and assembly are known whole."""
    known = {
        source.path for p in (context.before, context.after) for source in p.sources
    }
    return all(
        c.path in known for c in context.patch.changes if c.path.endswith(_LANGUAGES)
    )


def _names(comment: Comment, gone: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the row, the offset and the name of what is distinctive and gone: once."""
    said: set[str] = set()
    for row, line in enumerate(comment.lines):
        for hit in _WORD.finditer(line.text):
            name, called = hit[0], line.text.startswith("()", hit.end())
            if name not in gone or not (called or _is_distinctive(name)):
                continue
            if line.text[: hit.start()].endswith("@") or _is_path(line.text, hit):
                continue
            if name not in said:
                said.add(name)
                yield row, hit.start(), name


def _is_distinctive(name: str) -> bool:
    """Words of a language have no underscore, and no digit or capital in them."""
    inner = name.strip("_")
    mixed = re.search(r"[a-z][A-Z]|[A-Za-z]\d\w*[A-Za-z]", inner)
    return len(inner) > 3 and ("_" in inner or mixed is not None)


def _is_path(text: str, hit: re.Match[str]) -> bool:
    before, behind = text[: hit.start()][-1:], text[hit.end() : hit.end() + 2]
    return (before in "/-$" and bool(before)) or re.match(
        r"[/-]\w|\.[chS]\b", behind
    ) is not None


def _reaches(found: Definition, source: Source, comment: Comment) -> bool:
    """Say whether a comment may speak of a definition: of a local, in its function."""
    if not found.inside:
        return True
    if source.language != "c":
        return False
    return any(
        item.name == found.inside
        and comment.last >= item.span.line - 1
        and comment.first <= item.span.end_line
        for item in c_file.functions(source)
    )


def _sentence(comment: Comment, row: int, at: int, name: str) -> str:
    """Return the sentence of a comment that uses a name there, which reads NAME."""
    text = comment.lines[row].text
    above = comment.lines[max(0, row - _AROUND) : row]
    below = comment.lines[row + 1 : row + 1 + _AROUND]
    before = " ".join((*(line.text for line in above), text[:at]))
    behind = " ".join((text[at + len(name) :], *(line.text for line in below)))
    return f"{_STOP.split(before)[-1]}NAME{_STOP.split(behind)[0]}"


class _Use(Struct, frozen=True):
    """A name in a comment, and what it was."""

    name: str
    source: Source
    line: Line
    at: int
    was: Definition


def _match(use: _Use, renamed: str) -> Match:
    now = f"it is {renamed} now" if renamed else "nothing here is called so any more"
    begin = use.line.column + use.at
    span = Span(use.line.number, begin, use.line.number, begin + len(use.name))
    return Match(
        where=use.source.at(span),
        message=f"This comment still says {use.name}: {now}.",
        trace=(
            Step(use.was.where, use.was.text, f"{use.was.what} before"),
            Step(use.source.at(span), use.line.text, "still named here"),
        ),
        suggestion=renamed,
        key=f"stale: {use.name} {' '.join(use.line.text.split()[:4])}",
    )


def _renamed(context: PatchContext, name: str) -> str:
    """Return the one name that stands in for another in lines that else stay."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    found: set[str] = set()
    for change in context.patch.changes:
        for hunk in change.hunks:
            added = [line.text for line in hunk.lines if line.kind is Kind.ADDED]
            removed = [line.text for line in hunk.lines if line.kind is Kind.REMOVED]
            for old in (text for text in removed if word.search(text)):
                before, after = word.split(old, 1)
                shape = re.compile(rf"{re.escape(before)}(\w+){re.escape(after)}")
                found.update(hit[1] for text in added if (hit := shape.fullmatch(text)))
    return next(iter(found)) if len(found) == 1 else ""
