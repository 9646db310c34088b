# SPDX-License-Identifier: GPL-2.0-or-later
"""Changes that change nothing: no rule may say a word about them."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

from patchlint.syntax.node import Node
from tests.mutants.c_places import Function, function, places
from tests.mutants.model import Code, changed

_LABEL = re.compile(r"^(\.L\w+):", re.MULTILINE)


def twin(code: Code, rng: Random) -> tuple[str, str] | None:
    """Return (what was done, the file's new text), or None where nothing can be."""
    ways = _ASM if code.path.endswith(".S") else _C
    for way in rng.sample(ways, len(ways)):
        text = way(code, rng)
        if text is not None and text != code.text:
            return way.__name__, text
    return None


def _with(code: Code, own: str) -> str:
    return changed(code.text, code.start, code.end, own)


def _made(code: Code) -> Function | None:
    made = function(code.own)
    return None if made is None or "#" in made.text else made


def blank_line(code: Code, rng: Random) -> str | None:
    """Put an empty line between two statements."""
    made = _made(code)
    where = list(places(made)) if made else []
    return _with(code, _at(code.own, rng.choice(where).at, "\n")) if where else None


def comment(code: Code, rng: Random) -> str | None:
    """Say something."""
    made = _made(code)
    where = list(places(made)) if made else []
    if not where:
        return None
    place = rng.choice(where)
    return _with(
        code, _at(code.own, place.at, f"{place.indent}/* This comes next. */\n")
    )


def renamed_local(code: Code, rng: Random) -> str | None:
    """Give a local another name, in the code and in the comments."""
    made = _made(code)
    if made is None:
        return None
    names = [
        found.text
        for node in made.all("declaration")
        for found in (node.child("declarator"),)
        if found is not None and found.kind == "identifier" and len(found.text) > 2
    ]
    fit = [
        n for n in names
        if not re.search(rf"(?:->|\.)\s*{n}\b|{n}\s*:|\"[^\"]*\b{n}\b", code.own)
        and _count(n, code.own) == _count(n, code.text)
    ]  # fmt: skip
    if not fit:
        return None
    name = rng.choice(fit)
    return _with(code, re.sub(rf"\b{name}\b", f"{name}_now", code.own))


def _count(name: str, text: str) -> int:
    return len(re.findall(rf"\b{name}\b", text))


def braces(code: Code, rng: Random) -> str | None:
    """Put braces around the one statement of an if."""
    made = _made(code)
    if made is None:
        return None
    fit = [
        (node, then)
        for node in made.all("if_statement")
        for then in (node.child("consequence"),)
        if then is not None
        and then.kind == "expression_statement"
        and node.child("alternative") is None
        and then.span.line == node.span.line + 1
    ]
    if not fit:
        return None
    node, then = rng.choice(fit)
    indent = re.match(r"\s*", made.text[made.starts[node.span.line - 1] :])
    assert indent is not None
    own = _at(made.text, made.end(then), f"\n{indent[0]}}}")
    return _with(code, _at(own, made.starts[then.span.line - 1] - 1, " {"))


def negated(code: Code, rng: Random) -> str | None:
    """Ask the opposite, and swap the two arms."""
    made = _made(code)
    if made is None:
        return None
    fit: list[tuple[Node, Node, Node]] = []
    for node in made.all("if_statement"):
        parts = (
            node.child("condition"),
            node.child("consequence"),
            node.child("alternative"),
        )
        condition, then, other = parts
        if condition is None or then is None or other is None:
            continue
        arm = other.children[0] if other.children else other
        if then.kind == "compound_statement" == arm.kind:
            fit.append((condition, then, arm))
    if not fit:
        return None
    condition, then, arm = rng.choice(fit)
    own = changed(made.text, made.begin(arm), made.end(arm), then.text)
    own = changed(own, made.begin(then), made.end(then), arm.text)
    own = changed(
        own, made.begin(condition), made.end(condition), f"(!{condition.text})"
    )
    return _with(code, own)


def reordered(code: Code, rng: Random) -> str | None:
    """Swap two declarations of plain locals."""
    made = _made(code)
    if made is None:
        return None
    plain = re.compile(r"[\w ]+[ *]\w+(?:, \*?\w+)*;")
    fit = []
    for block in made.all("compound_statement"):
        declared = [n for n in block.children if n.kind == "declaration"]
        fit += [
            (one, two)
            for one, two in pairwise(declared)
            if plain.fullmatch(one.text) and plain.fullmatch(two.text)
        ]
    if not fit:
        return None
    one, two = rng.choice(fit)
    own = changed(made.text, made.begin(two), made.end(two), one.text)
    return _with(code, changed(own, made.begin(one), made.end(one), two.text))


def asm_blank_line(code: Code, rng: Random) -> str | None:
    """Put an empty line before an instruction."""
    return _before_instruction(code, rng, "\n")


def asm_comment(code: Code, rng: Random) -> str | None:
    """Say something before an instruction."""
    return _before_instruction(code, rng, "\t/* This comes next. */\n")


def asm_label(code: Code, rng: Random) -> str | None:
    """Rename a label and all its uses."""
    names = sorted(set(_LABEL.findall(code.own)))
    if not names or "##" in code.text:
        return None
    name = rng.choice(names)
    return re.sub(rf"{re.escape(name)}(?!\w)", f"{name}_now", code.text)


def asm_blanks(code: Code, rng: Random) -> str | None:
    """Write the operands of an instruction further apart."""
    found = list(
        re.finditer(
            r"^\t\w+\s+[^\n,/\"(]+(,)%", code.own.replace(", ", ","), re.MULTILINE
        )
    )
    del rng
    return _with(code, re.sub(r",\s*%", ",  %", code.own)) if found else None


def _before_instruction(code: Code, rng: Random, new: str) -> str | None:
    lines = re.finditer(r"(?<=[^\\]\n)\t[a-z]\w+\b.*$", code.own, re.MULTILINE)
    where = [found.start() for found in lines]
    if not where or re.search(r"^#|\\$", code.own, re.MULTILINE):
        return None
    return _with(code, _at(code.own, rng.choice(where), new))


def _at(text: str, at: int, new: str) -> str:
    return changed(text, at, at, new)


_C = (blank_line, comment, renamed_local, braces, negated, reordered)
_ASM = (asm_blank_line, asm_comment, asm_label, asm_blanks)
