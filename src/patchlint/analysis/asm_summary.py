# SPDX-License-Identifier: GPL-2.0-or-later
"""What a macro can change at most, where it cannot be said what it stands for.

A loop of the assembler, a choice on a value that is not at hand, or plain size keep a
macro from being replaced. If all its text is instructions that move neither the stack
nor control, it changes at most the registers it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from patchlint.analysis.asm_macros import Macros
from patchlint.analysis.asm_table import base_of, implied
from patchlint.analysis.registers import CALLER_SAVED, canonical, is_jump

_STATEMENT = re.compile(r"(?:[^;\n()]|\((?:[^()]|\([^()]*\))*\)|[()])++")
_LABEL = re.compile(r"\s*([\w.$@\\]+(?:\\\(\)[\w.$@\\]*)*)\s*:(?!:)")
_LABELS = re.compile(r"^[ \t]*([\w.$@\\]+)[ \t]*:(?!:)", re.MULTILINE)
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
_CALLS = ("call", "callq")
_STACK = re.compile(r"(?:push|pop)f?[wlq]?|ret[wlq]?|RET|leaveq?|enterq?")
_HEADS = re.compile(r"^[ \t]*(?:rep\w*[ \t]+)?\w+|;[ \t]*\w+", re.MULTILINE)
_HARMLESS = re.compile(
    r"#.*|\.(?:rept|endr|irpc?|if\w*|else\w*|endif|set|equ|p2align|align|balign|error"
    r"|warning|byte|long|quad|macro|endm|altmacro|noaltmacro)|ANNOTATE_\w+|LOCAL"
)
_CODE = re.compile(r"\s*[A-Za-z]\w*(?!\w|\s*=)")
_TO_STACK = re.compile(r"%[re]?spl?$")
_PASTED = re.compile(r"(?<![\w#])\w+(?:##\w+)+")
_TEXT = 200_000


class _OpenError(Exception):
    """Anything may be changed."""


class _Said(Struct, frozen=True):
    """What one text names: registers, and other names of the file."""

    registers: frozenset[str]
    names: frozenset[str]


class Summary(Struct):
    """Answers for the macros of one file, each text looked at once."""

    macros: Macros
    known: dict[str, tuple[_Said, ...] | None] = field(default_factory=dict)
    answers: dict[str, frozenset[str] | None] = field(default_factory=dict)
    looked: int = 0

    def changed(self, text: str) -> frozenset[str] | None:
        """Return the registers a statement may change; None if that is open."""
        try:
            return self._all((self._said(text, frozenset()),))
        except _OpenError:
            return None

    def registers(self, name: str) -> frozenset[str] | None:
        """Return the registers a name may stand for or change; None if that is open."""
        if name not in self.answers:
            try:
                self.answers[name] = self._all(self._name(name))
            except _OpenError:
                self.answers[name] = None
        return self.answers[name]

    def _all(self, texts: tuple[_Said, ...]) -> frozenset[str]:
        """Follow the names in some texts as far as they go."""
        waiting, seen = list(texts), set[str]()
        found: set[str] = set()
        while waiting:
            said = waiting.pop()
            found |= said.registers
            for name in sorted(said.names - seen):
                seen.add(name)
                waiting += self._name(name)
        return frozenset(found - {"rsp"})

    def _name(self, name: str) -> tuple[_Said, ...]:
        if name not in self.known:
            try:
                texts = self.macros.texts(name)
                self.known[name] = tuple(self._said(text, own) for text, own in texts)
            except _OpenError:
                self.known[name] = None
        known = self.known[name]
        if known is None:
            raise _OpenError
        return known

    def _said(self, text: str, own: frozenset[str]) -> _Said:
        """Read one text; ``own`` are the parameters of the macro whose text it is."""
        text = re.sub(r"\s*##\s*", "##", text)
        self.looked += len(text)
        if self.looked > _TEXT or _BUILT.search(text):
            raise _OpenError
        rest = text if _WORD.fullmatch(text.strip()) else _HEADS.sub("", text)
        if any(_STACK.fullmatch(word) for word in _WORD.findall(rest)):
            raise _OpenError  # a macro may be given it as its instruction
        found = {full for alias in _ALIAS.findall(text) if (full := canonical(alias))}
        known = {*_LABELS.findall(text), *own}
        for statement in () if _WORD.fullmatch(text.strip()) else _statements(text):
            found |= self._implied(statement, known)
        words = (*_WORD.findall(text), *self._pasted(text))
        return _Said(frozenset(found), frozenset(words) & self.macros.entries.keys())

    def _pasted(self, text: str) -> Iterator[str]:
        """Yield the names that ``F ## i`` and the like may make."""
        for found in _PASTED.findall(text):
            if self.looked > _TEXT:
                raise _OpenError
            self.looked += len(self.macros.entries)
            longest = max(found.split("##"), key=len)
            yield from (name for name in self.macros.entries if longest in name)

    def _implied(self, statement: re.Match[str], known: set[str]) -> frozenset[str]:
        """Return what an instruction changes unnamed; it must be one, and stay here.

        ``known`` are labels and parameters: what these stand for, is in the call.
        """
        prefix, name, rest = statement[1], statement[2], statement[3]
        if _STACK.fullmatch(name) or _TO_STACK.search(rest.rstrip()):
            raise _OpenError
        if is_jump(name):
            target = rest.strip()
            if target.rstrip("bf") not in known and target not in known:
                raise _OpenError
            return frozenset()
        if name in _CALLS:
            return CALLER_SAVED
        if self._is_elsewhere(name, known) or not _CODE.match(statement[0]):
            return frozenset()
        lower = name.lower()
        if base_of(lower) is None and not _VECTOR.fullmatch(lower):
            raise _OpenError
        return implied(lower, repeated=prefix is not None and prefix[:3] == "rep")

    def _is_elsewhere(self, name: str, known: set[str]) -> bool:
        """What a name or a parameter stands for is looked at where it is said."""
        if _HARMLESS.fullmatch(name) or name in self.macros.entries:
            return True
        return name in known or "##" in name or "\\" in name


def _statements(text: str) -> Iterator[re.Match[str]]:
    for part in _STATEMENT.findall(text):
        while label := _LABEL.match(part):
            part = part[label.end() :]
        if found := _HEAD.fullmatch(part):
            yield found
