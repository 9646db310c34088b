/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mixers, by the word.
 */

#include <linux/linkage.h>

SYM_FUNC_START(mixer_add)
	testl	%edx, %edx
	jz	.Ladd_done
	pushq	%rbx
.Ladd_more:
	movq	(%rsi), %rbx
	addq	%rbx, (%rdi)
	addq	$8, %rsi
	addq	$8, %rdi
	decl	%edx
	jnz	.Ladd_more
	popq	%rbx
.Ladd_done:
	RET
SYM_FUNC_END(mixer_add)

SYM_FUNC_START(mixer_clear)
	movl	%esi, %ecx
	xorl	%eax, %eax
	rep stosq
	RET
SYM_FUNC_END(mixer_clear)

SYM_FUNC_START(mixer_sum)
	xorl	%eax, %eax
	testl	%esi, %esi
	jz	.Lsum_done
.Lsum_more:
	addq	(%rdi), %rax
	addq	$8, %rdi
	decl	%esi
	jnz	.Lsum_more
.Lsum_done:
	RET
SYM_FUNC_END(mixer_sum)

SYM_FUNC_START(mixer_find)
	pushq	%r12
	movl	%edx, %r12d
	xorl	%eax, %eax
.Lfind_more:
	cmpq	%rsi, (%rdi)
	je	.Lfind_done
	addq	$8, %rdi
	incl	%eax
	decl	%r12d
	jnz	.Lfind_more
	movl	$-1, %eax
.Lfind_done:
	popq	%r12
	RET
SYM_FUNC_END(mixer_find)

SYM_FUNC_START_LOCAL(mixer_wait)
	movl	$100, %ecx
.Lwait_more:
	pause
	decl	%ecx
	jnz	.Lwait_more
	RET
SYM_FUNC_END(mixer_wait)
