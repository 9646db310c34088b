# SPDX-License-Identifier: GPL-2.0-or-later
"""The syntax of code, for colours; the one door to Pygments.

Its lexers are made of regular expressions, some of which take a time that grows with
the square of what they are fed. So they get a few thousand characters at once, no long
lines, no endless blanks, no comments that never end, and no heaps of tokens; what is
left out is shown without colours. A character of code takes 1 to 2 us, of the worst of
200 hostile texts 30.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Protocol

_CHUNK = 4000
_LINE = 300
# Code has up to 0.6 tokens a character, and 0.2 with a colour, which count twice. What
# has many more is no code: it would be slow, and a page of it huge.
_DENSE = 0.8
_TOKENS = 300
_BLANKS = re.compile(r"\s{80}")

# Pygments' names of languages, by the end or the beginning of a file name.
_LEXERS: Mapping[str, str] = {
    ".c": "c",
    ".h": "c",
    ".dts": "c",
    ".dtsi": "c",
    ".dtso": "c",
    ".l": "c",
    ".y": "c",
    ".S": "gas",
    ".s": "gas",
    ".py": "python",
    ".sh": "bash",
    ".rs": "rust",
    ".yaml": "yaml",
}
_NAMES: Mapping[str, str] = {
    "Makefile": "make",
    "Kbuild": "make",
    "Kconfig": "kconfig",
}
_SLASH_STAR = frozenset({"c", "gas"})
_CLASSES: Mapping[str, str] = {
    "Comment.Preproc": "p",
    "Comment.PreprocFile": "s",
    "Comment": "c",
    "Keyword": "k",
    "Literal.String": "s",
    "Literal.Number": "n",
    "Literal.Date": "n",
    "Name.Function": "f",
    "Name.Label": "l",
    "Name.Variable": "v",
    "Name.Builtin": "k",
    "Name.Tag": "k",
    "Name.Attribute": "p",
}
_DIRECTIVE = re.compile(r"#\s*(?:define|undef|include|if|ifdef|ifndef|elif|else|endif)")

# (column from 0, end, class)
Span = tuple[int, int, str]
_PLAIN: tuple[Span, ...] = ()


class _Lexer(Protocol):
    """What is asked of a lexer of Pygments."""

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, object, str]]:
        """Yield offset, type and text of each token."""


def coloured(path: str, lines: Sequence[str]) -> Iterator[tuple[Span, ...]]:
    """Yield for each line of a file, or of a part of it, the spans that have a colour.

    The classes are one letter each: k(eyword), c(omment), s(tring), n(umber),
    p(reprocessor), f(unction), l(abel), v(ariable, or register).
    """
    language = _language(path)
    in_comment = False
    for chunk in _chunks(lines):
        whole = "\n".join(chunk)
        starts = in_comment or _ends_comment(whole)
        in_comment = whole.rfind("/*") > whole.rfind("*/") or (
            starts and "*/" not in whole
        )
        if language and _is_tame(chunk, whole):
            has = language in _SLASH_STAR
            around = "/*" * (starts and has), "*/" * (in_comment and has)
            yield from _spans(_lexer(language), chunk, around)
        else:
            yield from (_PLAIN for _ in chunk)


def _language(path: str) -> str | None:
    name = path.rpartition("/")[2]
    end = name[name.rfind(".") :] if "." in name else ""
    return _LEXERS.get(end) or _NAMES.get(name.partition(".")[0])


@cache
def _lexer(language: str) -> _Lexer:
    # Loading the lexer of C takes 20 ms, which only those who want pages should pay.
    from pygments.lexers import get_lexer_by_name

    lexer: _Lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    return lexer


def _chunks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Cut lines into runs of a few thousand characters."""
    chunk: list[str] = []
    size = 0
    for line in lines:
        if chunk and size + len(line) > _CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(line)
        size += len(line) + 1
    if chunk:
        yield chunk


def _ends_comment(whole: str) -> bool:
    """Say whether a part of a file begins within a comment."""
    end, start = whole.find("*/"), whole.find("/*")
    return end >= 0 and (start < 0 or end < start)


def _is_tame(chunk: Sequence[str], whole: str) -> bool:
    return (
        all(len(line) <= _LINE for line in chunk)
        and whole.count("/*") <= whole.count("*/") + 1
        and not _BLANKS.search(whole)
    )


def _spans(
    lexer: _Lexer, chunk: Sequence[str], around: tuple[str, str]
) -> Sequence[tuple[Span, ...]]:
    """Return the spans of each line; ``around`` is put around the chunk and cut off."""
    before, after = around
    found: list[list[Span]] = [[] for _ in chunk]
    starts = [len(before)]
    for line in chunk:
        starts.append(starts[-1] + len(line) + 1)
    row = 0
    tokens = 0
    for at, kind, words in lexer.get_tokens_unprocessed(
        before + "\n".join(chunk) + after
    ):
        name = _class_of(kind, words)
        tokens += 2 if name else 1
        if tokens > _TOKENS + _DENSE * at:
            return [_PLAIN for _ in chunk]
        end = at + len(words)
        while row < len(chunk) and at >= starts[row + 1]:
            row += 1
        for number in range(row, len(chunk) if name else row):
            if starts[number] >= end:
                break
            first = max(at - starts[number], 0)
            last = min(end - starts[number], len(chunk[number]))
            if first < last:
                found[number].append((first, last, name))
    return [tuple(spans) for spans in found]


def _class_of(kind: object, words: str) -> str:
    name = _class_of_kind(kind)
    return "p" if name == "c" and _DIRECTIVE.match(words) else name


@cache
def _class_of_kind(kind: object) -> str:
    """Return the class for a type of token: that of the nearest type that has one."""
    name = str(kind).removeprefix("Token.")
    while name:
        if name in _CLASSES:
            return _CLASSES[name]
        name = name.rpartition(".")[0]
    return ""
