# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults of assembly: labels, ends, the stack, registers and what is said of them."""

from __future__ import annotations

import re
from random import Random

from tests.mutants.model import Code, Family, Files, Plant, Planted, changed

_X86 = ("arch/x86",)
_START = r"SYM_(?:TYPED_)?FUNC_START"
_INSTRUCTION = re.compile(
    r"^\t(?!RET\b|ret\b|\.|int3\b)[a-z]\w*\b[^\\\n]*$", re.MULTILINE
)
ARGUMENTS = ("rdi", "rsi", "rdx", "rcx", "r8", "r9")
_HALF = {
    "rdi": "edi", "rsi": "esi", "rdx": "edx", "rcx": "ecx", "r8": "r8d", "r9": "r9d",
    "rbx": "ebx", "rbp": "ebp", "r12": "r12d", "r13": "r13d", "r14": "r14d",
    "r15": "r15d",
}  # fmt: skip
_AFTER_JUMP = re.compile(r"\b(?:RET|ret|jmp|int3|ud2|JMP_NOSPEC)\b|\\$|^#")
_NOTE = "\n/* Seen again. */\n"
# What the card leaves out: routines that only assembly calls.
_OWN_CONVENTION = re.compile(r"\b(?:__x86_\w*thunk|__(?:get|put)_user_)")


def _places(code: Code) -> list[int]:
    """Return the offsets in a routine where an instruction can be put in."""
    if re.search(r"\.macro|\.rept|\.irp|^#", code.own, re.MULTILINE):
        return []
    at = [found.start() for found in _INSTRUCTION.finditer(code.own)]
    return [a for a in at if not _AFTER_JUMP.search(_before(code.own, a))]


def head(code: Code) -> int | None:
    """Return where a register comment stands: before the first instruction.

    None if a macro of which nothing is known comes first.
    """
    where = _places(code)
    if not where:
        return None
    first = code.own.index("\n") + 1
    for line in code.own[first : where[0]].split("\n"):
        if line.strip() and not re.match(
            r"\s*(?:UNWIND_HINT|ANNOTATE|ENDBR|/?\*|#)", line
        ):
            return None
    return where[0]


def _before(text: str, at: int) -> str:
    lines = [ln for ln in text[:at].split("\n") if ln.strip()]
    return lines[-1] if lines else ""


def _swap(code: Code, at: int, end: int, new: str) -> Files:
    return code.tree(changed(code.own, at, end, new))


def label(code: Code, rng: Random) -> Planted | None:
    """Rename a local label where it is defined, or at one of its uses."""
    names = [
        name
        for name in dict.fromkeys(re.findall(r"^(\.L\w+):", code.own, re.MULTILINE))
        if len(re.findall(rf"^{re.escape(name)}:", code.text, re.MULTILINE)) == 1
        and len(re.findall(rf"{re.escape(name)}\b(?!\\|\w)", code.text)) > 1
    ]
    if not names or "##" in code.text:
        return None
    name = rng.choice(names)
    found = re.search(rf"^{re.escape(name)}:", code.own, re.MULTILINE)
    assert found is not None
    new = f"{name}_planted"
    near = re.sub(rf"{re.escape(name)}\b", new, code.text)
    return Planted(
        code.tree(),
        _swap(code, found.start(), found.end(), f"{new}:"),
        name,
        {**code.others, code.path: near},
    )


def plain_ret(code: Code, rng: Random) -> Planted | None:
    """Write ret for RET."""
    found = list(re.finditer(r"^\s*(RET)\b", code.own, re.MULTILINE))
    if not found:
        return None
    one = rng.choice(found)
    near = _swap(code, one.start(1), one.end(1), "ANNOTATE_UNRET_SAFE\n\tret\n\tint3")
    return Planted(code.tree(), _swap(code, *one.span(1), "ret"), "ret", near)


def pairing(code: Code, rng: Random) -> Planted | None:
    """Take the end macro away, or write the one of the other kind."""
    found = re.search(rf"^SYM_(FUNC|CODE)_END\({code.name}\)$", code.own, re.MULTILINE)
    start = re.match(r"SYM_(?:TYPED_)?(FUNC|CODE)_START", code.own)
    if found is None or start is None or start[1] != found[1] or "#" in code.own:
        return None
    other = {"FUNC": "CODE", "CODE": "FUNC"}[found[1]]
    new = rng.choice(
        ("", f"SYM_{other}_END({code.name})", f"SYM_{found[1]}_END({code.name}_1)")
    )
    return Planted(code.tree(), _swap(code, *found.span(), new), code.name)


def balance(code: Code, rng: Random) -> Planted | None:
    """Drop the push or the pop of a routine that has one pair of it."""
    if re.search(
        r"[re]sp|leave|PUSH|POP|FRAME|SAVE|RESTORE|^#|\.macro|\\",
        code.own,
        re.MULTILINE,
    ):
        return None
    pushed = re.findall(r"^\s*pushq?\s+(%r\w+)\s*$", code.own, re.MULTILINE)
    single = [
        r for r in pushed
        if len(re.findall(rf"^\s*popq?\s+{r}\s*$", code.own, re.MULTILINE)) == 1
        and pushed.count(r) == 1
    ]  # fmt: skip
    if not single or len(re.findall(r"\bRET\b", code.own)) != 1:
        return None
    register = rng.choice(single)
    word = rng.choice(("push", "pop"))
    found = re.search(rf"^\s*{word}q?\s+{register}\s*\n", code.own, re.MULTILINE)
    assert found is not None
    lead = len(found.group()) - len(found.group().lstrip("\n"))
    after = _swap(code, found.start() + lead, found.end(), "")
    return Planted(code.tree(), after, "")


# Macros that may save registers, 32-bit code, and ways out other than RET.
_OPAQUE = re.compile(r"^\s*[a-z]\w*\(|%esp|\*%r|\bjmp\s+\*", re.MULTILINE)


def own_balance(code: Code, rng: Random) -> Planted | None:
    """Put a push in at the beginning and a pop before each RET but one."""
    where = _places(code)
    returns = [m.start() for m in re.finditer(r"^\s*RET\b", code.own, re.MULTILINE)]
    if (
        not where
        or not returns
        or re.search(r"sp\b|push|pop|leave|FRAME|[A-Z]{4,}[ (]\S*save", code.own, re.I)
    ):
        return None
    if re.search(
        r"\bjmp\s+(?!\.L|\d+[fb])|\bj[a-z]+\s+[a-zA-Z_]\w*\s*$", code.own, re.MULTILINE
    ):
        return None
    first = where[0]
    if any(at < first for at in returns) or _OPAQUE.search(code.own):
        return None
    if len(returns) != len(re.findall(r"\b(?:RET|retq?)\b", code.own)):
        return None
    register = rng.choice(("rbx", "r12", "r13"))
    missing = rng.choice(returns)

    def with_pops(skip: int) -> Files:
        text = code.own
        for at in reversed(returns):
            lead = len(text[at:]) - len(text[at:].lstrip("\n"))
            if at != skip:
                text = changed(text, at + lead, at + lead, f"\tpopq\t%{register}\n")
        return code.tree(changed(text, first, first, f"\tpushq\t%{register}\n"))

    return Planted(code.tree(), with_pops(missing), "", with_pops(-1))


_SAVED = {
    "rbx": r"[re]?bx|b[lh]", "rbp": r"[re]?bpl?", "r12": "r12[dwb]?",
    "r13": "r13[dwb]?",
    "r14": "r14[dwb]?", "r15": "r15[dwb]?",
}  # fmt: skip


def callee_saved(code: Code, rng: Random) -> Planted | None:
    """Write a register that belongs to the caller, and do not save it."""
    head = code.own.partition("\n")[0]
    if (
        "LOCAL" in head
        or "FUNC" not in head
        or re.search(r"PUSH|SAVE|FRAME|_regs|exec|INTRA_FUNCTION_CALL", code.own)
        or _OWN_CONVENTION.search(head)
    ):
        return None
    if _OPAQUE.search(code.own):
        return None
    free = [r for r, p in _SAVED.items() if not re.search(rf"%(?:{p})\b", code.own)]
    where = _places(code)
    if not free or not where or "RET" not in code.own:
        return None
    register = rng.choice(free)
    half = _HALF[register]
    line = rng.choice(
        (
            f"movq\t%rdi, %{register}",
            f"xorl\t%{half}, %{half}",
            f"movl\t$4, %{half}",
            f"leaq\t8(%rdi), %{register}",
        )
    )
    at = rng.choice(where)
    near = f"\tpushq\t%{register}\n\t{line}\n\tpopq\t%{register}\n"
    return Planted(
        code.tree(),
        _swap(code, at, at, f"\t{line}\n"),
        register,
        _swap(code, at, at, near),
    )


def indirect(code: Code, rng: Random) -> Planted | None:
    """Call or jump through a register or memory without a thunk."""
    where = _places(code)
    if not where:
        return None
    line = rng.choice(
        ("call\t*%rax", "call\t*%r11", "jmp\t*%rdx", "call\t*8(%rdi)", "jmp\t*(%rax)")
    )
    at = rng.choice(where)
    near = _swap(code, at, at, f"\tANNOTATE_RETPOLINE_SAFE\n\t{line}\n")
    return Planted(code.tree(), _swap(code, at, at, f"\t{line}\n"), "*", near)


_CLOBBERS = {
    "": (
        "movq\t%cr3, %{r}", "leaq\t8(%rax), %{r}", "movq\t$1, %{r}", "popq\t%{r}",
        "xorl\t%{h}, %{h}", "movl\t%eax, %{h}",
    ),
    "rdx": ("rdtsc", "cpuid", "mulq\t%rax", "rdmsr", "cqto"),
    "rcx": ("cpuid", "rep stosb"),
    "rdi": ("rep stosb", "rep movsb"),
    "rsi": ("rep movsb",),
}  # fmt: skip


def clobbered(code: Code, rng: Random) -> Planted | None:
    """Overwrite a documented register between the entry and its test."""
    at = head(code)
    if at is None:
        return None
    register = rng.choice(ARGUMENTS)
    half = _HALF[register]
    names = rng.sample(("planted_list", "planted_count", "planted_on"), 2)
    other = rng.choice([r for r in ARGUMENTS if r != register])
    lines = sorted(
        ((register, names[0]), (other, names[1])), key=lambda x: ARGUMENTS.index(x[0])
    )
    said = "".join(f"\t * %{r:3} {name}\n" for r, name in lines)
    size = rng.choice(
        (
            f"testq\t%{register}, %{register}",
            f"testl\t%{half}, %{half}",
            f"cmpq\t$0, %{register}",
        )
    )
    entry = f"\t/*\n{said}\t */\n"
    test = f"\t{size}\n\tjz\t.Lplanted\n\taddq\t$1, %rax\n.Lplanted:\n"
    pattern = rng.choice(_CLOBBERS[""] + _CLOBBERS.get(register, ()) * 2)
    line = "\t" + pattern.format(r=register, h=half) + "\n"
    if "Lplanted" in code.text or re.search(
        r"^\s*(?:/?\*|//|#).*%[re]", code.own, re.MULTILINE
    ):
        return None
    if re.search(r"%r\w+", _comment_above(code)):
        return None
    harmless = f"\tmovq\t%{register}, %r11\n"
    return Planted(
        _swap(code, at, at, entry + test),
        _swap(code, at, at, entry + line + test),
        size.partition("\t")[0],
        _swap(code, at, at, entry + harmless + test),
    )


def _comment_above(code: Code) -> str:
    above = code.text[: code.start].rstrip()
    return above[above.rfind("/*") :] if above.endswith("*/") else ""


def _routine(name: str, local: str, register: str, other: str, tail: str) -> str:
    return (
        f"SYM_CODE_START{local}({name})\n\tUNWIND_HINT_END_OF_STACK\n\tANNOTATE_NOENDBR\n"
        f"\t/*\n\t * %rdi planted_stack\n\t * %{register} planted_flag\n\t */\n"
        f"\tmovq\t%{other}, %rax\n{tail}SYM_CODE_END({name})\n"
    )


def between(code: Code, rng: Random) -> Planted | None:
    """Two planted routines hand a value on; the move between them is taken away."""
    source = rng.choice(("rsi", "rdx", "rcx", "r8", "r9"))
    target = rng.choice(("r10", "r11", "r12", "r13", "r14"))
    jump = rng.choice(
        (
            "\tjmp\tplanted_two\n",
            "\tleaq\tplanted_two(%rip), %rdx\n"
            "\tANNOTATE_RETPOLINE_SAFE\n\tjmp\t*%rdx\n",
        )
    )
    move = f"\tmovq\t%{source}, %{target}\n"
    step = f"\tmovq\t%{source}, %rbx\n\tmovq\t%rbx, %{target}\n"
    tail = "\tmovq\t%rdi, %rsp\n\tANNOTATE_UNRET_SAFE\n\tret\n\tint3\n"

    def tree(moved: str) -> Files:
        one = _routine("planted_one", "_NOALIGN", source, source, moved + jump)
        two = _routine("planted_two", "_LOCAL_NOALIGN", target, target, tail)
        return code.tree(f"{code.own}\n\n{one}\n{two}")

    return Planted(tree(move), tree(""), f"%{target}", tree(step))


def _documented(code: Code) -> tuple[list[tuple[str, str]], str, str] | None:
    """Return the register lines of a routine and its prototype, if they agree."""
    header = next((p for p in code.others if p.endswith((".h", ".c"))), None)
    if header is None:
        return None
    found = re.search(rf"[\s*]{code.name}\(([^)]*)\)\s*;", code.others[header])
    if found is None:
        return None
    parts = [re.findall(r"\w+", part) for part in found[1].split(",")]
    names = [words[-1] for words in parts if len(words) > 1]
    if not 2 <= len(parts) == len(names) == len(set(names)) <= 6:
        return None
    pairs = list(zip(ARGUMENTS, names, strict=False))
    return pairs, header, found[0]


def documents(code: Code, rng: Random) -> Planted | None:
    """Say of a register what another one holds; or rename it on one side only."""
    known = _documented(code)
    at = head(code)
    if known is None or at is None or re.search(r"%r\w\w", _comment_above(code)):
        return None
    if re.search(r"^\s*(?:/?\*|//|#).*%[re]", code.own, re.MULTILINE):
        return None
    pairs, header, spelled = known
    one, two = sorted(rng.sample(range(len(pairs)), 2))
    crossed = list(pairs)
    crossed[one], crossed[two] = (
        (pairs[one][0], pairs[two][1]),
        (pairs[two][0], pairs[one][1]),
    )
    touched = code.others[header] + _NOTE

    def tree(lines: list[tuple[str, str]], c: str) -> Files:
        said = "".join(f"\t * %{r:3} {name}\n" for r, name in lines)
        made = changed(code.own, at, at, f"\t/*\n{said}\t */\n")
        note = _NOTE if c != code.others[header] else ""
        return {**code.tree(made + note), header: c}

    before = tree(pairs, code.others[header])
    if rng.random() < 0.5:
        return Planted(before, tree(crossed, touched), "", tree(pairs, touched))
    name = pairs[one][1]
    new = re.sub(rf"\b{name}\b(?=\s*[,)])", "planted_word", spelled)
    renamed = touched.replace(spelled, new, 1)
    right = [(r, "planted_word" if n == name else n) for r, n in pairs]
    return Planted(before, tree(pairs, renamed), "", tree(right, renamed))


_NARROW = re.compile(r"\s*(?:const )?(?:unsigned int|u32|int|bool|unsigned) \w+\s*$")


def width(code: Code, rng: Random) -> Planted | None:
    """Test 64 bits of a register that brings 32."""
    known = _documented(code)
    at = head(code)
    if known is None or at is None:
        return None
    pairs, header, spelled = known
    parts = spelled[spelled.index("(") + 1 : spelled.rindex(")")].split(",")
    narrow = [
        r for (r, _), part in zip(pairs, parts, strict=False)
        if _NARROW.match(part)
    ]  # fmt: skip
    if not narrow:
        return None
    register = rng.choice(narrow)
    half = _HALF[register]
    test = "\ttest{s}\t%{r}, %{r}\n\tjz\t.Lplanted\n.Lplanted:\n"

    def tree(suffix: str, name: str, note: str) -> Files:
        made = changed(code.own, at, at, test.format(s=suffix, r=name))
        return {**code.tree(made), header: code.others[header] + note}

    return Planted(
        tree("l", half, ""),
        tree("q", register, _NOTE),
        "testq",
        tree("l", half, _NOTE),
    )


def _family(name: str, rule: str, plant: Plant, hint: str = _START) -> Family:
    return Family(name, (f"asm/{rule}",), "asm", hint, _X86, plant)


FAMILIES = (
    _family("label renamed", "label-use-after-rename", label, r"(?m)^\.L\w+:"),
    _family("RET as ret", "plain-ret", plain_ret),
    _family("end macro", "sym-pairing", pairing),
    _family("push or pop dropped", "stack-balance", balance),
    _family("push planted", "stack-balance", own_balance),
    _family("callee-saved written", "callee-saved", callee_saved),
    _family("indirect branch", "indirect-branch", indirect),
    _family(
        "documented register clobbered", "register-clobbered-before-use", clobbered
    ),
    _family("move between labels removed", "register-doc-between-labels", between),
    _family("register comment", "register-doc-vs-prototype", documents, "SYM_"),
    _family("testl as testq", "param-width", width, "SYM_"),
)
