// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/optstr.h"
#include "host/props.h"

bool vs_props_open(struct vs_props *p, const char *text, const char *implied)
{
	*p = (struct vs_props){ .text = text, .implied = implied };
	if (*text != '{')
		return true;
	p->text = NULL;
	p->json = json_loads(text, 0, NULL);
	return json_is_object(p->json);
}

char *vs_props_get(const struct vs_props *p, const char *key)
{
	const json_t *value;
	char number[32];

	if (p->text)
		return vs_optstr_get(p->text, key, p->implied);
	value = json_object_get(p->json, key);
	if (json_is_string(value))
		return strdup(json_string_value(value));
	if (json_is_boolean(value))
		return strdup(json_is_true(value) ? "on" : "off");
	if (!json_is_integer(value))
		return NULL;
	snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(value));
	return strdup(number);
}

bool vs_props_is(const struct vs_props *p, const char *key, const char *value)
{
	char *s = vs_props_get(p, key);
	bool is = s && strcmp(s, value) == 0;

	free(s);
	return is;
}

void vs_props_close(struct vs_props *p)
{
	json_decref(p->json);
	p->json = NULL;
}
