# SPDX-License-Identifier: GPL-2.0-or-later
"""The members of a structure, nested ones as ``a.b``: as scripts/kernel-doc sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PRIVATE = re.compile(r"/\*\s*private:.*?(?:/\*\s*public:.*?\*/|\Z)", re.S | re.I)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#.*(?:\\\n.*)*", re.MULTILINE)
_ATTRIBUTES = re.compile(
    r"\b(?:__attribute__|__aligned|__counted_by(?:_[lb]e)?|__guarded_by)\s*"
    r"\((?:[^();]|\((?:[^();]|\([^();]*\))*\))*\)"
    r"|\b(?:__packed|__private|__rcu|__iomem|__user|__percpu|__randomize_layout"
    r"|__no_randomize_layout|____cacheline_\w+|__cacheline_\w+|CRYPTO_MINALIGN_ATTR"
    r"|__read_mostly|__bitwise|__force|__kernel)\b"
)
# What each macro declares: the number of the argument that is the name.
_MACROS = {
    "DECLARE_BITMAP": 0, "DECLARE_HASHTABLE": 0, "DECLARE_KFIFO": 0,
    "DECLARE_KFIFO_PTR": 0,
    "DECLARE_FLEX_ARRAY": 1, "__DECLARE_FLEX_ARRAY": 1, "DEFINE_DMA_UNMAP_ADDR": 0,
    "DEFINE_DMA_UNMAP_LEN": 0, "DECLARE_PHY_INTERFACE_MASK": 0,
    "__ETHTOOL_DECLARE_LINK_MODE_MASK": 0,
}  # fmt: skip
_MACRO = re.compile(rf"\b({'|'.join(_MACROS)})\s*\(((?:[^();]|\([^();]*\))*)\)")
# How many arguments stand before the members of a group.
_GROUPS = {
    "struct_group": 1,
    "struct_group_attr": 2,
    "struct_group_tagged": 2,
    "__struct_group": 3,
}
_GROUP = re.compile(rf"\b({'|'.join(_GROUPS)})\s*\(")
_CACHE_GROUP = re.compile(r"\b__cacheline_group_(?:begin|end)\w*\s*\([^()]*\)")
_NESTED = re.compile(r"\b(?:struct|union)\b([^{};]{0,200})\{([^{}]*)\}([^{};]*);")
_ENUM = re.compile(r"\benum\b[^{};]*\{[^{}]*\}")
_POINTER = re.compile(r"[^(]*\(\s*\*+\s*(?:const\s+)?([\w.]*)[^()]*\)")
_DECLARATOR = re.compile(r"\**\s*(?:const\s+)?([\w.]+)")
_ROUNDS = 300


def members(body: str) -> frozenset[str] | None:
    """Return the members in the braces of a structure; None if it cannot be read."""
    text = _COMMENT.sub(" ", _PRIVATE.sub(" ", body))
    text = _CACHE_GROUP.sub(" ", _ATTRIBUTES.sub(" ", _DIRECTIVE.sub("", text)))
    text = _MACRO.sub(_declared, _ungrouped(text))
    for _ in range(_ROUNDS):
        text, count = _NESTED.subn(_unnested, _ENUM.sub("enum nameless", text), count=1)
        if not count:
            break
    found: set[str] = set()
    for part in text.split(";"):
        if not part.strip():
            continue
        names = list(_names(part))
        if None in names:
            return None
        found.update(name for name in names if name)
    return frozenset(found)


def _declared(hit: re.Match[str]) -> str:
    given = hit[2].split(",")
    at = _MACROS[hit[1]]
    return f"int {given[at].strip()}" if at < len(given) else hit[0]


def _ungrouped(text: str) -> str:
    """Put the members of a group where the group stands; a group is a member too."""
    for _ in range(_ROUNDS):
        hit = _GROUP.search(text)
        if hit is None:
            break
        depth, commas = 1, [hit.end() - 1]
        for at in range(hit.end(), len(text)):
            char = text[at]
            depth += (char == "(") - (char == ")")
            if char == "," and depth == 1:
                commas.append(at)
            if not depth:
                break
        else:
            break
        skipped = _GROUPS[hit[1]]
        begin = commas[skipped] + 1 if skipped < len(commas) else at
        text = f"{text[: hit.start()]}{text[begin:at]};{text[at + 1 :]}"
    return text


def _unnested(hit: re.Match[str]) -> str:
    """Spell the members of a nested structure by the names it is declared with."""
    made = []
    for declarator in hit[3].split(","):
        own = _DECLARATOR.match(declarator.strip())
        outer = own[1] if own else ""
        if outer:
            made.append(f"int {outer};")
        for part in hit[2].split(";"):
            names = [name for name in _names(part) if name] if part.strip() else []
            made += [f"int {outer + '.' if outer else ''}{name};" for name in names]
    return " ".join(made)


def _names(part: str) -> Iterator[str | None]:
    """Yield the names one declaration declares; None if that cannot be told."""
    part = re.sub(r"\[[^\]]*\]", "", " ".join(part.split())).strip()
    if pointer := _POINTER.match(part):
        yield pointer[1] or None
        return
    if "(" in part or "{" in part:
        yield None
        return
    first, *rest = part.split(",")
    first = first.partition(":")[0].strip() if ":" in first else first.strip()
    words = re.split(r"[\s*]+", first)
    if len(words) > 1 and words[-1] not in ("struct", "union", "int"):
        yield words[-1] if re.fullmatch(r"[\w.]+", words[-1]) else None
    elif len(words) == 1 and not rest:
        yield None
    for other in rest:
        hit = _DECLARATOR.match(other.strip())
        yield hit[1] if hit else None
