/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ASM_X86_MIXER_H
#define _ASM_X86_MIXER_H

asmlinkage void mixer_add(struct mixer *to, const struct mixer *more, unsigned int count);
asmlinkage void mixer_clear(struct mixer *to, unsigned int count);
asmlinkage unsigned long mixer_sum(const struct mixer *from, unsigned int count);
asmlinkage int mixer_find(const struct mixer *from, unsigned long what, unsigned int count);

#endif /* _ASM_X86_MIXER_H */
