/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_STR_H
#define VS_CORE_STR_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct vs_str - a string with a count of its users
 * @refs: the count
 * @s: the text
 *
 * One name stands in up to three lists and on each vNIC: it is stored once.
 */
struct vs_str {
	uint32_t refs;
	char s[];
};

/**
 * vs_str_get() - a string equal to @s
 * @s: the text
 * @near: shared when equal, which is what one hopes; may be NULL
 *
 * Return: the string with one more user, or NULL when out of memory.
 */
struct vs_str *vs_str_get(const char *s, struct vs_str *near);

/** vs_str_share() - the same string, with one more user */
static inline struct vs_str *vs_str_share(struct vs_str *str)
{
	str->refs++;
	return str;
}

/** vs_str_put() - one user less; NULL is fine */
void vs_str_put(struct vs_str *str);

/** vs_str_is() - is @str the text @s? NULL equals NULL and "" */
bool vs_str_is(const struct vs_str *str, const char *s);

/** vs_str_text() - its text; NULL for NULL */
static inline const char *vs_str_text(const struct vs_str *str)
{
	return str ? str->s : 0;
}

#endif
