# SPDX-License-Identifier: GPL-2.0-or-later
"""Diffs as strangers may write them: odd names, wrong counts, headers that lie."""

from __future__ import annotations

from hypothesis import strategies as st

from fuzz.words import LINES, VALUES

_LINES = tuple(line.decode("utf-8", "surrogateescape") for line in LINES)
_WORDS = tuple(word.decode("utf-8", "surrogateescape") for word in VALUES)

WORDS = st.one_of(st.sampled_from(_WORDS), st.text(max_size=5))
TEXT = st.lists(st.one_of(WORDS, st.sampled_from(["cpu", " ", "a"])), max_size=5).map(
    "".join
)
LINE = TEXT.map(lambda text: text.replace("\n", " "))

PATHS = st.one_of(
    st.sampled_from(
        ["kernel/ring.c", "arch/x86/ring_64.S", "include/ring.h", "Kconfig", "a b.c"]
    ),
    st.sampled_from(['"a\\tb.c"', "../x.c", "/x", ".git/x", "x/", "", "x" * 700]),
    LINE,
)
NAMES = st.one_of(PATHS.map("a/{}".format), PATHS, st.just("/dev/null"))
IDS = st.sampled_from(["0123456", "0" * 7, "0" * 40, "f" * 40, "1,2", "xyz", ""])
NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "", "99999999999", "-1", "x"])

_BRACES = ["{", "}", "(", ")", "if (a", "else", "do", "while (a);", "switch (a) {"]
_PIECES = [
    "case 1 ... 3:", "goto out;", "out:", "return a;", "for (;;)", "/*", "*/", "/**",
    " * @a: b", "//", "#if A", "#ifdef B", "#else", "#elif C", "#endif",
    "#define M(a) \\", "#include <x.h>", '"', "'", "\\", "asm(",
    'asm volatile("nop" : "=r" (a) : : "cc");', "__attribute__((", "struct a {",
    "static int f(int a)", "int f(int a);", "};", "EXPORT_SYMBOL(f);",
    "guard(rcu)();", "spin_lock(&a);", "spin_unlock(&a);", "early_initcall(f);",
    "typeof(({ a; }))", "DEFINE_X(f, a)", "f(a, b,", "a = b ? c :",
    ".macro m a:vararg", ".endm", "SYM_FUNC_START(f)", "SYM_FUNC_END(f)", "1:",
    "jmp 1b", "push %rbx", "mov $1, (%rax,%rbx,8)", ".if a", ".endif", ".rept 2",
    ".endr", "m b, c", "config A", "\tdepends on A && (B || !C)", "\thelp",
]  # fmt: skip
CODE = st.one_of(
    st.sampled_from(_BRACES + _PIECES),
    st.sampled_from(_PIECES).map("\t{}".format),
    LINE,
)


@st.composite
def hunks(draw: st.DrawFn) -> str:
    """Return a hunk; mostly its header tells the truth."""
    code = draw(st.lists(st.tuples(st.sampled_from("+++- "), CODE), max_size=9))
    lines = [f"{mark}{text}" for mark, text in code]
    old = sum(mark != "+" for mark, _ in code)
    new = sum(mark != "-" for mark, _ in code)
    told = f"-1,{old} +1,{new}"
    if draw(st.integers(0, 3)) == 0:
        told = f"-{draw(NUMBERS)},{draw(NUMBERS)} +{draw(NUMBERS)},{draw(NUMBERS)}"
    if draw(st.integers(0, 5)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(_LINES)))
    return "\n".join([f"@@ {told} @@{draw(st.sampled_from([' f', '', 'x']))}", *lines])


@st.composite
def _new_files(draw: st.DrawFn) -> str:
    """Return a whole file, so that rules that need one have some."""
    path = draw(st.sampled_from(["kernel/ring.c", "arch/x86/ring_64.S", "mm/ring.h"]))
    lines = draw(st.lists(CODE.map("+{}".format), min_size=1, max_size=14))
    told = (
        f"diff --git a/{path} b/{path}\nnew file mode 100644\nindex 0000000..0123456\n"
    )
    names = f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n"
    return told + names + "\n".join(lines)


@st.composite
def _git_files(draw: st.DrawFn) -> str:
    """Return one file with a header of git, of which anything may be missing."""
    old = draw(NAMES)
    new = draw(st.one_of(st.just(old), NAMES))
    said = st.sampled_from(
        [
            f"index {draw(IDS)}..{draw(IDS)} 100644",
            "new file mode 100644",
            "deleted file mode 100644",
            "old mode 100644",
            "new mode 120000",
            f"rename from {old}",
            f"rename to {new}",
            f"copy from {old}",
            f"copy to {new}",
            "similarity index 101%",
            f"--- {old}",
            f"+++ {new}",
            "GIT binary patch",
        ]
    )
    head = [f"diff --git {old} {new}", *draw(st.lists(said, max_size=4, unique=True))]
    if draw(st.booleans()):
        head += [f"--- {old}", f"+++ {new}"]
    return "\n".join([*head, *draw(st.lists(hunks(), max_size=3))])


@st.composite
def _plain_files(draw: st.DrawFn) -> str:
    """Return one file with the header of an older tool, or a combined one."""
    name, stamp = draw(PATHS), draw(st.sampled_from(["", "\t(revision 1)", "\t1970"]))
    above = draw(
        st.sampled_from([f"Index: {name}\n{'=' * 67}\n", "", f"diff -u {name}\n"])
    )
    head = f"{above}--- {name}{stamp}\n+++ {draw(NAMES)}{stamp}"
    if draw(st.integers(0, 4)) == 0:
        head = f"diff --cc {name}\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n- a"
    return "\n".join([head, *draw(st.lists(hunks(), max_size=2))])


FILES = st.one_of(_git_files(), _new_files(), _plain_files())
DIFFS = st.lists(FILES, max_size=4).map(lambda files: "".join(f"{f}\n" for f in files))
