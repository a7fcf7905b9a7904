/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_WORD_H
#define VS_CORE_WORD_H

#include <stddef.h>

/** VS_WORD() - entry @i of a table of words; "unknown" where it has none */
#define VS_WORD(table, i) \
	vs_word(table, sizeof(table) / sizeof(*(table)), (size_t)(i))

static inline const char *vs_word(const char *const *table, size_t n, size_t i)
{
	return i < n && table[i] ? table[i] : "unknown";
}

#endif
