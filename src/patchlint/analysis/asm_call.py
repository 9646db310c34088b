# SPDX-License-Identifier: GPL-2.0-or-later
"""The call of a macro: its arguments, and its text with them put in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from patchlint.analysis.asm_choice import StuckError
from patchlint.analysis.asm_macros import Macro, Parameter
from patchlint.syntax.node import Node

TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|(?<![\w.\\])[A-Za-z_]\w*')
_ARGUMENT = re.compile(r"\\(@|[A-Za-z_]\w*)")
_BETWEEN = re.compile(r"(?<=[\w)$%])[ \t]+(?=[\w%$(\\])")


def put_in(text: str, given: Mapping[str, str]) -> str:
    """Replace ``\\name`` by its argument; ``\\()`` goes when no name is left."""
    made = _ARGUMENT.sub(lambda found: given.get(found[1], found[0]), text)
    return made if _ARGUMENT.search(made) else made.replace("\\()", "")


def bound(parameters: Sequence[Parameter], call: Node) -> dict[str, str]:
    """Return the argument of each parameter of a .macro."""
    words = _words(call)
    given = {p.name: p.default for p in parameters}
    place = 0
    for at, word in enumerate(words):
        name, sign, value = word.partition("=")
        if sign and name.strip() in given:
            given[name.strip()] = value.strip()
        elif place >= len(parameters):
            raise StuckError
        elif parameters[place].rest:
            given[parameters[place].name] = ", ".join(words[at:])
            break
        else:
            if word:
                given[parameters[place].name] = word.removeprefix('"').removesuffix('"')
            place += 1
    if any(value is None for value in given.values()):
        raise StuckError
    return {name: value or "" for name, value in given.items()}


def _words(call: Node) -> list[str]:
    """Split at commas and, as the assembler does, at blanks between words."""
    operands = [node.text.strip() for node in call.children if node.field == "operand"]
    return [part for text in operands for part in _BETWEEN.split(text)]


def called(macro: Macro, text: str, name: re.Match[str]) -> tuple[str | None, int]:
    """Return what stands for a #define and its arguments, and where these end."""
    body = macro.body or ""
    if macro.parameters is None:
        return body, name.end()
    if text[name.end() : name.end() + 1] != "(":
        return None, name.end()
    words, end = _in_parentheses(text, name.end())
    count = len(macro.parameters)
    if count and macro.parameters[-1].rest:
        words[count - 1 :] = [", ".join(words[count - 1 :])]
    if "#" in body.replace("##", "") or len(words) != max(1, count):
        raise StuckError
    given = dict(zip((p.name for p in macro.parameters), words, strict=False))
    put = TOKEN.sub(lambda found: given.get(found[0], found[0]), body)
    return re.sub(r"\s*##\s*", "", put), end


def _in_parentheses(text: str, start: int) -> tuple[list[str], int]:
    words, depth, begin = [], 0, start + 1
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if (text[at] == "," and depth == 1) or depth == 0:
            words.append(text[begin:at].strip())
            begin = at + 1
        if depth == 0:
            return words, at + 1
    raise StuckError
