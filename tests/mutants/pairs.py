# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults of pairs: two places say one thing, and one of them is changed."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

from patchlint.analysis import c_file
from patchlint.syntax.node import Node
from tests.mutants.c_places import function
from tests.mutants.model import Code, Family, Planted, changed

_NAME = re.compile(r"[A-Za-z_]\w*")
_OPPOSITES = frozenset(
    (
        *("src", "dst", "old", "new", "prev", "next", "from", "to", "left", "right"),
        *("min", "max", "first", "last", "start", "end", "parent", "child", "head"),
        *(
            "tail",
            "lo",
            "hi",
            "low",
            "high",
            "tx",
            "rx",
            "in",
            "out",
            "begin",
            "source",
        ),
        *("dest", "second"),
    )
)
_PLAIN = re.compile(
    r"(?:const )?((?:struct \w+ \*+|unsigned (?:int|long|char) |int |long |bool )) ?\w+"
)
_COMMENT = "\n/* Seen again. */\n"


def arguments(code: Code, rng: Random) -> Planted | None:
    """Swap two arguments that are named as their parameters are."""
    made = function(code.own)
    if made is None:
        return None
    found = [
        pair for call in made.all("call_expression") for pair in _named(code, call)
    ]
    if not found:
        return None
    one, two = rng.choice(found)
    text = changed(code.own, made.begin(two), made.end(two), one.text)
    text = changed(text, made.begin(one), made.end(one), two.text)
    near = changed(code.own, made.begin(one), made.end(one), f"({one.text})")
    return Planted(code.tree(), code.tree(text), "", code.tree(near))


def _named(code: Code, call: Node) -> list[tuple[Node, Node]]:
    """Return the pairs of arguments of a call that bear their parameters' names."""
    callee = call.child("function")
    given = c_file.arguments(call)
    if callee is None or not _NAME.fullmatch(callee.text):
        return []
    whole = "\n".join((code.text, *code.others.values()))
    heads = re.findall(
        rf"^(?:[A-Za-z_][\w \t*]*[ \t*])?{callee.text}\(([^();{{}}]*)\)\s*[;{{]",
        whole,
        re.MULTILINE,
    )
    names = {tuple(_last(part) for part in head.split(",")) for head in heads}
    if len(names) != 1:
        return []
    (names_,) = names
    if len(names_) != len(given):
        return []
    fits = [
        node for node, name in zip(given, names_, strict=True)
        if node.kind == "identifier" and node.text == name
    ]  # fmt: skip
    return [
        (one, two)
        for at, one in enumerate(fits)
        for two in fits[at + 1 :]
        if one.text != two.text and not _kin(one.text, two.text)
    ]


def _kin(one: str, two: str) -> bool:
    """Two of a kind or opposites are crossed on purpose often enough to be let be."""
    stem = [re.sub(r"\d+$", "", name) for name in (one, two)]
    opposite = [_OPPOSITES & set(name.split("_")) for name in (one, two)]
    return stem[0] == stem[1] or all(opposite)


def _last(part: str) -> str:
    found = _NAME.findall(part.replace("[]", ""))
    return found[-1] if len(found) > 1 else ""


_PER_CPU = re.compile(
    r"^(?:static )?(DE(?:CLARE|FINE))_PER_CPU(\w*)\(([\w\s*]+), (\w+)\)", re.MULTILINE
)
_EVERYWHERE = ("kernel", "mm", "net", "fs", "lib", "arch/x86")
_TYPES = ("u8", "u32", "u64", "int", "unsigned long", "bool", "struct planted")


def per_cpu(code: Code, rng: Random) -> Planted | None:
    """Plant a declared and defined per-CPU variable, and change one side."""
    kind, other = rng.sample(_TYPES, 2)
    suffix = rng.choice(("", "", "_READ_MOSTLY", "_ALIGNED", "_PAGE_ALIGNED"))
    another = rng.choice([s for s in ("", "_READ_MOSTLY", "_ALIGNED") if s != suffix])
    name = f"planted_{code.name}"
    header = f"include/linux/{name}.h"
    declared = f"DECLARE_PER_CPU{suffix}({kind}, {name});\n"
    defined = f"DEFINE_PER_CPU{suffix}({kind}, {name});\n\n"
    wrong = rng.choice(
        (
            f"DEFINE_PER_CPU{suffix}({other}, {name});\n\n",
            f"DEFINE_PER_CPU{another}({kind}, {name});\n\n",
        )
    )
    plain = f"int planted_level;\n{declared}"
    spaced = f"DEFINE_PER_CPU{suffix}({kind},{name});\n\n"

    def tree(c: str, h: str) -> dict[str, str]:
        return {**code.tree(c + code.own), header: h}

    again = plain + _COMMENT
    return Planted(tree(defined, plain), tree(wrong, again), "", tree(spaced, again))


def _are_plain(one: str, two: str) -> bool:
    """Tell two types that no typedef can make the same."""
    kinds = [_PLAIN.fullmatch(" ".join(text.split())) for text in (one, two)]
    return all(kinds) and len({found[1] for found in kinds if found}) == 2


def prototype(code: Code, rng: Random) -> Planted | None:
    """Swap parameters of types that cannot be one in the declaration alone."""
    return _prototype(code, rng, plain=True)


def prototype_names(code: Code, rng: Random) -> Planted | None:
    """Swap parameters whose types are one, or typedefs, in the declaration alone."""
    return _prototype(code, rng, plain=False)


def _prototype(code: Code, rng: Random, *, plain: bool) -> Planted | None:
    made = function(code.own)
    head = code.own.partition("{")[0].strip()
    if made is None or "#" in head or "static" in head or "\n\n" in head:
        return None
    listed = next(iter(made.all("parameter_list")), None)
    if listed is None or "SYSCALL" in head or "__init" in head:
        return None
    parameters = [p for p in listed.children if p.kind == "parameter_declaration"]
    if len(parameters) < 2 or any(
        "(" in p.text or not _last(p.text) for p in parameters
    ):
        return None
    fits = [
        (one, two)
        for one, two in pairwise(parameters)
        if one.text != two.text and _are_plain(one.text, two.text) == plain
    ]
    if not fits:
        return None
    one, two = rng.choice(fits)
    declared = f"{head};\n"
    text = changed(declared, made.begin(two), made.end(two), one.text)
    text = changed(text, made.begin(one), made.end(one), two.text)
    header = f"{code.path.rpartition('/')[0]}/planted_{code.name}.h"
    again = changed(code.text, code.end, code.end, _COMMENT)

    def tree(c: str, h: str) -> dict[str, str]:
        return {**code.others, code.path: c, header: h}

    near = declared.replace(", ", ",\n\t\t", 1)
    return Planted(
        tree(code.text, declared), tree(again, text), code.name, tree(again, near)
    )


FAMILIES = (
    Family(
        "swapped arguments", ("c/argument-order",), "c", "",
        ("kernel", "mm", "fs", "net", "drivers", "arch/x86"), arguments,
    ),
    Family(
        "per-CPU pair", ("c/declare-define-mismatch",), "c", "",
        ("kernel", "mm", "net", "arch/x86"), per_cpu,
    ),
    Family(
        "prototype order", ("c/prototype-drift",), "c", "",
        _EVERYWHERE, prototype,
    ),
    Family(
        "prototype order, same types", ("c/prototype-drift",), "c", "",
        _EVERYWHERE, prototype_names, floor=0,
    ),
)  # fmt: skip
