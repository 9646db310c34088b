# SPDX-License-Identifier: GPL-2.0-or-later
"""What a hunk shows of a C function, closed so that it can be parsed.

What stands around a hunk is the same before and after it, so it need not be known to
compare the two: a block that began above is entered under a name that both share, one
that ends below is closed, and what is cut in two (a comment, an expression, an
``#if``) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from patchlint.lint.context import Source
from patchlint.model.change import Hunk, Kind
from patchlint.model.image import Image
from patchlint.model.location import Side
from patchlint.syntax.comments import without_comments

ABOVE = "__above"
_HEADING = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
_NO_FUNCTION = re.compile(r"struct\s+\w+\s*\{|enum\b|union\b|.*=\s*\{|#|[A-Z_]+\(")
_IF = re.compile(r"[ \t]*#[ \t]*(if|el|endif)")
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'|[(){}]')


class Shown(Struct, frozen=True, eq=False):
    """One side of a hunk as a function of its own; ``function`` is its real name."""

    function: str
    source: Source


def shown(source: Source, hunk: Hunk) -> Shown | None:
    """Return the function a hunk begins in, as far as it shows it; None if in none."""
    heading = hunk.heading.strip()
    name = _HEADING.search(heading)
    side = Kind.ADDED if source.side is Side.OLD else Kind.REMOVED
    kept = [line for line in hunk.lines if line.kind is not side]
    rows = _inside([line.text for line in kept])
    if name is None or not rows or _NO_FUNCTION.match(heading):
        return None
    numbers = [
        (line.old if source.side is Side.OLD else line.new) or 1
        for line in kept[: len(rows)]
    ]
    text = _closed(rows)
    lines = (numbers[0] - 1, *numbers, numbers[-1] + 1)
    image = Image(source.path, text, lines, whole=False, proven=False)
    return Shown(name[1], Source(image, source.side, source.changed, source.facts))


def _inside(rows: Sequence[str]) -> Sequence[str]:
    """Return the rows up to the end of the function they begin in; none if in none."""
    for at, row in enumerate(rows):
        if row.startswith("}"):
            return rows[:at] if row.rstrip() == "}" else ()
        if row.startswith("{") or re.match(r"[A-Za-z_].*[({;,]\s*$", row):
            return ()
    return rows


def _closed(rows: Sequence[str]) -> str:
    """Return a function of the rows; it has a row more before and after them."""
    text = _without_halves(_without_arms(_without_cut_comments("\n".join(rows))))
    above, below = _braces(text)
    entered = "".join(f"if ({ABOVE}{n}) {{ " for n in range(above, 0, -1))
    return f"void shown(void) {{ {entered}\n{text}\n{'}' * (below + 1)}\n"


def _without_cut_comments(text: str) -> str:
    """Blank comments, also one that begins above."""
    first = text.find("*/")
    if first >= 0 and "/*" not in text[:first]:
        text = _blank(text[: first + 2]) + text[first + 2 :]
    return without_comments(text)


def _without_arms(text: str) -> str:
    """Blank the lines of an ``#if`` that is not shown whole."""
    rows = text.split("\n")
    stack: list[list[int]] = []
    lone: list[int] = []
    for at, row in enumerate(rows):
        found = _IF.match(row)
        if found is None:
            continue
        if found[1] == "if":
            stack.append([at])
        elif not stack:
            lone.append(at)
        elif found[1] == "el":
            stack[-1].append(at)
        else:
            stack.pop()
    for at in (*lone, *(at for arms in stack for at in arms)):
        rows[at] = ""
    return "\n".join(rows)


def _without_halves(text: str) -> str:
    """Blank the rows of an expression that begins above, or ends below."""
    depth, opened, begins = 0, 0, 0
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign == "(":
            opened = found.start() if depth == 0 else opened
            depth += 1
        elif sign == ")" and depth == 0:
            end = text.find("\n", found.start())
            begins = len(text) if end < 0 else end
        elif sign == ")":
            depth -= 1
    ends = text.rfind("\n", 0, opened) + 1 if depth else len(text)
    return _blank(text[:begins]) + text[begins:ends] + _blank(text[max(begins, ends) :])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _braces(text: str) -> tuple[int, int]:
    """Return how many blocks began above, and how many end below."""
    above = depth = 0
    for found in _TOKEN.finditer(text):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            above, depth = (above, depth - 1) if depth else (above + 1, 0)
    return above, depth
