# SPDX-License-Identifier: GPL-2.0-or-later
"""Cut a C file at its top level, so that what cannot be read spoils only itself.

Kernel style makes it easy (Documentation/process/coding-style.rst, 6): what opens at
the first column ends with a brace at the first column; everything else ends at an
empty line or a directive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from msgspec import Struct, field

from patchlint.syntax.comments import structure
from patchlint.syntax.layout import Range

_JOINED = r"(?:[^\\\n]|\\\n|\\.)*"
_DIRECTIVE = re.compile(rf"[ \t]*#[ \t]*(?P<word>\w*)(?P<rest>{_JOINED})\n?")
_CONDITIONAL = re.compile(
    rf"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b({_JOINED})", re.MULTILINE
)
_CONDITIONS = frozenset(("if", "ifdef", "ifndef", "elif", "else", "endif"))
_BEGINS = frozenset(("if", "ifdef", "ifndef"))
_BLANK = re.compile(r"(?:[ \t\r\f]*\n)+|[ \t\r\f]+\Z")
_OPENS = re.compile(r"[A-Za-z_{][^\n]*")
_CLOSES = re.compile(r"^\}[^\n]*\n?", re.MULTILINE)
_INCOMPLETE = re.compile(r"[\w,=*|&+(]")
_HEAD = re.compile(
    r"\s*(?P<type>[A-Za-z_][\w\s*]*[\s*])(?P<name>[A-Za-z_]\w*)\s*"
    r"\((?P<parameters>[^;#={}\"']*)\)\s*"
)
_PAREN = re.compile(r"[()]")
_REACH = 4000
_MOST = 40


class Head(Struct, frozen=True):
    """The head of a function: its name, and where it begins and its body, as offsets
    in the chunk."""

    name: str
    begin: int
    body: int


class Chunk(Struct, frozen=True):
    """Rows ``first`` up to ``end`` (from 0, end excluded), and the ``#if`` around them.

    ``begin`` and ``stop`` are the same as offsets. ``arms`` are the conditions,
    outermost first; the arm of an ``#else`` is the negated condition, ``!(...)``.
    ``function`` is the one function that the chunk is, where that can be seen at once.
    """

    first: int
    end: int
    begin: int
    stop: int
    arms: tuple[str, ...]
    function: Head | None


def chunks(text: str, numbers: Sequence[int]) -> Iterator[Chunk]:
    """Yield the chunks of a C text, in order; comments belong to no chunk's edge.

    ``numbers`` are the line numbers in the file: where they jump (between hunks), a
    chunk ends.
    """
    cutter = _Cutter(structure(text))
    row = at = 0
    for begin, end in _runs(text, numbers):
        for start, stop, arms in cutter.run(begin, end):
            first = row + text.count("\n", at, start)
            row, at = first + text.count("\n", start, stop), stop
            last = row if text[stop - 1] == "\n" else row + 1
            head = cutter.head(start, stop)
            yield Chunk(first, last, start, stop, arms, head)


def _runs(text: str, numbers: Sequence[int]) -> Iterator[Range]:
    """Yield the stretches whose line numbers follow each other."""
    begin = 0
    if numbers and numbers[-1] - numbers[0] != len(numbers) - 1:
        ends = [found.end() for found in re.finditer("\n", text)]
        for end, (one, two) in zip(ends, pairwise(numbers), strict=False):
            if two != one + 1:
                yield begin, end
                begin = end
    yield begin, len(text)


class _Cutter(Struct):
    """Goes through a text without comments; ``arms`` are the conditions at the top.

    ``inner`` are the conditional directives inside of the chunk that is read.
    """

    text: str
    arms: list[tuple[str, ...]] = field(default_factory=list)
    inner: list[tuple[str, str]] = field(default_factory=list)
    nested: int = 0
    body: int = -1

    def run(self, at: int, end: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield where the chunks of a stretch begin and end, and their conditions."""
        while at < end:
            if blank := _BLANK.match(self.text, at, end):
                at = blank.end()
                continue
            found = _DIRECTIVE.match(self.text, at, end)
            is_condition = found is not None and found["word"] in _CONDITIONS
            if found and is_condition and not self._is_head(found, end):
                _enter(self.arms, found["word"], found["rest"])
                at = max(found.end(), at + 1)
                continue
            self.nested, self.body = 0, -1
            stop = self._end(at, end, is_inside=is_condition)
            yield at, stop, _flat(self.arms)
            for word, rest in self.inner:
                _enter(self.arms, word, rest)
            self.inner.clear()
            at = stop

    def head(self, start: int, stop: int) -> Head | None:
        """Return the head of the last chunk if it is one plain function, else None."""
        if self.body < 0 or self.text[self.body : self.body + 2] != "{\n":
            return None
        braces = self.text.count("{", self.body, stop)
        is_whole = braces == self.text.count("}", self.body, stop)
        if not is_whole or self.text[stop - 3 : stop] != "\n}\n":
            return None
        found = _HEAD.fullmatch(self.text, start, self.body)
        if not found or found["name"].isupper() or not _is_one(found["parameters"]):
            return None
        return Head(found["name"], found.start("type") - start, self.body - start)

    def _end(self, at: int, end: int, *, is_inside: bool) -> int:
        """Return where the chunk ends that begins at ``at``."""
        parens, last = 0, ""
        while at < end:
            row = self._row(at, end)
            if blank := _BLANK.match(self.text, at, end):
                if self._is_over(blank.end(), end, parens):
                    return at
                at = blank.end()
                continue
            if found := _DIRECTIVE.match(self.text, at, end):
                cut = parens <= 0 and self._cuts(found, last, end)
                if cut and not is_inside:
                    return at
                is_inside = False
                self._swallow(found)
                at = found.end()
                continue
            if row[:1] == "}":
                return at + len(row)
            if _OPENS.match(row) and row.count("{") > row.count("}"):
                return self._body_end(at, end)
            parens += row.count("(") - row.count(")")
            last = row.rstrip()[-1:]
            at += len(row)
        return end

    def _row(self, at: int, end: int) -> str:
        newline = self.text.find("\n", at, end)
        return self.text[at : newline + 1 if newline >= 0 else end]

    def _body_end(self, at: int, end: int) -> int:
        """Return the end of the row whose brace closes what opens at ``at``.

        Braces that do not pair, as in two arms of an ``#if``, must not join functions.
        """
        self.body = begin = at
        depth = 0
        for found in _CLOSES.finditer(self.text, at, end):
            stop = found.end()
            depth += self.text.count("{", at, stop) - self.text.count("}", at, stop)
            at = stop
            if depth <= 0 or self._following(stop, end) not in ("}", " ", "\t"):
                end = stop
                break
        if self.text.find("#", begin, end) < 0:
            return end
        for inner in _CONDITIONAL.finditer(self.text, begin, end):
            self.inner.append((inner[1], inner[2]))
        return end

    def _following(self, at: int, end: int) -> str:
        """Return the first sign of the next row with text."""
        blank = _BLANK.match(self.text, at, end)
        at = blank.end() if blank else at
        return self.text[at : min(at + 1, end)]

    def _is_over(self, at: int, end: int, parens: int) -> bool:
        """Say whether empty rows before ``at`` end a chunk, not ``{`` or ``()``."""
        following = self.text[at : min(at + 1, end)]
        return following != "{" and (parens <= 0 or following not in (" ", "\t", ")"))

    def _cuts(self, found: re.Match[str], last: str, end: int) -> bool:
        """Say whether a directive ends the chunk: not if a function goes on after."""
        word = found["word"]
        if word not in _CONDITIONS or self.nested:
            return False
        if word not in _BEGINS or _INCOMPLETE.match(last):
            return word not in _BEGINS
        return last != ")" or self._following(found.end(), end) != "{"

    def _swallow(self, found: re.Match[str]) -> None:
        word = found["word"]
        if word in _CONDITIONS:
            self.inner.append((word, found["rest"]))
            self.nested += (word in _BEGINS) - (word == "endif")

    def _is_head(self, found: re.Match[str], end: int) -> bool:
        """Say whether the body of a function follows the ``#endif`` of an ``#if``."""
        if found["word"] not in _BEGINS:
            return False
        depth, reach = 0, min(end, found.start() + _REACH)
        inside = _CONDITIONAL.finditer(self.text, found.start(), reach)
        for inner in islice(inside, _MOST):
            depth += (inner[1] in _BEGINS) - (inner[1] == "endif")
            if depth == 0:
                return self._following(inner.end() + 1, end) == "{"
        return False


def _is_one(parameters: str) -> bool:
    """Say whether no parenthesis closes that was not opened inside."""
    depth = 0
    for found in _PAREN.finditer(parameters):
        depth += 1 if found.group() == "(" else -1
        if depth < 0:
            return False
    return depth == 0


def _flat(arms: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(condition for arm in arms for condition in arm)


def _enter(arms: list[tuple[str, ...]], word: str, rest: str) -> None:
    """Follow one directive; each level holds the conditions of its arm."""
    rest = " ".join(rest.replace("\\\n", " ").split())
    if word == "ifdef":
        arms.append((f"defined({rest})",))
    elif word == "ifndef":
        arms.append((f"!defined({rest})",))
    elif word == "if":
        arms.append((rest,))
    elif arms:
        *passed, last = arms.pop()
        if word != "endif":
            done = (*passed, f"!({last})")
            arms.append((*done, rest) if word == "elif" else done)
