// SPDX-License-Identifier: GPL-2.0-only
#include "page.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void *bad_pointer(unsigned int number)
{
	static void * const pointers[BAD_POINTERS] = {
		NULL,
		(void *)1,
		/* just above user space, and not canonical */
		(void *)0x00007ffffffff000,
		(void *)0x8000000000000000,
		/* the kernel's map of memory, and its text */
		(void *)0xffff888000001000,
		(void *)0xffffffff81000000,
	};

	return pointers[number];
}

char *page_before_nothing(size_t bytes)
{
	size_t page = getpagesize();
	size_t size = (bytes + page - 1) / page * page;
	char *p;

	p = mmap(NULL, size + page, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p + size, page, PROT_NONE))
		return NULL;
	return p + size - bytes;
}
