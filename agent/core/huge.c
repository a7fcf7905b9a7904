// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <sys/mman.h>

#include "core/huge.h"

void *vs_huge_alloc(size_t size)
{
	void *p = aligned_alloc(VS_HUGE_PAGE, size);

	/* it only makes it faster */
	if (p)
		madvise(p, size, MADV_HUGEPAGE);
	return p;
}
