/* SPDX-License-Identifier: GPL-2.0-only */
/* Failures on request, in kernels that can: the nth thing that may fail. */
#ifndef VSN_TEST_FAULT_H
#define VSN_TEST_FAULT_H

#include <stdbool.h>

/* 0, or a negative errno if this kernel has no fault injection. */
int fault_prepare(void);
/* From now on the nth allocation or copy by this thread fails. */
void fault_arm(unsigned int nth);
/* No more; true if it came to that. */
bool fault_fired(void);

#endif /* VSN_TEST_FAULT_H */
