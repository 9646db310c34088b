# SPDX-License-Identifier: GPL-2.0-or-later
"""What the seeds are made of: logs, sources, diffs of every kind."""

from __future__ import annotations

OLD = "int ring_size(struct ring *ring)\n{\n\treturn ring->size;\n}\n"
NEW = OLD.replace("{\n", "{\n\tguard(mutex)(&ring->lock);\n\n")
PATH = "kernel/ring.c"
LOG = """\
Reading the size races with ring_grow().

Take the lock.

Fixes: 0123456789ab ("ring: Add it")
Signed-off-by: A Dev <dev@example.org>"""
SOURCE = """\
// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#ifdef CONFIG_RING
/**
 * ring_free - give a ring back
 * @ring: the ring, or NULL
 *
 * Context: any
 */
static void __init ring_free(struct ring *ring, unsigned long flags)
{
    unsigned int cpu;

    if (!ring || !(flags & BIT(3)))
        return;
    spin_lock_irqsave(&ring->lock, flags);
    for_each_possible_cpu(cpu) {
        switch (ring->state[cpu]) {
        case RING_USED:
            kfree(per_cpu_ptr(ring->page, cpu));
            fallthrough;
        default:
            goto out;
        }
    }
    asm volatile("wbinvd\\n\\tmov %0, %%cr3" : : "r" (flags) : "memory");
out:
    spin_unlock_irqrestore(&ring->lock, flags);
}
EXPORT_SYMBOL_GPL(ring_free);
#endif
""".replace("    ", "\t")
ASSEMBLY = """\
/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/linkage.h>

.macro SAVE reg:req, off=8
    movq    \\reg, \\off(%rsp)
.endm

SYM_FUNC_START(ring_jump)
    /*
     * %rdi page
     * %rsi flags
     */
    pushq    %rbx
    testq    $1, %rsi
    jnz    1f
#ifdef CONFIG_RING
    wbinvd
#endif
1:    movl    %edi, %eax
    call    *%rax
    popq    %rbx
    RET
SYM_FUNC_END(ring_jump)
""".replace("    ", "\t")
KCONFIG = """\
config RING
    bool "Ring"
    depends on SMP && (X86 || !ARM)
    help
      Say Y.
""".replace("    ", "\t")
MOVED = """\
diff --git a/kernel/ring.c "b/lib/r\\303\\244ng.c"
similarity index 90%
rename from kernel/ring.c
rename to "lib/r\\303\\244ng.c"
index 0123456..789abcd 100644
--- a/kernel/ring.c
+++ "b/lib/r\\303\\244ng.c"
@@ -1,3 +1,3 @@ int ring_size(struct ring *ring)
 {
-\treturn 0;
+\treturn 1;
 }
diff --git a/x b/x
old mode 100644
new mode 100755
diff --git a/p.png b/p.png
new file mode 100644
index 0000000..789abcd
Binary files /dev/null and b/p.png differ
diff --git a/l b/l
deleted file mode 120000
index 0123456..0000000
--- a/l
+++ /dev/null
@@ -1 +0,0 @@
-x
\\ No newline at end of file
"""
COMBINED = """\
diff --cc kernel/ring.c
index 0123456,789abcd..fedcba9
--- a/kernel/ring.c
+++ b/kernel/ring.c
@@@ -1,2 -1,2 +1,2 @@@
- a
 -b
++c
  d
"""
OLDER = """\
Index: kernel/ring.c
===================================================================
--- kernel/ring.c\t(revision 1)
+++ kernel/ring.c\t2024-01-02 03:04:05.000 +0000
@@ -1,2 +1,2 @@
 int a;
-int b;
+int c;
"""
