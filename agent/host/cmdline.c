// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/cmdline.h"

int vs_cmdline_split(struct vs_cmdline *c, const char *text, size_t len)
{
	size_t n = 0;
	char *p;

	*c = (struct vs_cmdline){ 0 };
	for (size_t i = 0; i < len; i++)
		n += !text[i];
	c->text = malloc(len + 1);
	c->argv = calloc(n + 2, sizeof(*c->argv));
	if (!c->text || !c->argv) {
		vs_cmdline_free(c);
		return -ENOMEM;
	}
	memcpy(c->text, text, len);
	c->text[len] = '\0';
	for (p = c->text; p < c->text + len; p += strlen(p) + 1)
		c->argv[c->argc++] = p;
	return 0;
}

void vs_cmdline_free(struct vs_cmdline *c)
{
	free(c->text);
	free(c->argv);
	*c = (struct vs_cmdline){ 0 };
}
