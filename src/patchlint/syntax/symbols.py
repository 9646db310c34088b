# SPDX-License-Identifier: GPL-2.0-or-later
"""The symbols of a C file by its text alone: fast enough for a whole tree.

A grammar would know more and take many times as long; what an index needs stands at
the top level, in kernel style, or looks like a call. Rules that compare what they find
in an index parse the few texts they compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.model.symbol import FileFacts, Symbol, SymbolKind, Use
from patchlint.syntax.chunks import chunks
from patchlint.syntax.comments import without_comments
from patchlint.syntax.uses import KEYWORDS, handed_on, uses

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.){1,8}\'')
_DEFINE = re.compile(r"[ \t]*#[ \t]*define[ \t]+(\w+)")
_EDGE = re.compile(r"[(){};]")
_GOES_ON = re.compile(r"\s*(?:[;,=]|__\w+|\*?[a-z]\w*(?:\[[^\]]*\])*\s*[;,=])")
_ATTRIBUTE = re.compile(
    r"__(?:section|aligned|printf|scanf|acquires|releases|must_hold|alias|attribute|attribute__"
    r"|cond_acquires|assume_aligned|alloc_size|realloc_size|cleanup|free|no_sanitize"
    r"|counted_by\w*|compiletime_\w+|diagnose_as)"
    r"\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
)
_CALLEE = re.compile(r"([A-Za-z_]\w*)\s*\(")
_FIRST = re.compile(r"\s*(\w+)")
_BEHIND = re.compile(
    r"\s+(?:__(?:init|exit|meminit|ref|ro_after|read|cacheline|page_aligned|bss|used"
    r"|weak|visible|maybe|percpu|rcu|iomem|user|packed|latent|nosave|data|private"
    r"|aligned|randomize|kprobes|cpuidle|always)\w*|____cacheline\w*|asm)\b"
)
_NAME = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*\Z")
_POINTER = re.compile(
    r"\(\s*\*+\s*(?:const\s+|__\w+\s+)*(\w+)\s*(?:\[[^\]]*\]\s*)?\)\s*\("
)
_TAG = re.compile(r"(?:typedef\s+)?(?:struct|union|enum)\s+(?:__\w+\s+)*(\w+)\s*\Z")
_PERCPU = re.compile(r"(?:static\s+)?(DEFINE|DECLARE)_PER_CPU\w*\s*\(")
_EXPORT = re.compile(r"EXPORT_\w*SYMBOL\w*\s*\(\s*(\w+)")
_MACRO = re.compile(r"[A-Z][A-Z0-9_]+")
_DEFINER = re.compile(r"\w*(?:DEFINE|DECLARE)_\w+|H?L?LIST_HEAD")
_TEXT = 400
_HEAD = 4000


class _Statement(Struct, frozen=True):
    """A statement at the top level: its text up to a body or an initialiser, and that.

    ``line`` is the first of the head, ``body_line`` that of the body.
    """

    line: int
    head: str
    body: str
    body_line: int


class _Found(Struct):
    """What was found so far; a use counts at its first place."""

    symbols: list[Symbol]
    uses: dict[tuple[str, str, str], Use]

    def add(self, found: Iterator[Use]) -> None:
        for use in found:
            self.uses.setdefault((use.name, use.holder, use.role), use)


def symbols(text: str) -> FileFacts:
    """Return what a C text names and uses; wrong code gives less, never an error."""
    clean = _STRING.sub(_blank, without_comments(text))
    rows = clean.split("\n")
    found = _Found([], {})
    for chunk in chunks(clean, range(1, len(rows) + 1)):
        lines = rows[chunk.first : chunk.end]
        lines = _take_macros(lines, chunk.first + 1, chunk.arms, found)
        for statement in _statements("\n".join(lines), chunk.first + 1):
            _take(statement, chunk.arms, found)
    return FileFacts(tuple(found.symbols), tuple(found.uses.values()))


def _blank(found: re.Match[str]) -> str:
    return '"' + " " * (len(found[0]) - 2) + '"'


def _take_macros(
    rows: list[str], first: int, arms: tuple[str, ...], found: _Found
) -> list[str]:
    """Collect the macros of a chunk; return its rows with all directives blanked."""
    kept: list[str] = []
    at = 0
    while at < len(rows):
        begin = at
        if rows[at].lstrip(" \t")[:1] != "#":
            kept.append(rows[at])
            at += 1
            continue
        while rows[at][-1:] == "\\" and at + 1 < len(rows):
            at += 1
        at += 1
        kept += [""] * (at - begin)
        text = " ".join(rows[begin:at])
        if named := _DEFINE.match(text):
            head = " ".join(text[:_HEAD].replace("\\", " ").split())[:_TEXT]
            line = first + begin
            found.symbols.append(Symbol(named[1], SymbolKind.MACRO, line, head, arms))
            found.add(uses("", text[named.end() :], named[1], line))
    return kept


def _statements(text: str, line: int) -> Iterator[_Statement]:
    """Yield the statements at the top level; what does not end, ends with the text."""
    start = depth = 0
    brace = -1
    for edge in _EDGE.finditer(text):
        mark = edge[0]
        if mark == "{" and depth == 0 and brace < 0:
            brace = edge.start()
        depth = depth + 1 if mark in "({" else max(0, depth - (mark in ")}"))
        if mark == "}" and text[edge.start() - 1] == "\n":
            depth = 0
        if depth or mark not in ";}" or (mark == "}" and _goes_on(text, edge.end())):
            continue
        yield _statement(text, start, brace, edge.end(), line)
        line += text.count("\n", start, edge.end())
        start, brace = edge.end(), -1
    if text[start:].strip():
        yield _statement(text, start, brace, len(text), line)


def _goes_on(text: str, after: int) -> bool:
    """Say whether a declaration goes on behind its closing brace."""
    return _GOES_ON.match(text, after, after + 200) is not None


def _statement(text: str, start: int, brace: int, end: int, line: int) -> _Statement:
    """Cut a statement in head and body; ``line`` is that of ``start``."""
    begin = start
    while begin < end and text[begin].isspace():
        begin += 1
    cut = brace if brace >= 0 else end
    equals = text.find("=", begin, cut)
    if equals >= 0 and text.count("(", begin, equals) == text.count(")", begin, equals):
        cut = equals
    return _Statement(
        line=line + text.count("\n", start, begin),
        head=text[begin:cut].rstrip("; \t\n"),
        body=text[cut:end],
        body_line=line + text.count("\n", start, cut),
    )


def _take(statement: _Statement, arms: tuple[str, ...], found: _Found) -> None:
    head, body = " ".join(statement.head.split()), statement.body
    if not head or head[0] in "{})" or len(head) > _HEAD:
        return
    if exported := _EXPORT.match(head):
        name, kind = exported[1], SymbolKind.EXPORT
    else:
        kind, name = _kind(_ATTRIBUTE.sub("", head).strip(), body)
    if name and name not in KEYWORDS:
        found.symbols.append(Symbol(name, kind, statement.line, head[:_TEXT], arms))
    if body.strip("; \t\n"):
        found.add(uses(head, body, name, statement.body_line))
    elif not name and (macro := _CALLEE.match(head)):
        found.add(handed_on(macro[1], head[macro.end() :], statement.line))


def _kind(head: str, body: str) -> tuple[SymbolKind, str]:
    """Classify a statement by its head without attributes; "" names nothing."""
    if per_cpu := _PERCPU.match(head):
        arguments = head[per_cpu.end() :].rstrip(") ").rsplit(",", 1)
        defined = per_cpu[1] == "DEFINE"
        kind = SymbolKind.PERCPU if defined else SymbolKind.PERCPU_EXTERN
        return kind, arguments[-1].strip() if len(arguments) == 2 else ""
    if head.startswith("typedef"):
        return SymbolKind.TYPE, _declared(head)
    if tag := _TAG.match(head):
        return SymbolKind.TYPE, tag[1] if body[:1] == "{" else ""
    callee = _CALLEE.search(head)
    if callee is None or _POINTER.search(head):
        is_extern = head.startswith("extern ") and body[:1] != "="
        kind = SymbolKind.EXTERN if is_extern else SymbolKind.VARIABLE
        return kind, _declared(head) if " " in head else ""
    return _called(head, callee, has_body=body[:1] == "{")


def _called(
    head: str, callee: re.Match[str], *, has_body: bool
) -> tuple[SymbolKind, str]:
    """``f(...) {`` defines f, and so do ``SYSCALL_DEFINE3(f) {``, ``DEFINE_IDA(f)``."""
    if callee.start() and not _MACRO.fullmatch(callee[1]):
        kind = SymbolKind.FUNCTION if has_body else SymbolKind.PROTOTYPE
        return kind, callee[1]
    first = _FIRST.match(head, callee.end())
    names = first is not None and (has_body or _DEFINER.fullmatch(callee[1]))
    kind = SymbolKind.FUNCTION if has_body else SymbolKind.VARIABLE
    return kind, first[1] if first is not None and names else ""


def _declared(head: str) -> str:
    """Return the name a declarator without parameters, or a typedef, ends with."""
    if pointer := _POINTER.search(head):
        return pointer[1]
    before = head.partition("(")[0] if head.startswith("typedef") else head
    named = _NAME.search(_BEHIND.sub("", before.partition(",")[0]).strip())
    return named[1] if named else ""
