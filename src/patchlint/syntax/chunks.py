# SPDX-License-Identifier: GPL-2.0-or-later
"""Cut a C file at its top level, so that what cannot be read spoils only itself.

Kernel style makes it easy (Documentation/process/coding-style.rst, 6): what opens at
the first column ends with a brace at the first column; everything else ends at an
empty line or a directive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patchlint.syntax.comments import without_comments

_CONDITIONAL = re.compile(
    r"[ \t]*#[ \t]*(?P<word>if|ifdef|ifndef|elif|else|endif)\b[ \t]*(?P<rest>.*)"
)
_TOP = re.compile(r"[A-Za-z_{]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows ``first`` up to ``end`` (from 0, end excluded), and the ``#if`` around them.

    ``arms`` are the conditions, outermost first; the arm of an ``#else`` is the
    negated condition, ``!(...)``.
    """

    first: int
    end: int
    arms: tuple[str, ...]


def chunks(text: str, numbers: Sequence[int]) -> Iterator[Chunk]:
    """Yield the chunks of a C text, in order; comments belong to no chunk's edge.

    ``numbers`` are the line numbers in the file: where they jump (between hunks), a
    chunk ends.
    """
    rows = without_comments(text).split("\n")
    arms: list[tuple[str, ...]] = []
    first, depth = -1, 0
    is_open = in_macro = False
    for at, row in enumerate(rows):
        directive = _CONDITIONAL.match(row)
        jumps = 0 < at < len(numbers) and numbers[at] != numbers[at - 1] + 1
        blank = not row.strip() and not _body_follows(rows, at)
        if first >= 0 and (jumps or (not is_open and (blank or directive))):
            yield Chunk(first, at, _flat(arms))
            first, is_open, depth = -1, False, 0
        if directive and not is_open:
            _enter(arms, directive["word"], " ".join(directive["rest"].split()))
            continue
        if first < 0 and not blank:
            first = at
        in_macro = (in_macro or row.lstrip(" \t")[:1] == "#") and row[-1:] == "\\"
        if not in_macro and _opens(row):
            is_open = True
        depth += row.count("{") - row.count("}")
        if row[:1] == "}" and first >= 0 and (depth <= 0 or _is_top(rows, at + 1)):
            yield Chunk(first, at + 1, _flat(arms))
            first, is_open, depth = -1, False, 0
    if first >= 0:
        yield Chunk(first, len(rows), _flat(arms))


def _body_follows(rows: Sequence[str], at: int) -> bool:
    """Say whether the next row with text is the opening brace of what came before."""
    return _following(rows, at)[:1] == "{"


def _is_top(rows: Sequence[str], at: int) -> bool:
    """Say whether the next row with text cannot be inside a function.

    Braces that do not pair, as in two arms of an ``#if``, must not join functions.
    """
    following = _following(rows, at)
    return not following[:1].isspace() and following[:1] != "}"


def _following(rows: Sequence[str], at: int) -> str:
    return next((row for row in rows[at : at + 8] if row.strip()), "")


def _opens(row: str) -> bool:
    """Say whether a row at the first column opens a brace that it does not close."""
    return bool(_TOP.match(row)) and row.count("{") > row.count("}")


def _flat(arms: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(condition for arm in arms for condition in arm)


def _enter(arms: list[tuple[str, ...]], word: str, rest: str) -> None:
    """Follow one directive; each level holds the conditions of its arm."""
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
