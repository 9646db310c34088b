# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters of a plain function, defined or declared, read without a parse.

Most are plain: every parameter is words and stars, its name the last
word. For the rest there is the tree.
"""

from __future__ import annotations

import re
from functools import lru_cache

from patchlint.model.location import Span
from patchlint.syntax.c import FUNCTION, Item

Plain = tuple[str, str, Span]

_HEAD = re.compile(r"[\w\s*]*?\b(\w+)\s*\(([\w\s*,]*)\)\s*[{;]", re.ASCII)
_ENDS = {FUNCTION: "{", "declaration": ";"}
_PARAMETER = re.compile(
    r"\s*(?P<whole>(?P<type>(?:const\s+)?(?:(?:struct|union|enum)\s+)?[A-Za-z]\w*"
    r"(?:\s+[A-Za-z]\w*)*(?:\s+|\s*\*[\s*]*))(?P<name>[A-Za-z_]\w*))\s*",
    re.ASCII,
)
_NO_NAMES = frozenset(
    (
        "int", "char", "long", "short", "unsigned", "signed", "void", "bool", "float",
        "double", "const", "volatile", "restrict", "struct", "union", "enum",
    )
)  # fmt: skip
_TAGGED = re.compile(r"\s*(?:const\s+)?(?:struct|union|enum)\s+\Z")
_KEPT = 4096
_LONGEST = 2000


def plain_parameters(item: Item) -> tuple[Span, tuple[Plain, ...]] | None:
    """Return the place of the declarator, and (name, type, place) of each parameter.

    None where that takes a parse.
    """
    end = _ENDS.get(item.kind, "")
    head = item.text[: item.text.find(end, 0, _LONGEST) + 1] if end else ""
    if not head:
        return None
    return _read(head, item.name, item.span.line, item.span.column)


@lru_cache(maxsize=_KEPT)
def _read(
    head: str, name: str, line: int, column: int
) -> tuple[Span, tuple[Plain, ...]] | None:
    found = _HEAD.fullmatch(head)
    if not found or found[1] != name:
        return None
    where = _span(head, found.start(1), found.end(2) + 1, line, column)
    if found[2].strip() in ("", "void"):
        return where, ()
    at, parameters = found.start(2), []
    for part in found[2].split(","):
        parameter = _PARAMETER.fullmatch(part)
        if not parameter or not _is_plain(parameter):
            return None
        start, end = (at + offset for offset in parameter.span("whole"))
        kind = " ".join(parameter["type"].split())
        parameters.append(
            (parameter["name"], kind, _span(head, start, end, line, column))
        )
        at += len(part) + 1
    return where, tuple(parameters)


def _is_plain(parameter: re.Match[str]) -> bool:
    """Say whether the last word is a name, and none before is an attribute."""
    words = parameter["type"].replace("*", " ").split()
    is_type = parameter["name"] in _NO_NAMES or _TAGGED.match(parameter["type"])
    words.append(parameter["name"])
    return not is_type and not any(word.startswith("__") for word in words)


def _span(text: str, start: int, end: int, line: int, column: int) -> Span:
    return Span(*_place(text, start, line, column), *_place(text, end, line, column))


def _place(text: str, at: int, line: int, column: int) -> tuple[int, int]:
    row = text.count("\n", 0, at)
    begin = text.rfind("\n", 0, at) + 1
    return line + row, at - begin + (1 if row else column)
