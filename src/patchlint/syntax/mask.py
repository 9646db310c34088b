# SPDX-License-Identifier: GPL-2.0-or-later
"""Make kernel C readable for a C grammar, byte for byte in place.

The kernel's macros are not C: attributes without parentheses, loops that are macro
calls, types as arguments. Each mask replaces such a text by C of the same length
that means the same to a reader of structure, so that every offset, line and column
of the tree holds for the original text. Words come from include/linux/compiler*.h,
init.h, linkage.h and what was counted in Linux 6.12.
"""

from __future__ import annotations

import re

_ATTRIBUTES = frozenset(
    b"""
    __init __exit __initdata __initconst __exitdata __meminit __meminitdata __memexit
    __net_init __net_exit __init_memblock __initdata_memblock __ref __refdata __head
    __user __iomem __rcu __percpu __kernel __force __nocast __private __bitwise
    __always_inline __visible __used __unused __maybe_unused __always_unused __weak
    __pure __cold __hot __noreturn __noclone __malloc __must_check __naked __packed
    __sched __lockfunc __kprobes __cpuidle __irq_entry __softirq_entry __noendbr
    __nocfi __noscs __noretpoline __efiapi __flatten __attribute_const__ __deprecated
    __read_mostly __ro_after_init __cacheline_aligned __cacheline_aligned_in_smp
    ____cacheline_aligned ____cacheline_aligned_in_smp __page_aligned_data
    __page_aligned_bss __bss_decrypted __no_profile __no_stack_protector __no_kcsan
    __no_kasan_or_inline __no_sanitize_or_inline __no_kmsan_checks __entry_text
    __no_sanitize_address __no_sanitize_undefined __no_sanitize_coverage __uninitialized
    __no_randomize_layout __randomize_layout __designated_init __latent_entropy
    __annotate_jump_table __function_aligned debug_noinline TC_INDIRECT_SCOPE
    __data_racy __nonstring __seg_gs __seg_fs __bpf_kfunc __sramfunc __ksym
    notrace noinline noinline_for_stack noinstr asmlinkage nokprobe_inline
    __init_or_module __initdata_or_module __initconst_or_module __fastpath_inline
    STATIC STATIC_NOPV INDIRECT_CALLABLE_SCOPE VISIBLE_IF_KUNIT
    """.split()
)
_WITH_ARGUMENTS = frozenset(
    b"""
    __section __aligned __printf __scanf __acquires __releases __must_hold __alias
    __counted_by __counted_by_le __counted_by_be __cond_acquires __assume_aligned
    __alloc_size __realloc_size __cleanup __free __attribute__ __compiletime_error
    __compiletime_warning __no_sanitize __mode __copy __diagnose_as
    """.split()
)
_WORD = re.compile(
    rb"\b(?:__\w+|no(?:trace|instr|inline\w*)|asmlinkage|nokprobe_inline|STATIC\w*"
    rb"|INDIRECT_CALLABLE_SCOPE|VISIBLE_IF_KUNIT|TC_INDIRECT_SCOPE|debug_noinline)\b"
)
_DIRECTIVE = re.compile(rb"[ \t]*#")
# A define that goes on in the next line; first with comments, which may hold line
# feeds, then without: each is read in one way, whatever stands there.
_JOINED = re.compile(
    rb"^[ \t]*#[ \t]*define\b"
    rb"(?:(?:/\*(?:[^*]|\*(?!/))*+\*/|[^\\\n]|\\.)*+\\\n|(?:[^\\\n]|\\.)*+\\\n)"
    rb"(?:/\*(?:[^*]|\*(?!/))*+\*/|[^\\\n]|\\\n|\\.)*+",
    re.M,
)
_COMMENT = re.compile(rb'("(?:[^"\\\n]|\\.)*")|/\*(?:[^*]|\*(?!/))*\*/')
_STATEMENT = re.compile(
    rb"^[ \t]+(?:\}[ \t]*else[ \t]+)?([A-Za-z_]\w{4,})[ \t]*\(", re.M
)
_LOOP = re.compile(rb"\w*(?:for_each|foreach|FOR_EACH|list_for_)\w*|scoped_guard")
_DEFINER = re.compile(rb"(?<![\w*]\n)^(?:static[ \t]+)?([A-Z][A-Z0-9_]{5,})\(", re.M)
_LOCAL_STATIC = re.compile(rb"^[ \t]+(static)[ \t]+(?=(?:DEFINE|DECLARE)_\w+\()", re.M)
_RANGE = re.compile(rb"\bcase\b[^:;{}\n]*?(\.\.\.)")
_TYPE_ARGUMENT = re.compile(
    rb"[(,]\s*((?:const )?(?:(?:struct|union|enum)\s+\w+"
    rb"|(?:unsigned )?long long|unsigned(?: (?:int|long|char|short))?"
    rb"|long|int|char|short|void|bool|[us](?:8|16|32|64))[ \t]*\**)[ \t\n]*(?=[,)])"
)
_OPENS = re.compile(rb"[ \t]*\(")
_PAREN = re.compile(rb"[()]")
_BRACE = re.compile(rb"\s*\{")
_LAST_ROW = re.compile(rb"[^\n]+(?=\n)")
_CALLEE = re.compile(rb"(\w+)[ \t]*\Z")
_OPERATORS = frozenset(
    (b"sizeof", b"typeof", b"__typeof__", b"alignof", b"__alignof__", b"return", b"if")
)
_KEYWORDS = frozenset(
    (b"while", b"switch", b"return", b"sizeof", b"typeof", b"__asm__")
)
_NOT_A_BODY = b";,)=?&|+-*/<>"
_REACH = 4000


def mask(source: bytes) -> bytes:
    """Return ``source`` with the kernel's macros masked; the length is the same."""
    source = _mask_comments(source.replace(b"offsetof(", b"Offsetof("))
    source = _mask_attributes(source)
    source = _LOCAL_STATIC.sub(_blank_group, source)
    source = _RANGE.sub(_or_group, source)
    return _mask_definers(_mask_types(_mask_loops(source)))


def _mask_comments(source: bytes) -> bytes:
    """The grammar ends the body of a ``#define`` at its first comment."""
    if b"/*" not in source or b"\\\n" not in source:
        return source
    return _JOINED.sub(lambda found: _COMMENT.sub(_blank_all, found[0]), source)


def _blank_all(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] else _blank(found[0])


def _mask_attributes(source: bytes) -> bytes:
    masked = bytearray(source)
    for found in _WORD.finditer(source):
        start, end = found.span()
        if found.group() in _WITH_ARGUMENTS:
            end = _arguments_end(source, end)
        elif found.group() not in _ATTRIBUTES:
            continue
        if end > start and not _in_directive(source, start):
            masked[start:end] = _blank(source[start:end])
    return bytes(masked)


def _mask_loops(source: bytes) -> bytes:
    """A macro call with a body behind it is a ``while`` to the grammar.

    A brace says so for any name; without one, only the names of loops do.
    """
    masked = bytearray(source)
    for found in _STATEMENT.finditer(source):
        start, end = found.span(1)
        close = _arguments_end(source, found.end() - 1)
        following = source[close : close + 200].lstrip(b" \t\\\n")[:1]
        known = _LOOP.fullmatch(found[1]) and following not in _NOT_A_BODY
        if (
            close >= found.end()
            and found[1] not in _KEYWORDS
            and (known or following == b"{")
        ):
            masked[start:end] = b"while".ljust(end - start)
    return bytes(masked)


def _mask_definers(source: bytes) -> bytes:
    """``SYSCALL_DEFINE1(name, type, arg)`` before a brace defines a function."""
    masked = bytearray(source)
    for found in _DEFINER.finditer(source):
        start, end = found.span(1)
        close = _arguments_end(source, end)
        if close > end and _BRACE.match(source, close):
            masked[start:end] = b"int _" + source[start + 5 : end]
    return bytes(masked)


def _mask_types(source: bytes) -> bytes:
    """A type as a macro argument becomes an identifier; in casts it stays."""
    masked = bytearray(source)
    for found in _TYPE_ARGUMENT.finditer(source):
        start, end = found.span(1)
        if source[found.start()] == ord("(") and not _is_call(source, found.start()):
            continue
        if source[start:end] == b"void" and source[found.start()] == ord("("):
            continue
        name = re.sub(rb"[^\w\n]", b"_", b"_" + source[start + 1 : end])
        masked[start:end] = _LAST_ROW.sub(_blanked, name) if b"\n" in name else name
    return bytes(masked)


def _is_call(source: bytes, parenthesis: int) -> bool:
    callee = _CALLEE.search(source, max(0, parenthesis - 60), parenthesis)
    return callee is not None and callee[1] not in _OPERATORS


def _in_directive(source: bytes, position: int) -> bool:
    line = source.rfind(b"\n", 0, position) + 1
    return _DIRECTIVE.match(source, line, position) is not None


def _arguments_end(source: bytes, start: int) -> int:
    """Return the index after the balanced parentheses at ``start``, or ``start``."""
    opened = _OPENS.match(source, start)
    depth = 0
    for found in _PAREN.finditer(source, start, start + _REACH) if opened else ():
        depth += 1 if found.group() == b"(" else -1
        if depth == 0:
            return found.end()
    return start


def _blank_group(found: re.Match[bytes]) -> bytes:
    return _replaced(found, b" " * len(found[1]))


def _blanked(found: re.Match[bytes]) -> bytes:
    return b" " * len(found[0])


def _or_group(found: re.Match[bytes]) -> bytes:
    return _replaced(found, b" | ")


def _replaced(found: re.Match[bytes], text: bytes) -> bytes:
    start, end = (offset - found.start() for offset in found.span(1))
    return found[0][:start] + text + found[0][end:]


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\n\\]", b" ", text)
