# SPDX-License-Identifier: GPL-2.0-or-later
"""What an x86-64 instruction does to the general registers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from patchlint.analysis.registers import (
    CALLER_SAVED,
    CONDITION,
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
_SUFFIX = "bwlq"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_READ = _words(
    "test cmp push bt nop ud2 ud1 lidt lgdt lldt ltr lmsw invlpg invd wbinvd"
    " wbnoinvd clflush clflushopt clwb cli sti cld std clc stc cmc hlt pause lfence"
    " mfence sfence endbr64 endbr32 verw swapgs wrmsr wrmsrl clac stac fninit fnclex"
    " fxsave fxrstor xsave xsaves xsaveopt xrstor xrstors ldmxcsr stmxcsr prefetcht0"
    " prefetcht1 prefetcht2 prefetchnta prefetchw vzeroupper vzeroall emms int3 out"
    " outs sgdt sidt xsetbv monitor mwait invpcid ret retq iret iretq sysret sysretq"
    " sysretl lret lretq serialize wrfsbase wrgsbase nopl nopw ljmp"
)
_WRITE = _words("mov movabs lea movz pop set rdrand rdseed sldt str smsw")
_EXTEND = re.compile(r"mov[sz](?:bw|bl|bq|wl|wq|lq|x|xd|b|w|l)")
_CHANGE = _words(
    "add adc sub sbb and or xor inc dec neg not shl shr sal sar rol ror rcl rcr shld"
    " shrd bts btr btc bswap imul bsf bsr tzcnt lzcnt popcnt andn rorx shlx shrx sarx"
    " adcx adox crc32 pext pdep bextr blsr blsi blsmsk"
)
_KNOWN = _READ | _WRITE | _CHANGE | _words("xchg xadd cmpxchg mul div idiv in")
_CONDITIONAL = re.compile(rf"cmov{CONDITION}[wlq]?")
_SET = re.compile(rf"set{CONDITION}b?")
_STRING = re.compile(r"(movs|stos|lods|scas|cmps|ins)[bwlq]")
_STRING_EFFECTS = {
    "movs": ("rsi rdi", "rsi rdi"), "stos": ("rax rdi", "rdi"),
    "lods": ("rsi", "rax rsi"), "scas": ("rax rdi", "rdi"),
    "cmps": ("rsi rdi", "rsi rdi"), "ins": ("rdx rdi", "rdi"),
}  # fmt: skip
_IMPLICIT = {
    "cpuid": ("rax rcx", "rax rbx rcx rdx"),
    "rdmsr": ("rcx", "rax rdx"), "wrmsr": ("rax rcx rdx", ""),
    "rdtsc": ("", "rax rdx"), "rdtscp": ("", "rax rcx rdx"),
    "rdpmc": ("rcx", "rax rdx"), "xgetbv": ("rcx", "rax rdx"),
    "xsetbv": ("rax rcx rdx", ""), "rdpkru": ("rcx", "rax rdx"),
    "wrpkru": ("rax rcx rdx", ""), "syscall": ("", "rcx r11"),
    "cltq": ("rax", "rax"), "cdqe": ("rax", "rax"), "cwtl": ("rax", "rax"),
    "cqto": ("rax", "rdx"), "cqo": ("rax", "rdx"), "cltd": ("rax", "rdx"),
    "cdq": ("rax", "rdx"), "leave": ("rbp", "rbp rsp"), "leaveq": ("rbp", "rbp rsp"),
    "pushf": ("", "rsp"), "pushfq": ("", "rsp"), "popf": ("", "rsp"),
    "popfq": ("", "rsp"), "lahf": ("", "rax"), "sahf": ("rax", ""),
    "rep": ("rcx", "rcx"), "repe": ("rcx", "rcx"), "repne": ("rcx", "rcx"),
    "cmpxchg8b": ("rax rbx rcx rdx", "rax rdx"),
    "cmpxchg16b": ("rax rbx rcx rdx", "rax rdx"),
    "pcmpestri": ("rax rdx", "rcx"), "pcmpistri": ("", "rcx"),
    "monitor": ("rax rcx rdx", ""), "mwait": ("rax rcx", ""),
}  # fmt: skip
_JUDGE = re.compile(
    r"(?:test|cmp|and|or|xor|add|sub|neg|sbb|adc|bt[src]?|inc|dec|sh[lr]d?|sa[lr]|ro[lr]"
    r"|rc[lr]|i?mul|bs[fr]|tzcnt|lzcnt|popcnt|andn|bextr|blsr|blsi|blsmsk|xadd|cmpxchg"
    r"|scas|cmps)[bwlq]?|adcx|adox"
)
_DECIDE = re.compile(
    rf"(?:set|cmov){CONDITION}[bwlq]?|(?:adc|sbb|rc[lr])[bwlq]?|adcx|adox|lahf|pushfq?"
)
_FLAGS_LOST = re.compile(r"popfq?|sahf|cmpxchg\d+b|v?p?test\w*|v?u?comis\w|v?pcmp\w+")
_WIDEN = frozenset(("cltq", "cdqe", "cwtl"))
_QUOTED = re.compile(r'__stringify\((.*)\)|"(.*)"', re.DOTALL)
_NO_CODE = re.compile(
    r"UNWIND_HINT\w*|ANNOTATE_\w+|CFI_\w+|ENDBR|STACK_FRAME_NON_STANDARD\w*|ASM_CLAC"
    r"|ASM_STAC|_ASM_EXTABLE\w*|_ASM_NOKPROBE|SYM_\w+|RET|LOCK_PREFIX|__?ALIGN\w*"
    r"|EXPORT_SYMBOL\w*|REACHABLE"
)


@dataclass(frozen=True, slots=True)
class Effect:
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
        case "ERROR":
            return UNKNOWN
        case _:
            return NOTHING


def _with_flags(statement: Node, done: Effect) -> Effect:
    name = mnemonic(statement).lower()
    if _JUDGE.fullmatch(name):
        done = replace(done, judges=True)
    elif _FLAGS_LOST.fullmatch(name):
        done = replace(done, lost=done.lost | {FLAGS})
    return replace(done, decides=_DECIDE.fullmatch(name) is not None)


def _instruction(statement: Node) -> Effect:
    name = mnemonic(statement).lower()
    operands = operands_of(statement)
    if name in ("call", "callq"):
        return Effect(reads=mentioned(operands), lost=CALLER_SAVED)
    if is_jump(name):
        counts = frozenset(("rcx",)) if name.startswith("loop") else frozenset()
        return Effect(reads=mentioned(operands) | counts, writes=counts)
    found = _STRING.fullmatch(name)
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
    reads, writes = (_words(words) for words in _STRING_EFFECTS[name])
    if statement.child("prefix"):
        reads, writes = reads | {"rcx"}, writes | {"rcx"}
    return Effect(reads=reads, writes=writes, aside=writes)


def _vector(name: str, operands: tuple[Node, ...]) -> Effect:
    """Of a vector instruction only the last operand can be written."""
    reads, writes = _IMPLICIT.get(name.removeprefix("v"), ("", ""))
    return Effect(
        reads=mentioned(operands[:-1]) | _words(reads) | _address(operands[-1]),
        writes=_destination(operands[-1]) | _words(writes),
    )


def _plain(name: str, operands: tuple[Node, ...]) -> Effect:
    base = base_of(name)
    if base is None:
        return UNKNOWN
    if name in _IMPLICIT:
        return _implicit(name, operands)
    if base in _READ:
        stack = frozenset(("rsp",)) if base == "push" else frozenset()
        return Effect(reads=mentioned(operands), writes=stack)
    if not operands or _hidden(operands[-1]):
        return UNKNOWN
    done = _change(base, operands)
    if any(_hidden(operand) for operand in operands):
        return Effect(reads=done.reads, lost=done.writes)
    return done


def _implicit(name: str, operands: tuple[Node, ...]) -> Effect:
    reads, writes = (_words(words) for words in _IMPLICIT[name])
    aside = frozenset[str]() if name in _WIDEN else writes
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


def base_of(name: str) -> str | None:
    """Return the table's word for a mnemonic, without its size letter."""
    if _EXTEND.fullmatch(name):
        return "movz"
    if _SET.fullmatch(name):
        return "set"
    if _CONDITIONAL.fullmatch(name):
        return "add"
    if name in _KNOWN or name in _IMPLICIT:
        return name
    if name[-1:] in _SUFFIX and name[:-1] in _KNOWN:
        return name[:-1]
    return None


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
    if base in _CHANGE and len(operands) < 3:
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
