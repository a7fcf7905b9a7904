/* SPDX-License-Identifier: GPL-2.0-only */
/* What every fuzz target shares. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/** FUZZ_TRUE() - what must hold; libFuzzer keeps the input that breaks it */
#define FUZZ_TRUE(condition) \
	do { \
		if (!(condition)) \
			abort(); \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
