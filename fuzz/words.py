# SPDX-License-Identifier: GPL-2.0-or-later
"""What mailers, diffs and sources are made of, and what breaks them."""

from __future__ import annotations


def _raw(*texts: str) -> tuple[bytes, ...]:
    return tuple(text.encode("utf-8", "surrogateescape") for text in texts)


# Whole header fields.
FIELDS = _raw(
    "From: A Dev <dev@example.org>", 'From: "Dev, A (x)" <dev@example.org>, <@r:b@c>',
    "From: =?utf-8?q?A_=C3=A9?= <=?utf-8?q?x?=@y>",
    "Subject: [PATCH v2 1/2] ring: Do it", "Subject: [PATCH 0/2] ring: Cover",
    "Subject: [RFC/PATCH net-next 99999/99999] x", "Subject: Re: [PATCHv3 2/2] y",
    "Subject: =?utf-8?b?4oCu?= =?utf-8?q?=0ABcc:_x?=", "Message-ID: <1@x>",
    "Message-ID: <2@x>", "Message-ID: 3@x", "In-Reply-To: <1@x>",
    "In-Reply-To: <2@x>", "References: <2@x> <1@x> <3@x>",
    "Date: Tue, 2 Jan 2024 03:04:05 +0000", "Date: Tue, 31 Feb 99999 99:99:99 +9999",
    'To: list: a@b, "c\\" <d@e>; (f) g@h',
    "Content-Type: text/plain; charset=utf-16; format=flowed; delsp=yes",
    "Content-Type: text/plain; charset*=us-ascii'en'x; charset*0=ut; charset*1=f-8",
    "Content-Type: multipart/mixed; boundary=b0",
    'Content-Type: multipart/alternative; boundary="b 1"',
    "Content-Type: message/rfc822",
    "Content-Type: application/octet-stream; name=x.patch",
    "Content-Disposition: attachment; filename*0=a; filename*1=.diff",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable", "Content-Length: 20", "\tfolded",
    ">From x",
)  # fmt: skip

# Whole lines of a body, of a diff, and of sources.
LINES = _raw(
    "", "---", "-- ", "-- >8 --", "--b0", "--b0--", "--b1", "--b 1--", "___________",
    "From x@y Tue Jan  2 03:04:05 2024", "From x", ">From x", "> quoted", ">> >> x",
    "From: B <b@x>", "Subject: inner", "Date: x", "Signed-off-by: A <a@x>",
    'Fixes: 0123456789ab ("x")', "Cc: stable@vger.kernel.org # v5+", "Link: <x",
    "Co-developed-by: A", "base-commit: 0123456789abcdef0123456789abcdef01234567",
    "prerequisite-patch-id: 01", "change-id: x", "[ a: b ]", "diff --git a/x.c b/x.c",
    'diff --git "a/\\303\\244.c" "b/\\303\\244.c"', "diff --git a/x b/y z",
    "diff --cc x", "index 0123..4567,89ab", "@@@ -1 -1 +1 @@@",
    "index 0123456..789abcd 100644", "index 0000000..789abcd", "index 12..34 160000",
    "new file mode 100644", "new file mode 120000", "deleted file mode 100644",
    "old mode 100644", "new mode 100755", "rename from x.c", "rename to y.S",
    "copy from x.c", "copy to y/z.h", "similarity index 90%", "--- a/x.c",
    "+++ b/x.c", "--- /dev/null", "+++ /dev/null",
    "--- a/x.c\t1970-01-01 00:00:00.000 +0000", "Index: x.c", "=======",
    "Binary files a/x and b/x differ", "GIT binary patch",
    "@@ -1,3 +1,4 @@ int f(void)", "@@ -0,0 +1,2 @@", "@@ -1 +0,0 @@", "@@ -1",
    "@@ -1,2 +1,2 @@\n a\n-b\n+c", "\\ No newline at end of file", "+\tif (x) {",
    "-\t}", "+/**\n+ * f - x\n+ * @a: b\n+ */", "+#ifdef X", "+#else", "+#endif",
    "+#define M(a) \\",
    "+static inline int f(struct x *p, int n)\n+{\n+\treturn n;\n+}",
    "+\tgoto out;\n+out:", "+\tspin_lock(&p->lock);", "+\tguard(mutex)(&p->m);",
    "+\tswitch (n) { case 1 ... 3:",
    '+\tasm volatile("mov %0, %1" : "=r" (a) : "r" (b) : "memory");',
    "+SYM_FUNC_START(f)\n+\tpush %rbx\n+\tpop %rbx\n+\tRET\n+SYM_FUNC_END(f)",
    "+.macro m a:req, b=1\n+\tmov \\a, \\b\n+.endm", "+.rept 9\n+.endr",
    "+1:\tjmp 1b", '+config X\n+\tbool "x"\n+\tdepends on Y && (Z || !W)',
    "+EXPORT_SYMBOL_GPL(f);", "+/* \u202e */", '+"\\', "+'", "+/*", "+*/",
    "+((((((((", "+}}}}", "+\x0c", "+\x1b[31m", "+\tint \u0430 = \u200b1;",
    "+\udcff\udcfe", "+// x \\", "+%s%n", "+??/", "+\x00",
)  # fmt: skip

# Words to put anywhere.
VALUES = _raw(
    "\r", "\n\n", "\x00", "\t", "\x0c", "\x0b", "\x1b[2J", "\x85", "\u2028", "\u202e",
    "\ufeff", "\ud7ff", "\U0010ffff", "\udc80", "\udcff", "\u0301", "\u200d",
    "\u3164", "\x7f", "=?utf-8?q?=0A?=", "=?x?b?!?=", "=?utf-8?b?AAAA", "=0A", "=\n",
    "=E2=80=AE", '"', "\\", "(", ")", "<", ">", "[", "]", "{", "}", "/*", "*/", "//",
    "#", "@@", "../", "/", "%", "0x", "1UL << 63", "99999999999999999999", "v99999",
    "1/0", "0/0", "00001/00001", "@x", "<a@b>", ",", ";", ":", "'", "`", "~", "|",
    "&&", "||", "!", "?", "=", "->", "\ufeff", "\udcff\udcfe", "+AGE-", "PATCH",
    "Re: ", "https://x/<y", "\u0130", "return", "if (", "else", "for (;;)", "while (",
    "do {", "goto x;", "sizeof", "struct {", "unlock(", "cpu", "this patch", "_",
    "__init ", "%rax", "$0", "(%rsp)", ".if ", "\\@",
)  # fmt: skip
