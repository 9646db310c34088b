/* SPDX-License-Identifier: GPL-2.0-or-later */
struct pool {
	spinlock_t lock;
	unsigned int used, seen;
	unsigned long mask;
	int first, last;
	bool quiet;
};
