/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_WORD_H
#define VS_CORE_WORD_H

#include <errno.h>
#include <stddef.h>
#include <string.h>

/** VS_WORD() - entry @i of a table of words; "unknown" where it has none */
#define VS_WORD(table, i) \
	vs_word(table, sizeof(table) / sizeof(*(table)), (size_t)(i))

static inline const char *vs_word(const char *const *table, size_t n, size_t i)
{
	return i < n && table[i] ? table[i] : "unknown";
}

/** VS_WORD_FIND() - which entry of a table of words is @s? or -EINVAL */
#define VS_WORD_FIND(table, s) \
	vs_word_find(table, sizeof(table) / sizeof(*(table)), s)

static inline int vs_word_find(const char *const *table, size_t n,
			       const char *s)
{
	for (size_t i = 0; i < n; i++) {
		if (table[i] && strcmp(table[i], s) == 0)
			return i;
	}
	return -EINVAL;
}

#endif
