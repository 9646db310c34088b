# SPDX-License-Identifier: GPL-2.0-or-later
"""The x86-64 instructions by what they read and write, named operands apart.

After the instruction set reference, Intel SDM, volume 2.
"""

from __future__ import annotations

import re

from patchlint.analysis.registers import CONDITION

_SUFFIX = "bwlq"


def named(text: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(text.split())


READ = named(
    "test cmp push bt nop ud2 ud1 lidt lgdt lldt ltr lmsw invlpg invd wbinvd"
    " wbnoinvd clflush clflushopt clwb cli sti cld std clc stc cmc hlt pause lfence"
    " mfence sfence endbr64 endbr32 verw swapgs wrmsr wrmsrl clac stac fninit fnclex"
    " fxsave fxrstor xsave xsaves xsaveopt xrstor xrstors ldmxcsr stmxcsr prefetcht0"
    " prefetcht1 prefetcht2 prefetchnta prefetchw vzeroupper vzeroall emms int3 out"
    " outs sgdt sidt xsetbv monitor mwait invpcid ret retq iret iretq sysret sysretq"
    " sysretl lret lretq serialize wrfsbase wrgsbase nopl nopw ljmp movnti vmsave"
    " vmload clgi stgi invept invvpid vmptrld vmclear lss lds les lfs lgs"
)
WRITE = named("mov movabs lea movz pop set rdrand rdseed sldt str smsw")
_EXTEND = re.compile(r"mov[sz](?:bw|bl|bq|wl|wq|lq|x|xd|b|w|l)")
CHANGE = named(
    "add adc sub sbb and or xor inc dec neg not shl shr sal sar rol ror rcl rcr shld"
    " shrd bts btr btc bswap imul bsf bsr tzcnt lzcnt popcnt andn rorx shlx shrx sarx"
    " adcx adox crc32 pext pdep bextr blsr blsi blsmsk bzhi"
)
_KNOWN = READ | WRITE | CHANGE | named("xchg xadd cmpxchg mul div idiv in")
_CONDITIONAL = re.compile(rf"cmov{CONDITION}[wlq]?")
_SET = re.compile(rf"set{CONDITION}b?")
STRING = re.compile(r"(movs|stos|lods|scas|cmps|ins)[bwlq]")
STRING_EFFECTS = {
    "movs": ("rsi rdi", "rsi rdi"), "stos": ("rax rdi", "rdi"),
    "lods": ("rsi", "rax rsi"), "scas": ("rax rdi", "rdi"),
    "cmps": ("rsi rdi", "rsi rdi"), "ins": ("rdx rdi", "rdi"),
}  # fmt: skip
_GUEST = "rax rbx rcx rdx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15"
IMPLICIT = {
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
    "vmlaunch": ("", _GUEST), "vmresume": ("", _GUEST), "vmrun": ("rax", _GUEST),
    "vmcall": ("rax rbx rcx rdx rsi", "rax"), "vmmcall": ("rax rbx rcx rdx rsi", "rax"),
    "tdcall": ("", _GUEST), "seamcall": ("", _GUEST), "encls": ("", "rax"),
    "enclu": ("rax rbx rcx", _GUEST),
}  # fmt: skip
JUDGE = re.compile(
    r"(?:test|cmp|and|or|xor|add|sub|neg|sbb|adc|bt[src]?|inc|dec|sh[lr]d?|sa[lr]|ro[lr]"
    r"|rc[lr]|i?mul|bs[fr]|tzcnt|lzcnt|popcnt|andn|bextr|blsr|blsi|blsmsk|xadd|cmpxchg"
    r"|scas|cmps)[bwlq]?|adcx|adox"
)
DECIDE = re.compile(
    rf"(?:set|cmov){CONDITION}[bwlq]?|(?:adc|sbb|rc[lr])[bwlq]?|adcx|adox|lahf|pushfq?"
)
FLAGS_LOST = re.compile(r"popfq?|sahf|cmpxchg\d+b|v?p?test\w*|v?u?comis\w|v?pcmp\w+")
# Where a guest runs, or firmware: what comes back is agreed on with it.
GUEST = named("vmlaunch vmresume vmrun tdcall seamcall enclu")
WIDEN = frozenset(("cltq", "cdqe", "cwtl"))


def base_of(name: str) -> str | None:
    """Return the table's word for a mnemonic, without its size letter.

    ``_ASM_MOV`` and the like of <asm/asm.h> are of the word size.
    """
    name = name.removeprefix("_asm_")
    if _EXTEND.fullmatch(name):
        return "movz"
    if _SET.fullmatch(name):
        return "set"
    if _CONDITIONAL.fullmatch(name):
        return "add"
    if name in _KNOWN or name in IMPLICIT:
        return name
    if name[-1:] in _SUFFIX and name[:-1] in _KNOWN:
        return name[:-1]
    return None


def implied(name: str, *, repeated: bool) -> frozenset[str]:
    """Return the registers an instruction may write without naming them."""
    base = base_of(name)
    found = STRING.fullmatch(name)
    writes = STRING_EFFECTS[found[1]][1] if found else IMPLICIT.get(name, ("", ""))[1]
    if name.startswith("v"):
        writes = IMPLICIT.get(name[1:], ("", ""))[1]
    if base in ("mul", "div", "idiv", "imul"):
        writes = "rax rdx"
    elif base in ("cmpxchg", "in"):
        writes = "rax"
    return named(f"{writes} rcx" if repeated else writes)
