# SPDX-License-Identifier: GPL-2.0-or-later
"""Assembly text to statements: what is comment, where a line goes on, what is where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.image import Image
from patchlint.syntax.layout import Range

STRING = r'"(?:[^"\\\n]|\\\r?\n|\\.)*"?'
CHARACTER = r"'(?:\\.|[^\n\\])'?"
_CPP = (
    r"^[ \t]*\#[ \t]*(?:define|undef|include_next|include|ifdef|ifndef|if|elif|else"
    r"|endif|error|warning|pragma|line)\b"
)
_LINE_COMMENTS = {"arch/arm/": r"//|(?<!\\)@", "arch/arm64/": "//"}
_TOKENS = (
    rf"(?P<directive>{_CPP})|(?P<text>{STRING}|{CHARACTER})|(?P<block>/\*)"
    r"|(?P<joined>\\\r?\n)|(?P<line>(?:%s|(?<!\\\n)^[ \t]*\#)[^\n]*)"
)
_IN_DIRECTIVE = re.compile(
    r'(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<block>/\*)|(?P<joined>\\\r?\n)'
    r"|(?P<line>//[^\n]*)|(?P<end>\n)"
)
_BREAK = re.compile(rf"{STRING}|{CHARACTER}|[\n;()]")
_PREFIX_ALONE = re.compile(r"\s*(?:[\w.$]+:)?\s*(?:rep\w*|lock)\s*")
_STAR = re.compile(r"[ \t]*\*")
_CALL_LINES = 24
_PREFIX_LENGTH = 80


class Masked(Struct, frozen=True, eq=False):
    """A stretch of text by what its characters are.

    ``text`` is the whole text, equally long, in which comments, preprocessor lines
    and joined line ends are blank. The ranges are offsets.
    """

    text: str
    comments: tuple[Range, ...]
    directives: tuple[Range, ...]


def mask(text: str, runs: tuple[Range, ...], image: Image) -> Masked:
    """Find comments and preprocessor lines in every run of ``text``."""
    pattern = _pattern(image.path)
    marks = [
        mark
        for start, end in runs
        for mark in _run_marks(text, (start, end), pattern, whole=image.whole)
    ]
    return Masked(
        text=_blank(text, marks),
        comments=tuple((a, b) for kind, a, b in marks if kind == "comment"),
        directives=tuple((a, b) for kind, a, b in marks if kind == "directive"),
    )


def statements(text: str, run: Range) -> Iterator[Range]:
    """Yield the statements of masked text: up to ``;``, a line end, or the run's."""
    at, end = run
    while at < end:
        stop = _statement_end(text, at, end)
        yield at, stop
        at = stop + 1


Mark = tuple[str, int, int]


def _pattern(path: str) -> re.Pattern[str]:
    """``#`` begins a comment, except where it marks an immediate."""
    comments = next(
        (words for folder, words in _LINE_COMMENTS.items() if folder in path), "//|\\#"
    )
    return re.compile(_TOKENS % comments, re.MULTILINE)


def _run_marks(
    text: str, run: Range, pattern: re.Pattern[str], *, whole: bool
) -> Iterator[Mark]:
    at, end = run
    if not whole and (inside := _begun_comment(text, at, end)) > at:
        yield "comment", at, inside
        at = inside
    while found := pattern.search(text, at, end):
        marks = tuple(_marks(text, found, end))
        yield from marks
        at = max((stop for _, _, stop in marks), default=found.end())


def _marks(text: str, found: re.Match[str], end: int) -> Iterator[Mark]:
    """Say what a token is; a string is nothing to mark."""
    start = found.start()
    if found.lastgroup == "block":
        yield "comment", start, _comment_end(text, start, end)
    elif found.lastgroup == "line":
        yield "comment", start, found.end()
    elif found.lastgroup == "joined":
        yield "joined", start, found.end()
    elif found.lastgroup == "directive":
        yield from _directive(text, start, end)


def _begun_comment(text: str, start: int, end: int) -> int:
    """Return where a comment ends that a hunk begins inside of; ``start`` if none."""
    closed, opened = text.find("*/", start, end), text.find("/*", start, end)
    if closed >= 0 and not 0 <= opened <= closed:
        return closed + 2
    at = start
    while at < end and _STAR.match(text, at, end):
        newline = text.find("\n", at, end)
        at = newline + 1 if newline >= 0 else end
    return at


def _comment_end(text: str, start: int, end: int) -> int:
    closed = text.find("*/", start + 2, end)
    return closed + 2 if closed >= 0 else end


def _directive(text: str, start: int, end: int) -> Iterator[Mark]:
    """Yield a preprocessor line, over its continuations, and the comments in it."""
    at = start
    while found := _IN_DIRECTIVE.search(text, at, end):
        at = found.end()
        if found.lastgroup == "end":
            at = found.start()
            break
        if found.lastgroup == "block":
            at = _comment_end(text, found.start(), end)
        if found.lastgroup in ("block", "line"):
            yield "comment", found.start(), at
    else:
        at = end
    yield "directive", start, at


def _blank(text: str, marks: list[Mark]) -> str:
    """Overwrite what is marked; marks of one line may lie in each other."""
    parts, at = [], 0
    for _, start, end in sorted((mark for mark in marks), key=lambda mark: mark[1]):
        if end > at:
            begin = max(at, start)
            parts += [text[at:begin], " " * (end - begin)]
            at = end
    return "".join((*parts, text[at:]))


def _statement_end(text: str, start: int, end: int) -> int:
    """Return the offset of the separator; a macro call may go on over line ends."""
    opened: list[int] = []
    newlines: list[int] = []
    for found in _BREAK.finditer(text, start, end):
        sign, at = found.group(), found.start()
        if sign == "(":
            opened.append(at)
        elif sign == ")":
            del opened[-1:]
        elif sign == "\n" and opened:
            newlines.append(at)
            if not _is_call(text, opened[0]) or len(newlines) > _CALL_LINES:
                return newlines[0]
        elif sign == "\n" or (sign == ";" and _separates(text, start, at, opened)):
            return at
    return newlines[0] if newlines and opened else end


def _separates(text: str, start: int, at: int, opened: list[int]) -> bool:
    """Arguments may hold a ``;``, and ``rep ; movsb`` is one instruction."""
    if opened:
        return False
    long = at - start > _PREFIX_LENGTH
    return long or not _PREFIX_ALONE.fullmatch(text, start, at)


def _is_call(text: str, parenthesis: int) -> bool:
    before = text[max(0, parenthesis - 1) : parenthesis]
    return before.isalnum() or before == "_"
