/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A light reader of JSON text that knows where it is. The parser proper tells
 * positions only for syntax errors; this one finds a value's line after the
 * fact, and takes a file apart so that it need not be in memory as a tree.
 */
#ifndef VS_INVENTORY_SCAN_H
#define VS_INVENTORY_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct vs_scan - a place in a text
 * @at: the next character
 * @end: the end of the text
 * @line: the line that @at is on, from 1
 */
struct vs_scan {
	const char *at;
	const char *end;
	size_t line;
};

/** vs_scan_to() - move on to @at, counting lines */
void vs_scan_to(struct vs_scan *s, const char *at);

/** vs_scan_peek() - the next character that is no white space; 0 at the end */
char vs_scan_peek(struct vs_scan *s);

/** vs_scan_take() - take the next character if it is @c */
bool vs_scan_take(struct vs_scan *s, char c);

/**
 * vs_scan_string() - take a string
 * @s: the place
 * @text: what stands between the quotes, as it is written
 * @len: how many bytes
 *
 * Return: false when there is no string, or it does not end.
 */
bool vs_scan_string(struct vs_scan *s, const char **text, size_t *len);

/**
 * vs_scan_child() - go to a value within a value that is known to be valid
 * @s: at the start of an object or array; then at that of the @n-th member
 *     (of an object: at its key) or element, from 0
 * @n: which
 *
 * Return: false when there are not so many.
 */
bool vs_scan_child(struct vs_scan *s, size_t n);

#endif
