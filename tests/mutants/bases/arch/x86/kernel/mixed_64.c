// SPDX-License-Identifier: GPL-2.0-or-later
#include <asm/fpu/api.h>
#include <asm/mixer.h>

void mixed_add(struct mixer *to, const struct mixer *more, unsigned int count)
{
	kernel_fpu_begin();
	mixer_add(to, more, count);
	if (count > 16)
		mixer_add(to, more + 16, count - 16);
	kernel_fpu_end();
	to->count = count;
}

void mixed_clear(struct mixer *to, unsigned int count)
{
	if (!count)
		return;
	kernel_fpu_begin();
	mixer_clear(to, count);
	to->clean = true;
	kernel_fpu_end();
}

noinstr void mixed_enter(struct mixer *to, unsigned long cr2)
{
	if (to->level > 2)
		to->level = 2;
	to->cr2 = cr2;
	instrumentation_begin();
	mixed_clear(to, 4);
	instrumentation_end();
}

static noinstr bool mixed_fast(struct mixer *to)
{
	bool fast = to->count < 4;

	if (fast)
		to->level++;
	return fast;
}

void mixed_stop(struct mixer *to, unsigned int level)
{
	unsigned int left;

	left = mixed_fast(to) ? 0 : to->count;
	if (to->level > level)
		to->level = level;
	if (to->clean)
		left = 0;
	to->count = left;
	to->stopped = true;
}

int mixed_start(struct mixer *to, unsigned int level)
{
	int was = to->level;

	if (level == was)
		return 0;
	if (to->stopped && level)
		to->stopped = false;
	to->level = level;
	return was;
}
