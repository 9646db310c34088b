# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults of guards: the condition of one of two guarded operations changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from patchlint.syntax.node import Node
from tests.mutants.asm import ARGUMENTS, head
from tests.mutants.c_places import Function, function, places
from tests.mutants.model import Code, Family, Files, Plant, Planted, changed

# Operations, and another one of the same kind, which keeps the condition.
_SECOND = {
    "wbinvd": "wbinvd_on_all_cpus",
    "wbinvd_on_all_cpus": "wbinvd",
    "flush_tlb_all": "__flush_tlb_all",
    "__flush_tlb_all": "flush_tlb_all",
}
_KINDS = ("negated", "other variable", "conjunct dropped", "conjunct added", "removed")
_TWO = re.compile(r"[A-Za-z_]\w*")
_PLAIN = re.compile(r"[\w\s.>&!()-]+|[\w\s.>&!()-]+[=!<>]=?[\w\s.>()-]+")


def guard(code: Code, rng: Random) -> Planted | None:
    """Give a real ``if`` a guarded operation, a twin of it, and change one of them."""
    return _guard(code, rng, failing=False)


def failure_guard(code: Code, rng: Random) -> Planted | None:
    """The same, where the ``if`` asks whether something failed."""
    return _guard(code, rng, failing=True)


def _guard(code: Code, rng: Random, *, failing: bool) -> Planted | None:
    made = function(code.own)
    if made is None:
        return None
    chosen = [
        node
        for node in made.all("if_statement")
        if _usable(made, node) and _fails(node) == failing
    ]
    if not chosen:
        return None
    node = rng.choice(chosen)
    condition = node.child("condition")
    assert condition is not None
    operation = rng.choice(tuple(_SECOND))
    at = made.starts[node.span.line - 1]
    indent = code.own[at : made.begin(node)]
    has = condition.text[1:-1].strip()
    kind = rng.choice(_KINDS)
    other = _other(has, kind, rng)
    if other is None:
        return None
    with_more = kind == "conjunct dropped"
    had = f"{_bound(has)} && {_flag(rng)}" if with_more else has
    other = has if with_more else other

    def site(text: str) -> str:
        body = f"{indent}\t{operation}();\n"
        head = f"{indent}if ({text})\n{body}" if text else f"{indent}{operation}();\n"
        second = f"{indent}if ({had})\n{indent}\t{_SECOND[operation]}();\n"
        return changed(code.own, at, at, head + second)

    return Planted(
        code.tree(site(had)),
        code.tree(site(other)),
        operation,
        code.tree(site(_harmless(had, rng))),
    )


def _usable(made: Function, node: Node) -> bool:
    """Tell a condition over plain values, in an ``if`` that begins its line."""
    condition = node.child("condition")
    if condition is None:
        return False
    at = made.starts[node.span.line - 1]
    names = _TWO.findall(condition.text)
    return (
        not made.text[at : made.begin(node)].strip()
        and "\n" not in condition.text
        and _PLAIN.fullmatch(condition.text) is not None
        and "(" not in condition.text[1:-1]
        and bool(names)
        and any(place.at == at for place in places(made))
    )


def _fails(node: Node) -> bool:
    """Tell a check of what was just called or given: its arm leaves, or says error."""
    condition, then = node.child("condition"), node.child("consequence")
    if condition is None or then is None:
        return False
    words = set(_TWO.findall(condition.text))
    leaves = re.search(r"\b(?:return|goto)\b", then.text) is not None
    return leaves or bool(
        words & {"ret", "rc", "err", "error", "r", "retval", "status"}
    )


def _other(has: str, kind: str, rng: Random) -> str | None:
    """Return another condition of this kind."""
    if kind == "negated":
        return has[1:] if re.fullmatch(r"!\w+", has) else f"!({has})"
    if kind == "other variable":
        flag = _flag(rng)
        name = _TWO.findall(has)[0]
        return None if flag == name else re.sub(rf"\b{name}\b.*", flag, has, count=1)
    if kind == "conjunct added":
        return f"{_bound(has)} && {_flag(rng)}"
    return ""


def _bound(text: str) -> str:
    return f"({text})" if "||" in text else text


def _flag(rng: Random) -> str:
    return rng.choice(("planted_on", "planted_level > 3", "planted->online"))


def _harmless(text: str, rng: Random) -> str:
    """Write a condition in another way."""
    simple = re.fullmatch(r"!?[\w.>-]+", text) is not None
    ways = [f"!!({text})", f"({text})", f"unlikely({text})"]
    if simple and not text.startswith("!"):
        ways.append(f"!(!{text})")
    if parts := re.fullmatch(r"([^&|]+) && ([^&|]+)", text):
        ways.append(f"{parts[2]} && {parts[1]}")
    if parts := re.fullmatch(r"([\w.>-]+) (==|!=) ([\w.>-]+)", text):
        ways.append(f"{parts[3]} {parts[2]} {parts[1]}")
    return rng.choice(ways)


_JUMPS = {"jz": "jnz", "jnz": "jz", "je": "jne", "js": "jns"}
_INSTRUCTION = re.compile(r"^\t(?!RET|ret|\.|#|int3)[a-z]\w*\b.*$", re.MULTILINE)
_LEAVES = re.compile(r"\b(?:RET|ret|jmp|int3|ud2)\b|\\$|^#")


def asm_guard(code: Code, rng: Random) -> Planted | None:
    """Guard two operations by a documented register, and change one guard."""
    at = head(code)
    if at is None or re.search(r"^\s*(?:/?\*|//|#).*%[re]", code.own, re.MULTILINE):
        return None
    above = code.text[: code.start].rstrip()
    if above.endswith("*/") and "%" in above[above.rfind("/*") :]:
        return None
    registers = sorted(rng.sample(ARGUMENTS, 2), key=ARGUMENTS.index)
    names = ("planted_list", "planted_on")
    said = "".join(f"\t * %{r:3} {n}\n" for r, n in zip(registers, names, strict=True))
    return _asm_guard(code, rng, at, registers, f"\t/*\n{said}\t */\n")


def bare_guard(code: Code, rng: Random) -> Planted | None:
    """The same anywhere in a routine, with registers of which nothing is said.

    And with jumps on the sign, of which the rule knows as little.
    """
    where = [
        found.start()
        for found in _INSTRUCTION.finditer(code.own)
        if not code.own[found.start() - 2 : found.start()].startswith("\\")
    ]
    if not where or re.search(r"\.macro|\.rept|\.irp", code.own):
        return None
    before_it = [at for at in where if not _LEAVES.search(_line_before(code.own, at))]
    if not before_it:
        return None
    return _asm_guard(code, rng, rng.choice(before_it), rng.sample(ARGUMENTS, 2), "")


def _asm_guard(
    code: Code, rng: Random, at: int, registers: Sequence[str], said: str
) -> Planted:
    register, other = rng.sample(registers, 2)
    jump = rng.choice([j for j in _JUMPS if j != "js" or not said])
    kind = rng.choice(("negated", "other register", "removed"))

    def site(tested: str, how: str) -> str:
        test = f"\ttestq\t%{tested}, %{tested}\n\t{how}\t.Lplanted_off\n"
        return f"{test}\twbinvd\n.Lplanted_off:\n"

    new = {
        "negated": site(register, _JUMPS[jump]),
        "other register": site(other, jump),
        "removed": "\twbinvd\n",
    }[kind]
    old = site(register, jump)
    alike = old.replace("Lplanted_off", "Lplanted_out").replace("\ttestq", "\n\ttestq")

    def with_(text: str) -> Files:
        second = old.replace("Lplanted_off", "Lplanted_too")
        return code.tree(changed(code.own, at, at, said + text + second))

    return Planted(with_(old), with_(new), "", with_(alike))


def _line_before(text: str, at: int) -> str:
    lines = text[:at].rstrip("\n").split("\n")
    return lines[-1]


def _family(name: str, plant: Plant, floor: float = 0.95) -> Family:
    language, hint = "c", r"\bif \("
    folders: tuple[str, ...] = ("arch/x86/kernel", "arch/x86/mm", "kernel", "mm")
    if plant in (asm_guard, bare_guard):
        language, hint, folders = "asm", "SYM_FUNC_START", ("arch/x86",)
    return Family(name, ("x86/guard-drift",), language, hint, folders, plant, floor)


FAMILIES = (
    _family("guard in C", guard),
    _family("guard on an error check", failure_guard, floor=0),
    _family("guard in asm", asm_guard),
    _family("guard in asm, bare registers", bare_guard, floor=0),
)
