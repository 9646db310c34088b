# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults of comments: cut sentences, and names that are no longer right."""

from __future__ import annotations

import re
from random import Random

from tests.mutants.model import Code, Family, Plant, Planted, changed

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PROSE = re.compile(r"\((?:[a-z]{2,}[ \n\t*]+){2,}[a-z]{2,}[.,]?\)")
_EVERYWHERE = ("kernel", "mm", "fs", "net", "arch/x86", "block")


def parenthesis(code: Code, rng: Random) -> Planted | None:
    """Take the closing parenthesis of a sentence away."""
    found = [
        (comment.start() + hit.start(), comment.start() + hit.end())
        for comment in _COMMENT.finditer(code.own)
        if comment[0].count("(") == comment[0].count(")") == 1
        and not re.search(r"[;{}=\[\]|]|->", comment[0])
        for hit in _PROSE.finditer(comment[0])
    ]
    if not found:
        return None
    start, end = rng.choice(found)
    near = changed(code.own, start, start + 1, "((")
    near = changed(near, end + 1, end + 1, ")")
    after = code.tree(changed(code.own, end - 1, end, ""))
    return Planted(code.tree(), after, "(", code.tree(near))


def stale(code: Code, rng: Random) -> Planted | None:
    """Rename a static function everywhere but in the comments that speak of it."""
    head = code.own.partition("{")[0]
    said = [m[0] for m in _COMMENT.finditer(code.text) if m[0][2] != "*"]
    name = code.name
    if not head.startswith("static") or not any(
        re.search(rf"\b{name}\(\)", text) for text in said
    ):
        return None
    if "_" not in name or re.search(rf"##\s*\w|\"[^\"\n]*\b{name}", code.text):
        return None
    del rng
    new = f"{name}_planted"
    after = _outside_comments(code.text, name, new)
    near = re.sub(rf"\b{name}\b", new, code.text)
    return Planted(
        code.tree(),
        {**code.others, code.path: after},
        name,
        {**code.others, code.path: near},
    )


def _outside_comments(text: str, name: str, new: str) -> str:
    pattern = re.compile(rf"/\*.*?\*/|//[^\n]*|\b{name}\b", re.DOTALL)
    return pattern.sub(lambda m: new if m[0] == name else m[0], text)


def kernel_doc(code: Code, rng: Random) -> Planted | None:
    """Rename a parameter in the code or in its kernel-doc, and not in the other."""
    above = code.text[: code.start]
    at = above.rfind("/**")
    if at < 0 or not re.fullmatch(r"/\*\*\n.*?\*/\s*", above[at:], re.DOTALL):
        return None
    block = above[at:]
    if block.count("*/") != 1 or not re.search(rf"\* {code.name}\(?\)? ?-", block):
        return None
    listed = re.findall(r"^ \* @(\w+):", block, re.MULTILINE)
    head = code.own.partition("{")[0]
    real = [n for n in listed if re.search(rf"\b{n}\s*[,)]", head)]
    if not real or len(set(listed)) != len(listed) or "..." in head:
        return None
    name, new = rng.choice(real), "planted_word"
    if re.search(rf"(?:->|\.){name}\b", code.own) or re.search(
        r"#\s*(?:if|define)", head
    ):
        return None
    own = re.sub(rf"\b{name}\b", new, code.own)
    doc = re.sub(rf"@{name}\b", f"@{new}", block)

    def tree(comment: str, function: str) -> dict[str, str]:
        return {
            **code.others,
            code.path: above[:at] + comment + function + code.text[code.end :],
        }

    wrong = rng.choice((tree(block, own), tree(doc, code.own)))
    return Planted(code.tree(), wrong, "", tree(doc, own))


def config(code: Code, rng: Random) -> Planted | None:
    """Misspell the symbol of an #ifdef or IS_ENABLED()."""
    asked = r"(?:^#\s*if.*?\b|\bIS_ENABLED\()CONFIG_([A-Z][A-Z0-9_]{4,})\b"
    found = list(re.finditer(asked, code.own, re.MULTILINE))
    if not found:
        return None
    one = rng.choice(found)
    word = one[1]
    at = rng.randrange(1, len(word) - 1)
    new = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    if new == word:
        return None
    module = changed(code.own, *one.span(1), f"{word}_MODULE")
    after = code.tree(changed(code.own, *one.span(1), new))
    return Planted(code.tree(), after, new, code.tree(module))


def init(code: Code, rng: Random) -> Planted | None:
    """Call an __init function from one that stays."""
    del rng
    head, brace, body = code.own.partition("{\n")
    if (
        not brace
        or re.search(r"__\w*(?:init|exit|ref)\b|noinstr|SYSCALL|\binline\b", head)
        or "#" in head
    ):
        return None
    helper = (
        "static int __init planted_setup(int level)\n"
        "{\n\treturn planted_level = level;\n}\n\n"
    )
    stays = helper.replace("__init ", "")
    call = re.search(r"^(\t)(?:if|for|return|while|\w+\()", body, re.MULTILINE)
    if call is None:
        return None
    made = (
        head
        + brace
        + changed(body, call.start(), call.start(), "\tplanted_setup(3);\n")
    )
    return Planted(
        code.tree(helper + code.own),
        code.tree(helper + made),
        "planted_setup",
        code.tree(stays + made),
    )


def _family(name: str, rule: str, hint: str, plant: Plant) -> Family:
    folders = ("kernel", "mm", "arch/x86") if plant in (config, init) else _EVERYWHERE
    return Family(name, (rule,), "c", hint, folders, plant)


FAMILIES = (
    _family("parenthesis", "doc/comment-unclosed-paren", r"/\*", parenthesis),
    _family(
        "stale name in comment", "doc/stale-identifier-in-comment", r"\*.*\w\(\)", stale
    ),
    _family("kernel-doc parameter", "doc/kerneldoc-params", r"/\*\*\n", kernel_doc),
    _family("misspelt symbol", "kconfig/unknown-symbol", "CONFIG_", config),
    _family("__init called", "c/init-reference", "", init),
)
