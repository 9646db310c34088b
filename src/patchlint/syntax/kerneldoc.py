# SPDX-License-Identifier: GPL-2.0-or-later
"""kernel-doc comments and the prototypes behind them, read as scripts/kernel-doc does.

Format: Documentation/doc-guide/kernel-doc.rst.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from patchlint.syntax.kerneldoc_members import members

_OPENS = re.compile(r"/\*\*[ \t]*\n")
_TYPED = re.compile(r"(struct|union|enum|typedef)\b\s*(\w*)")
_NAMED = re.compile(
    r"(?:define[ ]+)?(?:\w+[ ]*\*[ ]*)?(\w+)[ ]*(?:\([\w, .*]*\))?[ ]*(?:[-:].*)?"
)
_SECTION = re.compile(r"\s*\*\s*@([.\w]+(?:\.\.\.)?|\.\.\.)\s*:(?!:)")
_INLINE = re.compile(r"/\*\*\s*(?:\n[ \t]*\*[ \t]*)?@[ \t]*(\w[\w.]*)[ \t]*:")
_DIRECTIVE = re.compile(r"^[ \t]*#(?![ \t]*define).*(?:\\\n.*)*", re.MULTILINE)
_DEFINE = re.compile(r"\s*#[ \t]*define[ \t]+(\w+)(?:\(([^()]*)\))?")
_WITH_ARGUMENTS = re.compile(
    r"\b__(?:attribute__|printf|scanf|(?:re)?alloc_size|diagnose_as|section|aligned"
    r"|acquires|releases|must_hold|cond_acquires)\s*\((?:[^()]|\([^()]*\))*\)"
)
_BEFORE = re.compile(r"(?:[\w\s*]*[\s*])?([A-Za-z_]\w*)")
_POINTER = re.compile(r"[^(]*\(\s*(?:\w+\s+)?[*^]+\s*(?:const\s+)?(\w*)")
_LAST = re.compile(r"(?:^|[\s*])(\w+)\s*((?:\[[^\]]*\]\s*)*)$")
_ATTRIBUTE = re.compile(r"\b__\w+\s*$")
_REACH = 20_000


class Doc(Struct, frozen=True):
    """What a kernel-doc comment describes.

    ``kind`` is ``function``, ``struct``, ``union``, ``enum`` or ``typedef``.
    ``described`` gives the row of each parameter or member, from 0 at the ``/**``.
    """

    kind: str
    name: str
    described: Mapping[str, int]


def document(text: str) -> Doc | None:
    """Read a comment, marks included; None if it is no kernel-doc comment."""
    if not _OPENS.match(text):
        return None
    rows = text.split("\n")
    head = re.sub(r"\s+", " ", rows[1].strip().removeprefix("*").strip())
    if head.startswith("DOC:"):
        return None
    if typed := _TYPED.match(head):
        kind, name = typed[1], typed[2]
    elif named := _NAMED.fullmatch(head):
        kind, name = "function", named[1]
    else:
        return None
    described: dict[str, int] = {}
    for number, row in enumerate(rows[2:], 2):
        hit = _SECTION.match(row)
        if hit and hit[1].lower() != "return":
            described.setdefault(hit[1], number)
    return Doc(kind, name, described) if name else None


def parameters(code: str, name: str) -> tuple[str, ...] | None:
    """Return the parameters of the function or macro that ``code`` begins with.

    ``code`` has no comments. None if that is not ``name``, or cannot be told;
    ``...`` stands for variable arguments.
    """
    code = _DIRECTIVE.sub("", code[:_REACH])
    define = _DEFINE.match(code)
    if define:
        if define[1] != name or define[2] is None:
            return None
        names = [part.strip(" \t\\\n") for part in define[2].split(",")]
        return tuple(part.removesuffix("...") or "..." for part in names if part)
    head = _WITH_ARGUMENTS.sub(" ", re.split(r"[{;]", code, maxsplit=1)[0])
    before, parenthesis, _ = head.partition("(")
    words = _BEFORE.fullmatch(before.rstrip())
    if not parenthesis or words is None or words[1] != name:
        return None
    listed = _listed(head, len(before) + 1)
    if listed is None or listed in ([""], ["void"]):
        return None if listed is None else ()
    named = [_name(part) for part in listed]
    return None if "" in named else tuple(named)


def inline(body: str) -> frozenset[str]:
    """Return the members that comments inside of a structure describe."""
    return frozenset(_INLINE.findall(body))


def fields(text: str, kind: str, name: str) -> frozenset[str] | None:
    """Return the members of the structure that ``text`` begins with, as ``a.b``.

    ``text`` has its comments, as they say what is private. None if that is not
    ``name``, or cannot be told.
    """
    found = re.match(rf"\s*(?:typedef\s+)?{kind}\s+{name}\b[^{{;]*\{{", text)
    if found is None:
        return None
    body = body_of(text, found.end())
    return None if body is None else members(body)


def body_of(text: str, begin: int) -> str | None:
    """Return what stands up to the brace that closes the one before ``begin``."""
    depth, bare = (
        1,
        re.sub(r"/\*.*?\*/", _blank, text[begin : begin + _REACH], flags=re.S),
    )
    for hit in re.finditer(r"[{}]", bare):
        depth += 1 if hit[0] == "{" else -1
        if not depth:
            return text[begin : begin + hit.start()]
    return None


def _blank(hit: re.Match[str]) -> str:
    return " " * len(hit[0])


def _listed(head: str, begin: int) -> list[str] | None:
    """Return the parameters between parentheses, the first of which is open."""
    parts, depth, last = [], 1, begin
    for at in range(begin, len(head)):
        char = head[at]
        depth += (char in "([") - (char in ")]")
        if not depth or (char == "," and depth == 1):
            parts.append(" ".join(head[last:at].split()))
            last = at + 1
        if not depth:
            return parts
    return None


def _name(parameter: str) -> str:
    """Return the name of a parameter, "" if it has none."""
    if parameter.endswith("..."):
        return "..."
    if "(" in parameter:
        pointer = _POINTER.match(parameter)
        return pointer[1] if pointer else ""
    while (hit := _ATTRIBUTE.search(parameter)) and hit.start():
        parameter = parameter[: hit.start()].rstrip()
    last = _LAST.search(parameter)
    return last[1] if last and last.start() else ""
