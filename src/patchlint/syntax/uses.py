# SPDX-License-Identifier: GPL-2.0-or-later
"""Whom a piece of C calls, and which names it hands on, by its text alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from patchlint.model.symbol import Use

KEYWORDS = frozenset(
    (
        "if", "while", "for", "switch", "return", "sizeof", "typeof", "__typeof__",
        "defined", "do", "else", "case", "asm", "__asm__", "volatile", "alignof",
        "__alignof__", "_Alignof", "offsetof", "void", "int", "char", "unsigned",
        "long", "short", "signed", "struct", "union", "enum", "const", "static",
        "inline", "__attribute__", "__attribute",
    )
)  # fmt: skip
_TOKEN = re.compile(r"(?:->|\.)?(?<!\w)[A-Za-z_]\w*|[(){};=,&]")
_MEMBER = (".", "->")
_WORD = re.compile(r"[A-Za-z_]\w*")
_MARKS = frozenset("(){};=,&")
_CONSTANT = re.compile(r"[A-Z]")
_PER_CPU_ACCESS = re.compile(r"\w*(?:this_cpu_|raw_cpu_|per_cpu)\w*|get_cpu_\w+")

# (name, role, offset in the text)
_Found = tuple[str, str, int]


def uses(head: str, body: str, holder: str, line: int) -> Iterator[Use]:
    """Yield the uses of a body or an initialiser (``= ...``) behind its ``head``.

    A name alone as an argument counts if it stands nowhere else in both: then it is
    no local. The name of a per-CPU variable always counts. ``line`` is where the
    body begins. Names in capitals are macros or constants, and left out.
    """
    is_initialiser = body[:1] == "="
    if not is_initialiser and "(" not in body:
        return
    tokens = list(_TOKEN.finditer(body))
    if is_initialiser:
        found = _initialised(tokens)
    else:
        counts = Counter(_WORD.findall(head))
        counts.update(token[0] for token in tokens)
        found = _called(tokens, counts)
    passed = 0
    for name, role, offset in found:
        line += body.count("\n", passed, offset)
        passed = offset
        if name not in KEYWORDS and role not in KEYWORDS and not _CONSTANT.match(name):
            yield Use(name, holder, role, line)


def handed_on(macro: str, arguments: str, line: int) -> Iterator[Use]:
    """Yield the names that a macro at the top level gets: ``initcall(start_it)``."""
    for found in _WORD.finditer(arguments):
        if found[0] not in KEYWORDS and not _CONSTANT.match(found[0]):
            yield Use(found[0], macro, macro, line)


def _called(
    tokens: Sequence[re.Match[str]], counts: Mapping[str, int]
) -> Iterator[_Found]:
    callees: list[str] = []
    for before, token, after in _neighbours(tokens):
        word = token[0]
        if word == "(":
            callees.append(before)
        elif word == ")":
            del callees[-1:]
        elif word in _MARKS or word.startswith(_MEMBER):
            continue
        elif after == "(":
            yield word, "", token.start()
        elif callees and callees[-1] and after in ",)" and before in "(,&":
            role = callees[-1]
            if counts[word] == 1 or _PER_CPU_ACCESS.fullmatch(role):
                yield word, role, token.start()


def _initialised(tokens: Sequence[re.Match[str]]) -> Iterator[_Found]:
    field = ""
    for before, token, after in _neighbours(tokens):
        word = token[0]
        if word == ",":
            field = ""
        elif word in _MARKS:
            continue
        elif after == "=":
            field = word.lstrip(".")
        elif before in "=&{,(" and after in ",};)" and not word.startswith(_MEMBER):
            yield word, f".{field}", token.start()


def _neighbours(
    tokens: Sequence[re.Match[str]],
) -> Iterator[tuple[str, re.Match[str], str]]:
    """Yield (word before, token, word after); ";" beyond the ends."""
    before = ";"
    for token, following in pairwise((*tokens, None)):
        if token is not None:
            yield before, token, ";" if following is None else following[0]
            before = token[0]
