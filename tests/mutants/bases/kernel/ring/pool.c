// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/spinlock.h>
#include <linux/rcupdate.h>
#include "pool.h"

/**
 * pool_fill - put a number of slots back
 * @pool: the pool
 * @want: how many slots there ought to be
 *
 * Return: what is missing.
 */
int pool_fill(struct pool *pool, unsigned int want)
{
	unsigned long flags;
	unsigned int have;
	int missing;

	spin_lock_irqsave(&pool->lock, flags);
	have = pool->used;
	if (have < want)
		pool->used = want;
	missing = want - have;
	spin_unlock_irqrestore(&pool->lock, flags);

	return missing;
}

/* Only one slot is taken at a time (the others wait for it). */
static int pool_take_slot(struct pool *pool, unsigned int where, bool quick)
{
	int got = -1;

	spin_lock(&pool->lock);
	if (quick) {
		got = pool->first;
	} else {
		got = pool->last;
		pool->last--;
	}
	pool->seen = where;
	spin_unlock(&pool->lock);

	return got;
}

/**
 * pool_take - take a slot
 * @pool: the pool
 * @where: the slot to begin with
 *
 * See pool_take_slot(), which holds the lock (and never for long).
 */
int pool_take(struct pool *pool, unsigned int where)
{
	bool quick = pool->used > 4;

	if (where > pool->used)
		where = 0;
	return pool_take_slot(pool, where, quick);
}

int pool_count(struct pool_list *list, unsigned int level)
{
	struct pool *pool;
	int count = 0;

	/* The list may change below us (but what is on it stays). */
	rcu_read_lock();
	pool = rcu_dereference(list->head);
	if (pool->used > level)
		count = pool->used;
	count += level;
	rcu_read_unlock();

	return count;
}

void pool_walk(struct pool_list *list, unsigned int level)
{
	struct pool *pool;

	rcu_read_lock();
	pool = rcu_dereference(list->head);
	if (pool)
		pool->seen = level;
	pool_count(list, level);
	rcu_read_unlock();
}

void pool_note(struct pool *pool, unsigned int level)
{
	struct pool_cpu *mine;

	preempt_disable();
	mine = this_cpu_ptr(pool->cpus);
	mine->level = level;
	if (level > 3)
		mine->high++;
	preempt_enable();
}

void pool_forget(struct pool *pool, unsigned int level)
{
	preempt_disable();
	this_cpu_dec(*pool->count);
	if (level)
		this_cpu_inc(*pool->lost);
	preempt_enable();
	pool_fill(pool, level);
}

static void pool_drop(struct pool *pool, unsigned int count, unsigned long mask)
{
	unsigned long flags;

	local_irq_save(flags);
	pool->used -= count;
	if (pool->mask & mask)
		pool->seen = 0;
	local_irq_restore(flags);
}

/* What pool_drop() leaves is kept. */
void pool_drop_all(struct pool *pool, unsigned long mask)
{
	unsigned int count = pool->used;

	pool_drop(pool, count, mask);
	pool->mask = mask;
}

void pool_quiet(struct pool *pool)
{
	local_irq_disable();
	pool->quiet = true;
	pool->seen++;
	local_irq_enable();
}

bool pool_is_big(struct pool *pool, unsigned int level)
{
#ifdef CONFIG_POOL_HUGE
	if (level > 8)
		return true;
#endif
	if (IS_ENABLED(CONFIG_POOL_LARGE) && level > 4)
		return true;
	return pool->used > level;
}
