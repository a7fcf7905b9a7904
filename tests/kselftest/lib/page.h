/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory whose end is the end of what may be touched. */
#ifndef VSN_TEST_PAGE_H
#define VSN_TEST_PAGE_H

#include <stddef.h>

/* NULL if there is no memory. The page after the last of these is none. */
char *page_before_nothing(size_t bytes);

/* The addresses that no system call may touch, NULL among them. */
#define BAD_POINTERS	6
void *bad_pointer(unsigned int number);

#endif /* VSN_TEST_PAGE_H */
