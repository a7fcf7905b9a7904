// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/query.h"
#include "core/name.h"

static int vs_query_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* in place; what was decoded is never longer */
static int vs_query_decode(char *s)
{
	char *to = s;

	for (; *s; s++) {
		int high, low;

		if (*s != '%') {
			*to++ = *s;
			continue;
		}
		high = vs_query_digit(s[1]);
		low = high < 0 ? -1 : vs_query_digit(s[2]);
		if (low < 0)
			return -EINVAL;
		if (!high && !low)
			return -EILSEQ;
		*to++ = high << 4 | low;
		s += 2;
	}
	*to = '\0';
	return 0;
}

static int vs_query_text(char *s)
{
	int ret = vs_query_decode(s);
	uint32_t cp;
	size_t n;

	for (; !ret && *s; s += n) {
		n = vs_utf8_next(s, &cp);
		if (!n)
			ret = -EILSEQ;
	}
	return ret;
}

static int vs_query_path(struct vs_query *q, char *path)
{
	char *part;
	int ret = 0;

	if (*path != '/')
		return -EINVAL;
	path++;
	while (!ret && (part = strsep(&path, "/"))) {
		if (q->n_path == VS_QUERY_SEGMENTS)
			return -E2BIG;
		q->path[q->n_path++] = part;
		ret = vs_query_text(part);
	}
	return ret;
}

static int vs_query_params(struct vs_query *q, char *text)
{
	char *part;
	int ret = 0;

	while (!ret && (part = strsep(&text, "&"))) {
		struct vs_query_param *p = &q->params[q->n_params];
		char *value = part;

		if (!*part)
			continue;
		if (q->n_params == VS_QUERY_PARAMS)
			return -E2BIG;
		q->n_params++;
		strsep(&value, "=");
		p->name = part;
		p->value = value ? value : "";
		ret = vs_query_text(part);
		if (!ret && value)
			ret = vs_query_text(value);
	}
	return ret;
}

int vs_query_parse(struct vs_query *q, const char *uri)
{
	char *params;
	int ret;

	*q = (struct vs_query){ .text = strdup(uri) };
	if (!q->text)
		return -ENOMEM;
	params = q->text;
	strsep(&params, "?");
	ret = vs_query_path(q, q->text);
	return ret ? ret : vs_query_params(q, params);
}

const char *vs_query_get(const struct vs_query *q, const char *name)
{
	for (size_t i = 0; i < q->n_params; i++) {
		if (strcmp(q->params[i].name, name) == 0)
			return q->params[i].value;
	}
	return NULL;
}

void vs_query_free(struct vs_query *q)
{
	free(q->text);
	*q = (struct vs_query){ 0 };
}
