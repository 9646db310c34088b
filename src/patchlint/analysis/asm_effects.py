# SPDX-License-Identifier: GPL-2.0-or-later
"""What an x86-64 instruction does to the general registers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patchlint.analysis.asm_table import (
    CHANGE,
    DECIDE,
    FLAGS_LOST,
    GUEST,
    IMPLICIT,
    JUDGE,
    READ,
    STRING,
    STRING_EFFECTS,
    WIDEN,
    base_of,
    named,
)
from patchlint.analysis.registers import (
    CALLER_SAVED,
    FLAGS,
    GENERAL,
    canonical,
    is_jump,
    mentioned,
    mnemonic,
    operands_of,
    width,
)
from patchlint.model.image import Image
from patchlint.syntax.asm import parse_asm
from patchlint.syntax.node import Node

_FRAME = frozenset(("rbp", "rsp"))
_VECTOR = re.compile(r"%(?:[xyz]mm\w*|k[0-7]|st\b|mm[0-7])")
_QUOTED = re.compile(r'__stringify\((.*)\)|"(.*)"', re.DOTALL)
_NO_CODE = re.compile(
    r"UNWIND_HINT\w*|ANNOTATE_\w+|CFI_\w+|ENDBR|STACK_FRAME_NON_STANDARD\w*|ASM_CLAC"
    r"|ASM_STAC|_ASM_EXTABLE\w*|_ASM_NOKPROBE|SYM_\w+|RET|LOCK_PREFIX|__?ALIGN\w*"
    r"|EXPORT_SYMBOL\w*|REACHABLE"
)
# Macros of <asm/nospec-branch.h>, of arch/x86/crypto/glue_helper-asm-avx.S and of their
# like, each with what it may change beside its arguments; the flags, where there is
# nothing else.
_CALL = "rax rcx rdx rsi rdi r8 r9 r10 r11"
_HEADERS = tuple(
    (re.compile(names), lost)
    for names, lost in (
        (r"FILL_RETURN_BUFFER|SWITCH_TO_\w+_CR3\w*|RESTORE_CR3", FLAGS),
        (r"SAVE_AND_S\w+|SET_NOFLAGS_CR3|(?:VM_)?CLEAR_CPU_BUFFERS\w*", FLAGS),
        (r"ENCODE_FRAME_POINTER", "rbp"),
        (r"(?:load|store|store_cbc)_(?:8|16)way", FLAGS),
        (
            r"CALL_DEPTH_ACCOUNT|INCREMENT_CALL_DEPTH|CREDIT_CALL_DEPTH|ASM_\w*SMAP",
            FLAGS,
        ),
        (r"RESET_CALL_DEPTH\w*|UNTRAIN_RET\w*|VALIDATE_UNRET_\w+", "rax"),
        (r"IBRS_(?:ENTER|EXIT)|CLEAR_BRANCH_HISTORY\w*", "rax rcx rdx"),
        (r"STACKLEAK_ERASE\w*|TRACE_IRQS_\w+|LOCKDEP_\w+|RUNTIME_CONST_PTR", _CALL),
    )
)


class Effect(Struct, frozen=True):
    """What a statement does to the general registers, by their 64-bit names.

    ``move`` is (from, to) where the whole value of a register is copied, at 64 or 32
    bits. ``known`` is False for what the table does not cover: then anything may have
    been written. ``lost`` are registers of which nothing is known afterwards.
    ``aside`` are those of ``writes`` that no operand names: what they held is gone.
    ``judges`` says that the flags come from ``reads``, ``decides`` that ``writes`` come
    from the flags too.
    """

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    move: tuple[str, str] | None = None
    swap: bool = False
    lost: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    known: bool = True
    judges: bool = False
    decides: bool = False


NOTHING = Effect()
UNKNOWN = Effect(lost=GENERAL, known=False)


def effect(statement: Node) -> Effect:
    """Say what one statement reads and writes; what is not in the table is unknown."""
    match statement.kind:
        case "instruction":
            return _with_flags(statement, _instruction(statement))
        case "macro_call":
            return _macro(statement)
        case "opaque":
            return Effect(lost=mentioned(operands_of(statement)) | {FLAGS})
        case "ERROR":
            return UNKNOWN
        case _:
            return NOTHING


def _with_flags(statement: Node, done: Effect) -> Effect:
    name = mnemonic(statement).lower()
    if JUDGE.fullmatch(name):
        done = replace(done, judges=True)
    elif FLAGS_LOST.fullmatch(name):
        done = replace(done, lost=done.lost | {FLAGS})
    return replace(done, decides=DECIDE.fullmatch(name) is not None)


def _instruction(statement: Node) -> Effect:
    name = mnemonic(statement).lower()
    operands = operands_of(statement)
    if name in ("call", "callq"):
        return Effect(reads=mentioned(operands), lost=CALLER_SAVED)
    if is_jump(name):
        counts = frozenset(("rcx",)) if name.startswith("loop") else frozenset()
        return Effect(reads=mentioned(operands) | counts, writes=counts)
    found = STRING.fullmatch(name)
    if found and not operands:
        return _string(found[1], statement)
    if is_vector(operands):
        return UNKNOWN if "_" in name else _vector(name, operands)
    return _plain(name, operands)


def is_vector(operands: Sequence[Node]) -> bool:
    """Say whether one of the operands is a vector, mask or x87 register."""
    return any(_VECTOR.search(operand.text) for operand in operands)


def _macro(statement: Node) -> Effect:
    name = mnemonic(statement)
    if _NO_CODE.fullmatch(name):
        return NOTHING
    if found := next((lost for known, lost in _HEADERS if known.fullmatch(name)), None):
        return Effect(lost=named(found) | mentioned(operands_of(statement)) | {FLAGS})
    if name in ("FRAME_BEGIN", "FRAME_END"):
        return Effect(reads=_FRAME, writes=_FRAME)
    if name.startswith("ALTERNATIVE"):
        return _alternative(statement)
    if name in ("JMP_NOSPEC", "CALL_NOSPEC"):
        lost = CALLER_SAVED if name == "CALL_NOSPEC" else frozenset()
        return Effect(reads=mentioned(operands_of(statement)), lost=lost)
    return UNKNOWN


def _alternative(statement: Node) -> Effect:
    """Any of the texts may run: what one of them writes is lost."""
    effects = [effect(inner) for inner in _inner(statement)]
    return Effect(
        reads=frozenset[str]().union(*(each.reads for each in effects)),
        lost=frozenset[str]().union(*(each.writes | each.lost for each in effects)),
        known=all(each.known for each in effects),
        judges=any(each.judges for each in effects),
    )


def _inner(statement: Node) -> Iterator[Node]:
    """The instructions in the strings of an ALTERNATIVE."""
    for operand in operands_of(statement):
        found = _QUOTED.fullmatch(operand.text)
        if found:
            text = found[1] if found[1] is not None else found[2]
            numbers = tuple(range(1, text.count("\n") + 2))
            image = Image("", text, numbers, whole=True, proven=False)
            yield from parse_asm(image).children


def _string(name: str, statement: Node) -> Effect:
    reads, writes = (named(words) for words in STRING_EFFECTS[name])
    if statement.child("prefix"):
        reads, writes = reads | {"rcx"}, writes | {"rcx"}
    return Effect(reads=reads, writes=writes, aside=writes)


def _vector(name: str, operands: tuple[Node, ...]) -> Effect:
    """Of a vector instruction only the last operand can be written."""
    reads, writes = IMPLICIT.get(name.removeprefix("v"), ("", ""))
    return Effect(
        reads=mentioned(operands[:-1]) | named(reads) | _address(operands[-1]),
        writes=_destination(operands[-1]) | named(writes),
    )


def _plain(name: str, operands: tuple[Node, ...]) -> Effect:
    base = base_of(name)
    if base is None:
        return UNKNOWN
    if name in IMPLICIT:
        return _implicit(name, operands)
    if base in READ:
        stack = frozenset(("rsp",)) if base == "push" else frozenset()
        return Effect(reads=mentioned(operands), writes=stack)
    if not operands or _hidden(operands[-1]):
        return UNKNOWN
    done = _change(base, operands)
    if any(_hidden(operand) for operand in operands):
        return Effect(reads=done.reads, lost=done.writes)
    return done


def _implicit(name: str, operands: tuple[Node, ...]) -> Effect:
    reads, writes = (named(words) for words in IMPLICIT[name])
    if name in GUEST:
        return Effect(reads=reads, lost=writes | {FLAGS})
    aside = frozenset[str]() if name in WIDEN else writes
    return Effect(reads=reads | mentioned(operands), writes=writes, aside=aside)


def _change(base: str, operands: tuple[Node, ...]) -> Effect:
    """The effect of an instruction that writes, its operands all readable."""
    if base in ("xchg", "xadd"):
        return _exchange(base, operands)
    if base == "cmpxchg":
        written = _destination(operands[-1]) | {"rax"}
        aside = frozenset(("rax",))
        return Effect(mentioned(operands) | aside, written, aside=aside)
    if base in ("mul", "div", "idiv") or (base == "imul" and len(operands) == 1):
        both = frozenset(("rax", "rdx"))
        return Effect(reads=mentioned(operands) | both, writes=both, aside=both)
    return _assign(base, operands)


def _hidden(operand: Node) -> bool:
    """Say whether a register may hide behind a name or a macro argument."""
    named = operand.kind in ("expression", "ERROR")
    return named or ("\\" in operand.text and operand.kind != "immediate")


def _exchange(base: str, operands: tuple[Node, ...]) -> Effect:
    written = _destination(operands[0]) | _destination(operands[-1])
    swap = base == "xchg" and all(node.kind == "register" for node in operands)
    move = None
    if swap and len(written) == 2 and _wide(operands):
        move = (canonical(operands[0].text) or "", canonical(operands[1].text) or "")
    reads = mentioned(operands)
    return Effect(reads=reads, writes=written, move=move, swap=move is not None)


def _assign(base: str, operands: tuple[Node, ...]) -> Effect:
    destination = operands[-1]
    writes = _destination(destination)
    reads = mentioned(operands[:-1]) | _address(destination)
    if base == "pop":
        return Effect(reads=reads | {"rsp"}, writes=writes | {"rsp"})
    if base in ("xor", "sub") and len({node.text for node in operands}) == 1:
        return Effect(writes=writes)
    if base in CHANGE and len(operands) < 3:
        reads |= writes
    move = None
    if base == "mov" and len(operands) == 2 and _wide(operands) and writes:
        origin = canonical(operands[0].text)
        move = (origin, next(iter(writes))) if origin else None
    if base == "in":
        writes |= {"rax"}
    return Effect(reads=reads, writes=writes, move=move)


def _wide(operands: tuple[Node, ...]) -> bool:
    """Say whether whole values are copied; the upper half of 32 bits is zero."""
    return all((width(node.text) or 0) >= 32 for node in operands)


def _address(operand: Node) -> frozenset[str]:
    """Return the registers read to find the place an operand names."""
    return frozenset() if operand.kind == "register" else mentioned((operand,))


def _destination(operand: Node) -> frozenset[str]:
    full = canonical(operand.text) if operand.kind == "register" else None
    return frozenset((full,)) if full else frozenset()
