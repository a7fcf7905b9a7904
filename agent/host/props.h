/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_HOST_PROPS_H
#define VS_HOST_PROPS_H

#include <jansson.h>
#include <stdbool.h>

/**
 * struct vs_props - the argument of a QEMU option, in either of its forms
 * @text: the key=value form; NULL: it is JSON
 * @implied: the key of a first part without "="
 * @json: the JSON form: an object
 */
struct vs_props {
	const char *text;
	const char *implied;
	json_t *json;
};

/**
 * vs_props_open() - find out the form
 * @p: the properties; close them
 * @text: the argument, which has to live as long
 * @implied: as in struct vs_props
 *
 * Return: true; false: it begins like JSON and is none.
 */
bool vs_props_open(struct vs_props *p, const char *text, const char *implied);

/** vs_props_get() - a property as a string, for free(), or NULL */
char *vs_props_get(const struct vs_props *p, const char *key);

/** vs_props_is() - has the property exactly this value? */
bool vs_props_is(const struct vs_props *p, const char *key, const char *value);

/** vs_props_close() - release them */
void vs_props_close(struct vs_props *p);

#endif
