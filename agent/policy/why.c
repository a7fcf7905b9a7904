// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>

#include "policy/why.h"

int vs_why_not(struct vs_buf *why, int ret, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (why->len)
		return ret;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vs_buf_add(why, text);
	return ret;
}
