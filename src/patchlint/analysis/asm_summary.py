# SPDX-License-Identifier: GPL-2.0-or-later
"""What a macro can change at most, where it cannot be said what it stands for.

A loop of the assembler, a choice on a value that is not at hand, or plain size keep a
macro from being replaced. If all its text is instructions that move neither the stack
nor control, it changes at most the registers it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from patchlint.analysis.asm_macros import Macros
from patchlint.analysis.asm_table import base_of, implied
from patchlint.analysis.registers import canonical, is_jump

_STATEMENT = re.compile(r"[^;\n]+")
_LABEL = re.compile(r"\s*([\w.$@\\]+(?:\\\(\)[\w.$@\\]*)*)\s*:(?!:)")
_HEAD = re.compile(
    r"\s*(?:(rep\w*|lock|LOCK_PREFIX|notrack|data16)\s*)?([\w.\\#]+)[ \t]*(.*)",
    re.DOTALL,
)
_WORD = re.compile(r"(?<![\\%\w.])[A-Za-z_]\w*")
_ALIAS = re.compile(r"%(\w+)")
_BUILT = re.compile(r"%(?!\(?[xyz]mm|k\\)[a-z]*\\")
_VECTOR = re.compile(
    r"v\w+|p(?!ush|op)[a-z]{2,}\w*|aes\w+|sha\d\w+|mov[dahluns]\w*|(?:and|or|xor|add|sub"
    r"|mul|div|sqrt|min|max|unpck[lh]|shuf|blend|cvt\w*)[sp][sd]|gf2p8\w+|k\w+[bwdq]"
)
_STACK = re.compile(r"(?:push|pop)f?[wlq]?|callq?|CALL_NOSPEC|leaveq?|enterq?")
_HARMLESS = re.compile(
    r"#.*|\.(?:rept|endr|irpc?|if\w*|else\w*|endif|set|equ|p2align|align|balign|error"
    r"|warning|byte|long|quad|macro|endm|altmacro|noaltmacro)|ANNOTATE_\w+|LOCAL"
)
_SETS = re.compile(r"\s*[\w\\]+\s*==?(?!=)")
_DEPTH = 24
_TEXT = 60_000


class _OpenError(Exception):
    """Anything may be changed."""


@dataclass(slots=True)
class Summary:
    """Answers for the macros of one file, each worked out once."""

    macros: Macros
    known: dict[str, frozenset[str] | None] = field(default_factory=dict)
    looked: int = 0

    def changed(self, text: str) -> frozenset[str] | None:
        """Return the registers a statement may change; None if that is open."""
        try:
            return self._of(text, 0)
        except _OpenError:
            return None

    def _of(self, text: str, depth: int) -> frozenset[str]:
        self.looked += len(text)
        if depth > _DEPTH or self.looked > _TEXT or _BUILT.search(text):
            raise _OpenError
        found = {full for alias in _ALIAS.findall(text) if (full := canonical(alias))}
        labels = set(_LABEL.findall(text))
        for statement in _statements(text):
            found |= self._implied(statement, labels)
        pasted = self.macros.entries if "##" in text else ()
        for word in dict.fromkeys((*_WORD.findall(text), *pasted)):
            if word in self.macros.entries:
                found |= self._name(word, depth)
        if "rsp" in found:
            raise _OpenError
        return frozenset(found)

    def _name(self, word: str, depth: int) -> frozenset[str]:
        """Return what any definition of a name may change."""
        if word not in self.known:
            self.known[word] = frozenset()  # it may come back to itself
            try:
                texts = self.macros.texts(word)
                self.known[word] = frozenset(
                    register for text in texts for register in self._of(text, depth + 1)
                )
            except _OpenError:
                self.known[word] = None
        found = self.known[word]
        if found is None:
            raise _OpenError
        return found

    def _implied(self, statement: re.Match[str], labels: set[str]) -> frozenset[str]:
        """Return what an instruction changes unnamed; it must be one, and stay here."""
        prefix, name, rest = statement[1], statement[2], statement[3]
        if _STACK.fullmatch(name):
            raise _OpenError
        if is_jump(name):
            target = rest.strip()
            if target.rstrip("bf") not in labels and target not in labels:
                raise _OpenError
            return frozenset()
        if _HARMLESS.fullmatch(name) or name in self.macros.entries:
            return frozenset()
        operand_alone = statement[0].strip().startswith("%") or not name[0].isalpha()
        if operand_alone or _SETS.match(statement[0]):
            return frozenset()
        lower = name.lower()
        if base_of(lower) is None and not _VECTOR.fullmatch(lower):
            raise _OpenError
        return implied(lower, repeated=prefix is not None and prefix[:3] == "rep")


def _statements(text: str) -> Iterator[re.Match[str]]:
    for part in _STATEMENT.findall(text):
        while label := _LABEL.match(part):
            part = part[label.end() :]
        if found := _HEAD.fullmatch(part):
            yield found
